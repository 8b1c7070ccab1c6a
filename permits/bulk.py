"""Doing one thing to many permits or cars, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from permits.bulk_act import (
    MOST_AT_ONCE,
    BulkAct,
    BulkKind,
    CarRemovedAlready,
    NothingChosen,
    TooManyChosen,
)
from permits.changes import mark, stamp
from permits.ending import ReasonMissing, end_permits
from permits.issuing import hand_over
from permits.permit import IN_FORCE, Permit, PermitState, WrongPermitState
from permits.vehicles import Vehicle, VehicleState
from records import ledger
from zones.communities import Community, hold


def hand_over_many(
    session: Session, community: Community, permits: Sequence[Permit], *, actor: str, at: datetime
) -> BulkAct:
    """Mark permits as handed over to their owners.

    Raises:
        NothingChosen, TooManyChosen: it is too few or too many.
        WrongPermitState: one is not printed, or was handed over before, or has ended.
    """
    _require_number(permits)
    hold(session, community.id, *permits)
    for permit in permits:
        if permit.state != PermitState.PRINTED:
            raise WrongPermitState(serial=permit.serial, state=permit.state)
    hand_over(session, list(permits), actor=actor, at=at)
    return _keep(session, community, BulkKind.HAND_OVER, actor, at, permits=permits)


def revoke_many(
    session: Session,
    community: Community,
    permits: Sequence[Permit],
    reason: str,
    *,
    actor: str,
    at: datetime,
) -> BulkAct:
    """Revoke permits in force; every gate refuses them from now on.

    Raises:
        NothingChosen, TooManyChosen: it is too few or too many.
        WrongPermitState: one has ended already.
        ReasonMissing: the reason is empty.
    """
    _require_number(permits)
    hold(session, community.id, *permits)
    for permit in permits:
        if permit.state not in IN_FORCE:
            raise WrongPermitState(serial=permit.serial, state=permit.state)
    ended = _end(session, [one.vehicle_id for one in permits], reason, actor, at)
    stamp(session, ledger.head(session))
    return _keep(session, community, BulkKind.REVOKE, actor, at, permits=ended)


def remove_many(
    session: Session,
    community: Community,
    vehicles: Sequence[Vehicle],
    reason: str,
    *,
    actor: str,
    at: datetime,
) -> BulkAct:
    """Take cars out of the register; their permits are revoked.

    Raises:
        NothingChosen, TooManyChosen: it is too few or too many.
        CarRemovedAlready: one has left already.
        ReasonMissing: the reason is empty.
    """
    _require_number(vehicles)
    hold(session, community.id, *vehicles)
    for car in vehicles:
        if car.state != VehicleState.ACTIVE:
            raise CarRemovedAlready(plate=car.plate)
    ended = _end(session, [one.id for one in vehicles], reason, actor, at)
    for car in vehicles:
        car.state, car.removed_at = VehicleState.REMOVED, at
        mark(car)
    session.flush()
    acts = [
        ledger.Act("vehicle.removed", f"vehicle:{one.id}", {"letter": one.compound.letter})
        for one in vehicles
    ]
    stamp(session, ledger.append(session, actor, acts, at))
    return _keep(session, community, BulkKind.REMOVE, actor, at, permits=ended, vehicles=vehicles)


def _require_number(chosen: Sequence[object]) -> None:
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST_AT_ONCE:
        raise TooManyChosen(limit=MOST_AT_ONCE)


def _end(
    session: Session, vehicle_ids: Sequence[int], reason: str, actor: str, at: datetime
) -> list[Permit]:
    if not reason.strip():
        raise ReasonMissing
    return end_permits(
        session, vehicle_ids, PermitState.REVOKED, reason.strip(), actor=actor, at=at
    )


def _keep(
    session: Session,
    community: Community,
    kind: BulkKind,
    actor: str,
    at: datetime,
    *,
    permits: Sequence[Permit],
    vehicles: Sequence[Vehicle] = (),
) -> BulkAct:
    kept = BulkAct(
        community_id=community.id,
        kind=kind,
        actor=actor,
        at=at,
        vehicle_ids=[one.id for one in vehicles],
        permit_ids=[one.id for one in permits],
    )
    session.add(kept)
    session.flush()
    return kept
