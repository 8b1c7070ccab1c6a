"""A car that moves to another compound on a day: the old colour ends as the new one begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.changes import mark, stamp
from permits.granting import require_room
from permits.households_text import parse_household
from permits.making import Maker, Wanted, issued_act
from permits.permit import IN_FORCE, Permit, PermitState
from permits.plates import canonical
from permits.requesting import CarNotHere, FlatMissing
from permits.vehicles import Household, Vehicle, VehicleState
from permits.waiting import close_claims
from records import ledger
from records.errors import DomainError
from records.keys import KeyStore
from zones.communities import Community, Compound, hold

FURTHEST_AHEAD = timedelta(days=92)
"""How long before its day a move can be entered."""


class MoveDayWrong(DomainError):
    """The day of a move is past, or more than `days` days ahead."""

    code: ClassVar[str] = "move_day_wrong"


class MovesAlready(DomainError):
    """The car `plate` moves on a day to come, or lives in that compound already."""

    code: ClassVar[str] = "moves_already"
    status: ClassVar[int] = 409


def move_car(
    session: Session,
    vehicle: Vehicle,
    compound: Compound,
    *,
    household: str,
    day: date,
    keys: KeyStore,
    actor: str,
    at: datetime,
) -> Permit:
    """Move a car to a flat of another compound on a day, and return its permit from that day on.

    Until then the old permit is good, from then on the new one, at every gate and without any
    further act; the new one can be printed at once. Who reads the register finds the car with its
    new compound from now on.

    Args:
        household: as people write it, `3-2-501`.
        day: the first one in the new compound, by the community's calendar.

    Raises:
        CarNotHere: the car has left.
        MovesAlready, MoveDayWrong: see there.
        FlatFull, NoPlaceFree: the compound has no place for the car.
        FlatMissing: no flat is named.
        NoSigningKey, KeyMissing, KeyTooOpen: there is no key to sign with.
    """
    community = session.get_one(Community, vehicle.community_id)
    hold(session, community.id, vehicle)
    shown = canonical(vehicle.plate).shown
    if vehicle.state != VehicleState.ACTIVE:
        raise CarNotHere(plate=shown)
    if vehicle.added_at > at or vehicle.compound_id == compound.id:
        raise MovesAlready(plate=shown)
    today = community.local_day(at)
    if not today <= day <= today + FURTHEST_AHEAD:
        raise MoveDayWrong(days=FURTHEST_AHEAD.days)
    flat = _flat(session, compound, household)
    is_named = vehicle.owner_sealed is not None and vehicle.phone_sealed is not None
    resident = vehicle.details_digest if is_named else None
    require_room(session, compound, flat, canonical(vehicle.plate), resident)
    moment = at if day == today else datetime.combine(day, time(), community.zone_info)
    maker = Maker(session, community, keys, at)
    old = _leave(session, vehicle, moment)
    new = Vehicle(
        community_id=vehicle.community_id,
        compound=compound,
        household=flat,
        plate=vehicle.plate,
        kind=vehicle.kind,
        owner_sealed=vehicle.owner_sealed,
        phone_sealed=vehicle.phone_sealed,
        details_digest=vehicle.details_digest,
        added_at=moment,
    )
    session.add(new)
    session.flush()
    close_claims(session, community.id, at)
    lasts = day + timedelta(days=community.permit_days - 1)
    valid_to = max((one.valid_to for one in old if one.valid_to >= day), default=lasts)
    made = maker.add(Wanted.of(new.id, new.plate, compound, day, valid_to))
    for one in old:
        one.replaced_by = made
    moved = {"letter": vehicle.compound.letter, "to": compound.letter, "first_day": str(day)}
    acts = [
        ledger.Act("vehicle.moved", f"vehicle:{new.id}", moved),
        *(
            ledger.Act(
                "permit.replaced",
                f"permit:{one.serial}",
                {"letter": one.serial[0], "by": made.serial},
            )
            for one in old
        ),
        issued_act(made.serial, made.valid_from, made.valid_to, maker.key_id),
    ]
    session.flush()
    stamp(session, ledger.append(session, actor, acts, at))
    return made


def _flat(session: Session, compound: Compound, text: str) -> Household:
    parts = parse_household(text)._asdict()
    if not parts["room"]:
        raise FlatMissing
    flat = session.scalar(select(Household).filter_by(compound_id=compound.id, **parts))
    return flat or Household(compound_id=compound.id, **parts)


def _leave(session: Session, vehicle: Vehicle, moment: datetime) -> list[Permit]:
    """Let a car and its permits end at a moment, which may be to come."""
    query = select(Permit).where(Permit.vehicle_id == vehicle.id, Permit.state.in_(IN_FORCE))
    permits = list(session.scalars(query.order_by(Permit.number)))
    for one in permits:
        one.state, one.ended_at = PermitState.REPLACED, moment
        one.end_reason = "moved_to_other_compound"
        mark(one)
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, moment
    mark(vehicle)
    session.flush()
    return permits
