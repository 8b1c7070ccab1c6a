"""Deciding a representative's request: granting does the act, refusing says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits.allotting import WhyNoRoom
from permits.binding import take_along
from permits.changes import stamp
from permits.ending import ReasonMissing
from permits.issuing import replace
from permits.leaving import end_vehicles
from permits.limits import room
from permits.making import Maker, Wanted, issued_act
from permits.permit import Permit, PermitState, counted
from permits.plates import Plate, PlateKind, canonical
from permits.request import CarRequest, RequestDecided, RequestKind, RequestState
from permits.requesting import CarNotHere, close, require_free
from permits.vehicles import Household, Vehicle, VehicleState
from permits.waiting import NoPlaceFree, close_claims
from records import ledger
from records.errors import DomainError
from records.keys import KeyStore
from zones.communities import Community, Compound, hold


class FlatFull(DomainError):
    """The flat has `count` cars; the limit is `quota`."""

    code: ClassVar[str] = "flat_full"
    status: ClassVar[int] = 409


class CarSuspended(DomainError):
    """The permit of the car `plate` is suspended: another plate must not be a way around that."""

    code: ClassVar[str] = "car_suspended"
    status: ClassVar[int] = 409


def grant(
    session: Session, asked: CarRequest, *, keys: KeyStore, actor: str, at: datetime
) -> Permit | None:
    """Do what a request asks for, and return the permit that is to be printed, if any.

    Args:
        keys: where the private half of the signing key is.

    Raises:
        RequestDecided: it is not open.
        WrongPermitState: the lost permit has ended meanwhile.
        CarNotHere: the car has left meanwhile.
        PlateTaken: somebody has the plate meanwhile.
        FlatFull: the household has as many cars as the compound allows.
        NoPlaceFree: the compound's other limits leave no place for the car.
        CarSuspended: see there.
        NoSigningKey, KeyMissing, KeyTooOpen: there is no key to sign with.
    """
    hold(session, asked.community_id, asked)
    if asked.state != RequestState.OPEN:
        raise RequestDecided(number=asked.id)
    made: Permit | None = None
    match asked.kind:
        case RequestKind.LOST_PERMIT:
            lost = session.get_one(Permit, asked.permit_id)
            made = replace(session, lost, f"{asked.why}", keys=keys, actor=actor, at=at)
        case RequestKind.PLATE_CHANGE:
            made = _change_plate(session, asked, keys, actor=actor, at=at)
        case RequestKind.SECOND_CAR:
            made = _add_car(session, asked, keys, actor=actor, at=at)
        case _:
            end_vehicles(session, _leaving(session, asked), "moved_out", actor=actor, at=at)
    asked.made = made
    details = {"by": made.serial} if made else {}
    stamp(session, close(session, asked, RequestState.GRANTED, actor=actor, at=at, **details))
    return made


def refuse(session: Session, asked: CarRequest, reason: str, *, actor: str, at: datetime) -> None:
    """Refuse a request; its representative reads the reason.

    Raises:
        RequestDecided: it is not open.
        ReasonMissing: the reason is empty.
    """
    hold(session, asked.community_id, asked)
    if not reason.strip():
        raise ReasonMissing
    close(session, asked, RequestState.REFUSED, actor=actor, at=at)
    asked.reason = reason.strip()[:500]


def cars_of(session: Session, household: Household) -> int:
    """Return how many cars a household has."""
    query = select(func.count()).where(
        Vehicle.household_id == household.id, Vehicle.state == VehicleState.ACTIVE
    )
    return session.scalar(query) or 0


def _present_car(session: Session, asked: CarRequest) -> Vehicle:
    vehicle = session.get_one(Vehicle, asked.vehicle_id, populate_existing=True)
    if vehicle.state != VehicleState.ACTIVE:
        raise CarNotHere(plate=canonical(vehicle.plate).shown)
    return vehicle


def _leaving(session: Session, asked: CarRequest) -> list[int]:
    if asked.household_id is None:
        return [_present_car(session, asked).id]
    query = select(Vehicle.id).where(
        Vehicle.household_id == asked.household_id, Vehicle.state == VehicleState.ACTIVE
    )
    return list(session.scalars(query.order_by(Vehicle.id)))


def _change_plate(
    session: Session, asked: CarRequest, keys: KeyStore, *, actor: str, at: datetime
) -> Permit | None:
    """Let a car with the new plate take the old one's place, and its permit's other days.

    It is a row of its own: a pass of the past is decided by the plate that the car had then.
    """
    old = _present_car(session, asked)
    community = session.get_one(Community, asked.community_id)
    plate = canonical(asked.plate or "")
    require_free(session, old.compound, plate)
    before = session.scalar(select(Permit).where(Permit.vehicle_id == old.id, counted()))
    if before and before.suspended_until and before.suspended_until > at:
        raise CarSuspended(plate=canonical(old.plate).shown)
    end_vehicles(session, [old.id], "plate_changed", state=PermitState.REPLACED, actor=actor, at=at)
    new = Vehicle(
        community_id=old.community_id,
        compound=old.compound,
        household=old.household,
        plate=plate.text,
        kind=plate.kind,
        owner_sealed=old.owner_sealed,
        phone_sealed=old.phone_sealed,
        details_digest=old.details_digest,
        owner_index=old.owner_index,
        phone_index=old.phone_index,
        added_at=at,
    )
    session.add(new)
    session.flush()
    take_along(session, old, new)
    today = community.local_day(at)
    if before is None or before.valid_to < today or not _needs_permit(plate.kind):
        return None
    made = _issue(session, new, community, keys, actor=actor, at=at, last=before)
    before.replaced_by = made
    return made


def _add_car(
    session: Session, asked: CarRequest, keys: KeyStore, *, actor: str, at: datetime
) -> Permit | None:
    community = session.get_one(Community, asked.community_id)
    household = session.get_one(Household, asked.household_id)
    plate = canonical(asked.plate or "")
    require_free(session, asked.compound, plate)
    is_named = asked.owner_sealed is not None and asked.phone_sealed is not None
    resident = asked.details_digest if is_named else None
    require_room(session, asked.compound, household, plate, resident)
    vehicle = Vehicle(
        community_id=asked.community_id,
        compound=asked.compound,
        household=household,
        plate=plate.text,
        kind=plate.kind,
        owner_sealed=asked.owner_sealed,
        phone_sealed=asked.phone_sealed,
        details_digest=asked.details_digest,
        added_at=at,
    )
    session.add(vehicle)
    session.flush()
    close_claims(session, asked.community_id, at)
    asked.vehicle = vehicle
    if not _needs_permit(plate.kind):
        return None
    return _issue(session, vehicle, community, keys, actor=actor, at=at)


def require_room(
    session: Session,
    compound: Compound,
    household: Household,
    plate: Plate,
    resident: bytes | None,
) -> None:
    """Accept one more car of a household, if the compound's limits leave it a place.

    Args:
        resident: as `permits.limits.Limits.unit` takes it.

    Raises:
        FlatFull, NoPlaceFree: they do not.
    """
    why = room(session, compound, household.key, resident, plate=plate.text)
    if why is WhyNoRoom.HOUSEHOLD_FULL:
        quota = compound.vehicles_per_household
        raise FlatFull(count=cars_of(session, household), quota=quota)
    if why is not None:
        raise NoPlaceFree(plate=plate.shown)


def _needs_permit(kind: PlateKind) -> bool:
    return kind not in (PlateKind.MILITARY, PlateKind.ARMED_POLICE)


def _issue(
    session: Session,
    vehicle: Vehicle,
    community: Community,
    keys: KeyStore,
    *,
    actor: str,
    at: datetime,
    last: Permit | None = None,
) -> Permit:
    """Issue a vehicle's permit, for as long as the last one would have lasted."""
    today = community.local_day(at)
    valid_to = last.valid_to if last else today + timedelta(days=community.permit_days - 1)
    maker = Maker(session, community, keys, at)
    made = maker.add(Wanted.of(vehicle.id, vehicle.plate, vehicle.compound, today, valid_to))
    act = issued_act(made.serial, made.valid_from, made.valid_to, maker.key_id)
    ledger.append(session, actor, [act], at)
    return made
