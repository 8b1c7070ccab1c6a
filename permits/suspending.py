"""Suspending a permit, contesting that, and deciding on the contest: each act is in the ledger."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.ending import ReasonMissing
from permits.permit import IN_FORCE, Permit
from permits.suspension import Suspension, SuspensionState
from permits.telling import tell_of_suspension
from permits.warning import CarWarning, WarningStep
from permits.warning_ladder import WarningUsed, WarningWithdrawn, withdraw
from permits.watch_rules import rules_of
from records import ledger
from records.errors import DomainError
from records.message import MessageKind
from zones.communities import Community, hold

LONGEST_DAYS = 90
"""More is no suspension any more: then the permit is revoked."""


class NotProposed(DomainError):
    """The warning `warning` proposes no suspension, and without one nobody is suspended."""

    code: ClassVar[str] = "not_proposed"
    status: ClassVar[int] = 409


class NoPermitToSuspend(DomainError):
    """The car has no permit in force."""

    code: ClassVar[str] = "no_permit_to_suspend"
    status: ClassVar[int] = 409


class AlreadySuspended(DomainError):
    """The car is suspended, or waits for the decision on a contest."""

    code: ClassVar[str] = "already_suspended"
    status: ClassVar[int] = 409


class SuspensionTooLong(DomainError):
    """A suspension lasts from one to `limit` days."""

    code: ClassVar[str] = "suspension_too_long"


class NotContestable(DomainError):
    """The suspension is over, lifted, or was contested before."""

    code: ClassVar[str] = "not_contestable"
    status: ClassVar[int] = 409


class NotContested(DomainError):
    """The suspension was not contested, or that is decided."""

    code: ClassVar[str] = "not_contested"
    status: ClassVar[int] = 409


class SuspensionEnded(DomainError):
    """The suspension is over or lifted already."""

    code: ClassVar[str] = "suspension_ended"
    status: ClassVar[int] = 409


def suspend(
    session: Session,
    warning: CarWarning,
    reason: str,
    *,
    days: int,
    actor: str,
    at: datetime,
) -> Suspension:
    """Suspend the permit of a car for which the ladder proposes it, and return the suspension.

    Args:
        days: the present day is the first; it ends at the midnight after the last.

    Raises:
        WarningWithdrawn, WarningUsed, NotProposed: the warning does not carry it.
        AlreadySuspended, NoPermitToSuspend: there is nothing to suspend.
        ReasonMissing: the reason is empty.
        SuspensionTooLong: see `LONGEST_DAYS`.
    """
    community = session.get_one(Community, warning.community_id)
    hold(session, community.id, warning)
    if warning.withdrawn_at is not None:
        raise WarningWithdrawn(warning=warning.id)
    if warning.step != WarningStep.SUSPENSION_PROPOSED:
        raise NotProposed(warning=warning.id)
    before = session.scalars(select(Suspension).where(Suspension.plate == warning.plate)).all()
    if any(one.warning_id == warning.id for one in before):
        raise WarningUsed(warning=warning.id)
    ended = (SuspensionState.LIFTED, SuspensionState.OVER)
    if any(one.community_id == community.id and one.state(at) not in ended for one in before):
        raise AlreadySuspended
    if not reason.strip():
        raise ReasonMissing
    if not 1 <= days <= LONGEST_DAYS:
        raise SuspensionTooLong(limit=LONGEST_DAYS)
    permits = _permits(session, community.id, warning.plate)
    if not permits:
        raise NoPermitToSuspend
    last_day = community.local_day(at) + timedelta(days=days - 1)
    suspension = Suspension(
        community_id=community.id,
        vehicle=permits[-1].vehicle,
        permit=permits[-1],
        warning=warning,
        plate=warning.plate,
        starts=at,
        ends=_after_the_day_of(community, at, days),
        reason=reason.strip(),
    )
    session.add(suspension)
    _tell_gates(session, suspension, suspension.ends)
    details = {"last_day": str(last_day), "count": warning.count}
    _enter(session, "permit.suspended", suspension, actor, at, **details)
    tell_of_suspension(
        session,
        MessageKind.PERMIT_SUSPENDED,
        suspension,
        actor=actor,
        at=at,
        last_day=str(last_day),
    )
    return suspension


def contest(
    session: Session, suspension: Suspension, reason: str, *, actor: str, at: datetime
) -> None:
    """Contest a suspension for its owner, once.

    Where the community's rule says so the permit is good again until staff decide.

    Raises:
        NotContestable: see there.
        ReasonMissing: the reason is empty.
    """
    hold(session, suspension.community_id, suspension)
    if suspension.state(at) is not SuspensionState.STANDS:
        raise NotContestable
    if not reason.strip():
        raise ReasonMissing
    suspension.contested_at, suspension.contest_reason = at, reason.strip()
    pauses = rules_of(session, suspension.community_id).contest_pauses
    if pauses:
        suspension.paused_at = at
        _tell_gates(session, suspension, at)
    _enter(session, "suspension.contested", suspension, actor, at, pauses=pauses)
    letter = suspension.vehicle.compound.letter
    tell_of_suspension(
        session, MessageKind.SUSPENSION_CONTESTED, suspension, actor=actor, at=at, compound=letter
    )


def uphold(
    session: Session, suspension: Suspension, reason: str, *, actor: str, at: datetime
) -> None:
    """Decide that a contested suspension stands; one that was paused goes on for its other days.

    Raises:
        NotContested: see there.
        ReasonMissing: the reason is empty.
    """
    hold(session, suspension.community_id, suspension)
    if suspension.state(at) not in (SuspensionState.CONTESTED, SuspensionState.PAUSED):
        raise NotContested
    if not reason.strip():
        raise ReasonMissing
    community = session.get_one(Community, suspension.community_id)
    if suspension.paused_at is not None:
        # Days that had begun when it was contested were not all used up: they count again.
        other_days = (
            community.local_day(suspension.ends) - community.local_day(suspension.paused_at)
        ).days
        suspension.ends = _after_the_day_of(community, at, other_days)
        suspension.paused_at = None
        _tell_gates(session, suspension, suspension.ends, starts=at)
    suspension.upheld_at, suspension.decision_reason = at, reason.strip()
    last_day = community.local_day(suspension.ends - datetime.resolution)
    _enter(session, "suspension.upheld", suspension, actor, at, last_day=str(last_day))
    tell_of_suspension(
        session,
        MessageKind.SUSPENSION_UPHELD,
        suspension,
        actor=actor,
        at=at,
        last_day=str(last_day),
    )


def lift(
    session: Session, suspension: Suspension, reason: str, *, actor: str, at: datetime
) -> None:
    """End a suspension before its time; the warning that it rests on counts no longer.

    Raises:
        SuspensionEnded: it is over or lifted.
        ReasonMissing: the reason is empty.
    """
    hold(session, suspension.community_id, suspension)
    if suspension.state(at) in (SuspensionState.LIFTED, SuspensionState.OVER):
        raise SuspensionEnded
    if not reason.strip():
        raise ReasonMissing
    suspension.lifted_at, suspension.decision_reason = at, reason.strip()
    suspension.paused_at = None
    withdraw(suspension.warning, reason, at)
    _tell_gates(session, suspension, at)
    _enter(session, "suspension.lifted", suspension, actor, at)
    tell_of_suspension(session, MessageKind.SUSPENSION_LIFTED, suspension, actor=actor, at=at)


def _after_the_day_of(community: Community, at: datetime, days: int) -> datetime:
    """Return the community's midnight so many days after the one that a moment's day began with."""
    day = community.local_day(at) + timedelta(days=days)
    return datetime.combine(day, time(), community.zone_info)


def _permits(session: Session, community_id: int, plate: str) -> list[Permit]:
    return list(
        session.scalars(
            select(Permit)
            .where(
                Permit.community_id == community_id,
                Permit.plate == plate,
                Permit.state.in_(IN_FORCE),
            )
            .order_by(Permit.number)
        )
    )


def _tell_gates(
    session: Session,
    suspension: Suspension,
    until: datetime,
    *,
    starts: datetime | None = None,
) -> None:
    """Write to the car's permit from when until when gates refuse it.

    What was refused before stays so: a pass of the past is decided as it stood then.
    """
    for permit in _permits(session, suspension.community_id, suspension.plate):
        permit.suspended_from = starts or suspension.starts
        permit.suspended_until = until
    session.flush()


def _enter(
    session: Session,
    act: str,
    suspension: Suspension,
    actor: str,
    at: datetime,
    **details: object,
) -> None:
    session.flush()
    # What anybody writes as a reason may name a person, so the ledger does not hold it.
    serial = suspension.permit.serial
    entry = ledger.Act(act, f"permit:{serial}", {"letter": serial[0], **details})
    ledger.append(session, actor, [entry], at)
