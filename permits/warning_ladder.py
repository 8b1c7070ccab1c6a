"""The warning ladder: which step a confirmed report comes to, and taking one back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.ending import ReasonMissing
from permits.infringement import InfringementReport
from permits.suspension import Suspension
from permits.vehicles import Vehicle
from permits.warning import CarWarning, WarningStep
from permits.watch_rules import WatchRules, rules_of
from records import ledger
from records.errors import DomainError
from records.message import MessageKind
from records.telling import tell
from zones.communities import Community, hold


class WarningWithdrawn(DomainError):
    """The warning `warning` was taken back already."""

    code: ClassVar[str] = "warning_withdrawn"
    status: ClassVar[int] = 409


class WarningUsed(DomainError):
    """On the warning `warning` a permit is suspended: that is contested, not this."""

    code: ClassVar[str] = "warning_used"
    status: ClassVar[int] = 409


def step_for(count: int, rules: WatchRules) -> WarningStep:
    """Return the step that the count of a car's warnings comes to."""
    if count >= rules.suspension_at:
        return WarningStep.SUSPENSION_PROPOSED
    return WarningStep.WARNING if count >= rules.warning_at else WarningStep.REMINDER


def most_together(times: Iterable[datetime], at: datetime, within: timedelta) -> int:
    """Return how many of some moments and `at` lie together with it in one span of time.

    Reports are not always confirmed in their order, so the span may begin before or after.
    """
    every = [*times, at]
    begins = [one for one in every if at - within < one <= at]
    return max(sum(begin <= one < begin + within for one in every) for begin in begins)


def warn(
    session: Session,
    vehicle: Vehicle,
    report: InfringementReport,
    *,
    actor: str,
    at: datetime,
) -> CarWarning | None:
    """Count a confirmed report for its car, and return the step; None where its day counts already.

    Counted by the plate and by when the car was seen, withdrawn warnings left out.
    """
    community = session.get_one(Community, report.community_id)
    rules = rules_of(session, community.id)
    seen = session.scalars(
        select(CarWarning.seen_at).where(
            CarWarning.community_id == community.id,
            CarWarning.plate == vehicle.plate,
            CarWarning.withdrawn_at.is_(None),
        )
    ).all()
    if community.local_day(report.at) in {community.local_day(one) for one in seen}:
        return None
    count = most_together(seen, report.at, timedelta(days=rules.within_days))
    step = step_for(count, rules)
    warning = CarWarning(
        community_id=community.id,
        vehicle=vehicle,
        report=report,
        plate=vehicle.plate,
        step=step,
        count=count,
        seen_at=report.at,
        at=at,
    )
    session.add(warning)
    session.flush()
    details = {"step": step, "count": count, "letter": vehicle.compound.letter}
    act = ledger.Act("warning.given", f"vehicle:{vehicle.id}", details)
    ledger.append(session, actor, [act], at)
    if step is WarningStep.SUSPENSION_PROPOSED:
        tell(
            session,
            MessageKind.SUSPENSION_PROPOSED,
            f"warning:{warning.id}",
            {"compound": vehicle.compound.letter},
            community_id=community.id,
            actor=actor,
            at=at,
        )
    return warning


def withdraw_warning(
    session: Session, warning: CarWarning, reason: str, *, actor: str, at: datetime
) -> None:
    """Take a warning back: it counts no longer, and what it proposed is off the table.

    Raises:
        WarningWithdrawn: it was before.
        WarningUsed: a permit is suspended on it.
        ReasonMissing: the reason is empty.
    """
    hold(session, warning.community_id, warning)
    if warning.withdrawn_at is not None:
        raise WarningWithdrawn(warning=warning.id)
    used = select(Suspension.id).where(Suspension.warning_id == warning.id)
    if session.scalar(used) is not None:
        raise WarningUsed(warning=warning.id)
    if not reason.strip():
        raise ReasonMissing
    withdraw(warning, reason, at)
    session.flush()
    letter = {"letter": warning.vehicle.compound.letter}
    act = ledger.Act("warning.withdrawn", f"vehicle:{warning.vehicle_id}", letter)
    ledger.append(session, actor, [act], at)


def withdraw(warning: CarWarning, reason: str, at: datetime) -> None:
    """Mark a warning as taken back; who calls enters that in the ledger."""
    warning.withdrawn_at, warning.withdrawn_reason = at, reason.strip()
