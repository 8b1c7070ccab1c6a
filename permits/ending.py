"""Ending permits: revoked by the office, replaced by a newer one, or expired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.changes import mark, stamp
from permits.permit import IN_FORCE, Permit, PermitState, WrongPermitState
from records import ledger
from records.batches import batches
from records.errors import DomainError
from zones.communities import Community, hold


class ReasonMissing(DomainError):
    """The act needs a reason, which those whom it touches will read."""

    code: ClassVar[str] = "reason_missing"


def revoke(session: Session, permit: Permit, reason: str, *, actor: str, at: datetime) -> None:
    """Revoke a permit in force, with those that are good beside it; every gate refuses them now.

    Raises:
        WrongPermitState: it has ended already.
        ReasonMissing: the reason is empty.
    """
    hold(session, permit.community_id, permit)
    if permit.state not in IN_FORCE:
        raise WrongPermitState(serial=permit.serial, state=permit.state)
    if not reason.strip():
        raise ReasonMissing
    ended = [permit, *_beside(session, [permit], at)]
    _end(ended, PermitState.REVOKED, reason.strip(), at)
    stamp(session, _enter(session, ended, actor, at))


def end_permits(
    session: Session,
    vehicle_ids: Sequence[int],
    state: PermitState,
    reason: str,
    *,
    actor: str,
    at: datetime,
) -> list[Permit]:
    """End what is good for some vehicles, and return it; the caller stamps the change."""
    permits = list(
        session.scalars(
            select(Permit)
            .where(Permit.vehicle_id.in_(vehicle_ids), Permit.state.in_(IN_FORCE))
            .order_by(Permit.number)
        )
    )
    permits += _beside(session, permits, at)
    _end(permits, state, reason, at)
    _enter(session, permits, actor, at)
    return permits


def expire(session: Session, community: Community, *, actor: str, at: datetime) -> int:
    """Mark every permit whose last day is over as expired, and return how many.

    The gate goes by the days themselves; this keeps counts and pages true.
    """
    hold(session, community.id)
    permits = list(
        session.scalars(
            select(Permit)
            .where(
                Permit.community_id == community.id,
                Permit.state.in_(IN_FORCE),
                Permit.valid_to < community.local_day(at),
            )
            .order_by(Permit.number)
        )
    )
    if permits:
        _end(permits, PermitState.EXPIRED, "valid_to_passed", at)
        stamp(session, _enter(session, permits, actor, at))
    return len(permits)


def retire(
    session: Session, permits: Sequence[Permit], reason: str, *, actor: str, at: datetime
) -> ledger.Head:
    """End permits that give way to another: that one has replaced them from now on."""
    _end(permits, PermitState.REPLACED, reason, at)
    for permit in permits:
        permit.replaced_by_id = permit.gives_way_to_id
    session.flush()
    acts = [
        ledger.Act(
            "permit.replaced",
            f"permit:{permit.serial}",
            {"letter": permit.serial[0], "by": permit.replaced_by.serial},
        )
        for permit in permits
        if permit.replaced_by is not None
    ]
    return ledger.append(session, actor, acts, at)


def good_again(
    session: Session, permits: Sequence[Permit], handed_over_at: datetime | None
) -> list[ledger.Act]:
    """Let be good again what permits replaced when they were handed over, which is undone.

    Returns:
        the acts for the ledger; the caller stamps the change.
    """
    acts = []
    for batch in batches(permit.id for permit in permits):
        replaced = select(Permit).where(
            Permit.gives_way_to_id.in_(batch), Permit.ended_at == handed_over_at
        )
        for one in session.scalars(replaced.order_by(Permit.number)):
            one.state = PermitState.HANDED_OVER if one.handed_over_at else PermitState.PRINTED
            one.ended_at = one.end_reason = one.replaced_by_id = None
            mark(one)
            details = {"letter": one.serial[0]}
            acts.append(ledger.Act("permit.good_again", f"permit:{one.serial}", details))
    return acts


def giving_way_to(session: Session, ids: Iterable[int]) -> list[Permit]:
    """Return the permits in force that give way to these, the lowest number first."""
    found: list[Permit] = []
    for batch in batches(ids):
        query = select(Permit).where(Permit.gives_way_to_id.in_(batch), Permit.state.in_(IN_FORCE))
        found += session.scalars(query.order_by(Permit.number))
    return found


def _beside(session: Session, permits: Sequence[Permit], at: datetime) -> list[Permit]:
    """Return what is good beside permits: until they are handed over, or until a day to come."""
    ids = {permit.id for permit in permits}
    found = [one for one in giving_way_to(session, ids) if one.id not in ids]
    for batch in batches(ids):
        leaving = select(Permit).where(Permit.replaced_by_id.in_(batch), Permit.ended_at > at)
        found += session.scalars(leaving.order_by(Permit.number))
    return found


def _end(permits: Sequence[Permit], state: PermitState, reason: str, at: datetime) -> None:
    for permit in permits:
        permit.state, permit.end_reason, permit.ended_at = state, reason[:200], at
        mark(permit)


def _enter(session: Session, permits: Sequence[Permit], actor: str, at: datetime) -> ledger.Head:
    session.flush()
    acts = [
        # What staff write as a reason may name a person, so the ledger does not hold it.
        ledger.Act(
            f"permit.{permit.state}", f"permit:{permit.serial}", {"letter": permit.serial[0]}
        )
        for permit in permits
    ]
    return ledger.append(session, actor, acts, at)
