"""Asking the office: a lost permit, another plate, a second car, moving out."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from permits.households_text import parse_household
from permits.permit import IN_FORCE, Permit
from permits.plates import Plate, canonical
from permits.request import CarRequest, RequestDecided, RequestKind, RequestState, WhyLost
from permits.vehicles import Household, Vehicle, VehicleState
from records import ledger
from records.errors import DomainError
from records.message import MessageKind
from records.sealed import Sealer
from records.telling import tell
from zones.communities import Compound, hold


class CarNotHere(DomainError):
    """The compound has no car with this `plate`."""

    code: ClassVar[str] = "car_not_here"
    status: ClassVar[int] = 404


class CarHasNoPermit(DomainError):
    """The car `plate` has no permit that could be lost."""

    code: ClassVar[str] = "car_has_no_permit"
    status: ClassVar[int] = 409


class PlateTaken(DomainError):
    """The car `plate` is registered already."""

    code: ClassVar[str] = "plate_taken"
    status: ClassVar[int] = 409


class FlatMissing(DomainError):
    """The request needs a flat: building, unit or room."""

    code: ClassVar[str] = "flat_missing"


class AskedAlready(DomainError):
    """The open request `number` asks for something for the same car or plate."""

    code: ClassVar[str] = "asked_already"
    status: ClassVar[int] = 409


_TOLD = {
    RequestState.GRANTED: MessageKind.REQUEST_GRANTED,
    RequestState.REFUSED: MessageKind.REQUEST_REFUSED,
}
"""What of a request its compound's representatives are told."""


def car_of(session: Session, compound: Compound, text: str) -> Vehicle:
    """Return a compound's car by its plate as somebody types it.

    Raises:
        PlateError: the text is no plate.
        CarNotHere: the compound has no such car.
    """
    plate = canonical(text)
    found = session.scalar(_with_plate(compound, plate).where(Vehicle.compound_id == compound.id))
    if found is None:
        raise CarNotHere(plate=plate.shown)
    return found


def ask_for_new_card(
    session: Session, vehicle: Vehicle, why: WhyLost, *, actor: str, at: datetime
) -> CarRequest:
    """Ask for a new card for a lost, stolen or damaged one, and return the request.

    Raises:
        CarHasNoPermit: the car has none in force.
        AskedAlready: see there.
    """
    hold(session, vehicle.community_id, vehicle)
    permit = session.scalar(
        select(Permit)
        .where(Permit.vehicle_id == vehicle.id, Permit.state.in_(IN_FORCE))
        # What the owner has is what can be lost: perhaps a card whose successor waits.
        .order_by(
            Permit.handed_over_at.is_(None),
            Permit.gives_way_to_id.is_not(None),
            Permit.number.desc(),
        )
        .limit(1)
    )
    if permit is None:
        raise CarHasNoPermit(plate=canonical(vehicle.plate).shown)
    return _ask(
        session,
        vehicle.compound,
        CarRequest(kind=RequestKind.LOST_PERMIT, vehicle=vehicle, permit=permit, why=why),
        actor=actor,
        at=at,
    )


def ask_for_other_plate(
    session: Session, vehicle: Vehicle, text: str, *, actor: str, at: datetime
) -> CarRequest:
    """Ask that a household's car gets another plate, and return the request.

    Raises:
        PlateError: the new plate is none.
        PlateTaken: a car with it is registered already, here or elsewhere.
        AskedAlready: see there.
    """
    hold(session, vehicle.community_id, vehicle)
    plate = _free_plate(session, vehicle.compound, text)
    asked = CarRequest(kind=RequestKind.PLATE_CHANGE, vehicle=vehicle, plate=plate.text)
    return _ask(session, vehicle.compound, asked, actor=actor, at=at)


def ask_to_leave(
    session: Session, vehicle: Vehicle, *, with_all: bool, actor: str, at: datetime
) -> CarRequest:
    """Tell that a car leaves, and return the request.

    Args:
        with_all: the whole household moves out, so that its other cars leave with this one.

    Raises:
        FlatMissing: the whole household is meant, and the car has none.
        AskedAlready: see there.
    """
    hold(session, vehicle.community_id, vehicle)
    if with_all and vehicle.household is None:
        raise FlatMissing
    household = vehicle.household if with_all else None
    asked = CarRequest(kind=RequestKind.MOVING_OUT, vehicle=vehicle, household=household)
    return _ask(session, vehicle.compound, asked, actor=actor, at=at)


