"""Undoing the last bulk act of a person, while nothing that rests on it has changed.

The ledger keeps both: what was done, and that it was undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.allotting import Claim, allot
from permits.bulk_act import BulkAct, BulkKind, NotYourLastAct, UndoTooLate, last_bulk_act
from permits.changes import mark, stamp
from permits.ending import good_again
from permits.limits import RESIDENT, limits_of, taken_of
from permits.permit import Permit, PermitState
from permits.vehicles import Vehicle, VehicleState
from records import ledger
from zones.communities import Community, Compound, hold

_Row = TypeVar("_Row", Permit, Vehicle)

NAMED = 3
"""Things that are named when it is too late."""


def undo(session: Session, community: Community, act: BulkAct, *, actor: str, at: datetime) -> None:
    """Undo a bulk act, all of it or nothing.

    A revoked permit is good again at every gate, in the state in which it was.

    Raises:
        NotYourLastAct: it is not this person's last bulk act, or it was undone.
        UndoTooLate: a permit or a car is not as the act left it, another permit was issued for
            the car meanwhile, its plate is registered anew, or there is no place for it any more.
    """
    hold(session, community.id, act)
    if last_bulk_act(session, community, actor) is not act:
        raise NotYourLastAct
    permits = _fresh(session, Permit, act.permit_ids)
    vehicles = _fresh(session, Vehicle, act.vehicle_ids)
    if act.kind == BulkKind.HAND_OVER:
        entries = _take_back(session, permits, act)
    else:
        returning = _bring_back(session, vehicles, act)
        today = community.local_day(at)
        entries = [*returning, *_reinstate(session, permits, act, today)]
    act.undone_at = at
    session.flush()
    stamp(session, ledger.append(session, actor, entries, at))


def _fresh(session: Session, model: type[_Row], ids: Sequence[int]) -> list[_Row]:
    query = select(model).where(model.id.in_(ids)).order_by(model.id)
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def _refuse_if(things: Iterable[str]) -> None:
    changed = list(things)
    if changed:
        raise UndoTooLate(things=changed[:NAMED])


def _take_back(session: Session, permits: Sequence[Permit], act: BulkAct) -> list[ledger.Act]:
    _refuse_if(
        one.serial
        for one in permits
        if one.state != PermitState.HANDED_OVER or one.handed_over_at != act.at
    )
    entries = good_again(session, permits, act.at)
    for one in permits:
        one.state, one.handed_over_at = PermitState.PRINTED, None
    return [
        *(
            ledger.Act("permit.taken_back", f"permit:{one.serial}", {"letter": one.serial[0]})
            for one in permits
        ),
        *entries,
    ]


def _reinstate(
    session: Session, permits: Sequence[Permit], act: BulkAct, today: date
) -> list[ledger.Act]:
    others = _newest_others(session, permits)
    _refuse_if(
        one.serial
        for one in permits
        if one.state != PermitState.REVOKED
        or one.ended_at != act.at
        or one.valid_to < today
        or others.get(one.vehicle_id, 0) > one.number
        or one.vehicle.state != VehicleState.ACTIVE
    )
    for one in permits:
        one.state, one.end_reason, one.ended_at = _state_before(one), None, None
        mark(one)
    return [
        ledger.Act("permit.reinstated", f"permit:{one.serial}", {"letter": one.serial[0]})
        for one in permits
    ]


def _state_before(permit: Permit) -> PermitState:
    if permit.handed_over_at is not None:
        return PermitState.HANDED_OVER
    return PermitState.PRINTED if permit.printed_at is not None else PermitState.ISSUED


def _newest_others(session: Session, permits: Sequence[Permit]) -> dict[int, int]:
    """Return the number of each car's newest permit beside these."""
    found = session.execute(
        select(Permit.vehicle_id, Permit.number)
        .where(
            Permit.vehicle_id.in_([one.vehicle_id for one in permits]),
            Permit.id.not_in([one.id for one in permits]),
        )
        .order_by(Permit.number)
    )
    return dict(found.all())


def _bring_back(session: Session, vehicles: Sequence[Vehicle], act: BulkAct) -> list[ledger.Act]:
    """Bring cars back into the register, where nobody has taken their places."""
    plates = [one.plate for one in vehicles]
    registered = select(Vehicle.plate).where(
        Vehicle.community_id == act.community_id,
        Vehicle.plate.in_(plates),
        Vehicle.state == VehicleState.ACTIVE,
    )
    anew = set(session.scalars(registered))
    _refuse_if(
        one.plate
        for one in vehicles
        if one.state != VehicleState.REMOVED or one.removed_at != act.at or one.plate in anew
    )
    for compound in {one.compound for one in vehicles}:
        _refuse_if(
            _without_place(session, compound, [one for one in vehicles if one.compound is compound])
        )
    for one in vehicles:
        one.state, one.removed_at = VehicleState.ACTIVE, None
        mark(one)
    session.flush()
    return [
        ledger.Act("vehicle.restored", f"vehicle:{one.id}", {"letter": one.compound.letter})
        for one in vehicles
    ]


def _without_place(session: Session, compound: Compound, vehicles: Sequence[Vehicle]) -> list[str]:
    limits = limits_of(session, compound)
    residents: dict[int, bytes | None] = dict(
        session.execute(
            select(Vehicle.id, RESIDENT).where(Vehicle.id.in_([one.id for one in vehicles]))
        ).all()
    )
    claims = [
        Claim(
            one.plate,
            limits.unit(one.household.key if one.household else ("", "", ""), residents[one.id]),
        )
        for one in vehicles
    ]
    return list(allot(limits, taken_of(session, compound, limits), claims).without)