def ask_for_second_car(
    session: Session,
    compound: Compound,
    *,
    household: str,
    plate: str,
    owner: str,
    phone: str,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> CarRequest:
    """Ask for another car of a household, and return the request.

    Args:
        household: as people write it, `3-2-501`.
        owner, phone: may be empty.

    Raises:
        PlateError, PlateTaken: the plate is none, or it is registered already.
        FlatMissing: no flat is named.
        AskedAlready: see there.
    """
    hold(session, compound.community_id, compound)
    read = _free_plate(session, compound, plate)
    parts = parse_household(household)
    if not parts.room:
        raise FlatMissing
    flat = session.scalar(
        select(Household).filter_by(compound_id=compound.id, **parts._asdict())
    ) or Household(compound_id=compound.id, **parts._asdict())
    owner, phone = owner.strip(), phone.strip()
    asked = CarRequest(
        kind=RequestKind.SECOND_CAR,
        household=flat,
        plate=read.text,
        owner_sealed=sealer.seal(owner) if owner else None,
        phone_sealed=sealer.seal(phone) if phone else None,
        details_digest=sealer.digest(owner, phone) if owner or phone else None,
    )
    return _ask(session, compound, asked, actor=actor, at=at)


def withdraw_request(session: Session, asked: CarRequest, *, actor: str, at: datetime) -> None:
    """Take a request back; nothing changes, and whom it names is forgotten.

    Raises:
        RequestDecided: it is not open.
    """
    hold(session, asked.community_id, asked)
    close(session, asked, RequestState.WITHDRAWN, actor=actor, at=at)


def close(
    session: Session,
    asked: CarRequest,
    state: RequestState,
    *,
    actor: str,
    at: datetime,
    **details: object,
) -> ledger.Head:
    """Close an open request that the caller holds, and return the ledger's new head.

    Raises:
        RequestDecided: it is not open.
    """
    if asked.state != RequestState.OPEN:
        raise RequestDecided(number=asked.id)
    asked.state, asked.decided_by, asked.decided_at = state, actor, at
    asked.owner_sealed = asked.phone_sealed = asked.details_digest = None
    session.flush()
    facts = {"letter": asked.compound.letter, "kind": asked.kind, **details}
    act = ledger.Act(f"request.{state}", f"request:{asked.id}", facts)
    if state in _TOLD:
        tell(
            session,
            _TOLD[state],
            f"request:{asked.id}",
            {"request": asked.id},
            community_id=asked.community_id,
            compound_id=asked.compound_id,
            actor=actor,
            at=at,
        )
    return ledger.append(session, actor, [act], at)


def _ask(
    session: Session, compound: Compound, asked: CarRequest, *, actor: str, at: datetime
) -> CarRequest:
    asked.community_id, asked.compound = compound.community_id, compound
    asked.created_by, asked.created_at = actor, at
    same = _same(session, asked)
    if same is not None:
        raise AskedAlready(number=same)
    session.add(asked)
    session.flush()
    facts = {"letter": compound.letter, "kind": asked.kind}
    ledger.append(session, actor, [ledger.Act("request.made", f"request:{asked.id}", facts)], at)
    return asked


def _same(session: Session, asked: CarRequest) -> int | None:
    """Return the number of an open request about the same car, or the same plate that comes."""
    open_ones = select(CarRequest.id).where(
        CarRequest.community_id == asked.community_id, CarRequest.state == RequestState.OPEN
    )
    if asked.vehicle is not None:
        same_car = open_ones.where(CarRequest.vehicle_id == asked.vehicle.id)
        found = session.scalar(same_car.limit(1))
        if found is not None:
            return found
    if asked.plate is None:
        return None
    return session.scalar(open_ones.where(CarRequest.plate == asked.plate).limit(1))


def _free_plate(session: Session, compound: Compound, text: str) -> Plate:
    plate = canonical(text)
    require_free(session, compound, plate)
    return plate


def require_free(session: Session, compound: Compound, plate: Plate) -> None:
    """Accept a plate that no car of the community has.

    Raises:
        PlateTaken: one has it.
    """
    if session.scalar(_with_plate(compound, plate).limit(1)) is not None:
        raise PlateTaken(plate=plate.shown)


def _with_plate(compound: Compound, plate: Plate) -> Select[Vehicle]:
    return select(Vehicle).where(
        Vehicle.community_id == compound.community_id,
        Vehicle.plate == plate.text,
        Vehicle.state == VehicleState.ACTIVE,
    )
