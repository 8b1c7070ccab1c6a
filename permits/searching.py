"""Finding a car by whatever is known of it: plate, serial, household, owner or phone number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from permits.households_text import parse_household
from permits.people_index import name_index, phone_index
from permits.permit import IN_FORCE, Permit
from permits.plate_forms import LETTERS, PROVINCES
from permits.plates import normalise
from permits.vehicles import Household, Vehicle, VehicleState
from records import ledger
from records.sealed import Sealer
from zones.communities import Community

MOST_FOUND = 50
"""Results of each kind that are shown."""

_TAIL = re.compile(r"[0-9A-Z]{5,6}")
_TAIL_WITH_LETTER = re.compile(r"[A-Z][0-9A-Z]{5,6}")
_NUMBER = re.compile(r"([A-Z])?-?0*([0-9]{1,9})(?:-[0-9])?")


@dataclass(frozen=True)
class FoundCar:
    """A car with its permit in force."""

    vehicle: Vehicle
    permit: Permit | None


@dataclass(frozen=True)
class Found:
    """What was found, in the order of likeliness.

    Attributes:
        by_plate: cars with this plate, those that have left too.
        by_serial: permits with this serial or number, ended ones too.
        by_household: the cars of the household.
        by_owner: cars whose owner has exactly this name or phone number.
        by_part: cars whose plate begins or ends so, where nothing else was found.
    """

    by_plate: list[FoundCar]
    by_serial: list[Permit]
    by_household: list[FoundCar]
    by_owner: list[FoundCar]
    by_part: list[FoundCar]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (
            self.by_plate or self.by_serial or self.by_household or self.by_owner or self.by_part
        )


def search(
    session: Session,
    community: Community,
    text: str,
    *,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> Found:
    """Return what a text finds; each car found by its owner is entered in the ledger.

    Each kind is one look-up by an index, but for a part of a plate, which reads every plate and
    is tried last.

    Args:
        text: a plate, whole or without its province; a serial or a permit's number; a household
            such as `1-2-301`; an owner's whole name; a phone number.
    """
    plate = normalise(text)
    by_plate = _cars(session, community, Vehicle.plate.in_(_plates(plate))) if plate else []
    by_serial = _permits(session, community, text)
    by_household = _of_household(session, community, text)
    by_owner = _of_owner(session, community, text, sealer)
    acts = [
        ledger.Act("personal_data.searched", f"vehicle:{one.vehicle.id}", {}) for one in by_owner
    ]
    ledger.append(session, actor, acts, at)
    found = Found(by_plate, by_serial, by_household, by_owner, [])
    if not plate or not found.is_empty:
        return found
    begins = Vehicle.plate.startswith(plate, autoescape=True)
    ends = Vehicle.plate.endswith(plate, autoescape=True)
    is_here = Vehicle.state == VehicleState.ACTIVE
    return Found([], [], [], [], _cars(session, community, is_here & or_(begins, ends)))


def _plates(plate: str) -> list[str]:
    """Return the plates that a typed one may mean: itself, or with a province and its letter."""
    plates = [plate]
    if _TAIL_WITH_LETTER.fullmatch(plate):
        plates += [province + plate for province in PROVINCES]
    if _TAIL.fullmatch(plate):
        plates += [f"{province}{letter}{plate}" for province in PROVINCES for letter in LETTERS]
    return plates


def _permits(session: Session, community: Community, text: str) -> list[Permit]:
    match = _NUMBER.fullmatch("".join(text.split()).upper())
    if match is None:
        return []
    letter, number = match.groups()
    permit = session.scalar(
        select(Permit).where(Permit.community_id == community.id, Permit.number == int(number))
    )
    return [permit] if permit and letter in (None, permit.serial[0]) else []


def _of_household(session: Session, community: Community, text: str) -> list[FoundCar]:
    named = parse_household(text)
    if not named.building:
        return []
    compounds = [one.id for one in community.compounds]
    query = select(Household.id).where(
        Household.compound_id.in_(compounds),
        Household.building == named.building,
        Household.room == named.room,
    )
    if named.unit:
        query = query.where(Household.unit == named.unit)
    ids = session.scalars(query.limit(MOST_FOUND)).all()
    if not ids:
        return []
    is_here = Vehicle.state == VehicleState.ACTIVE
    return _cars(session, community, is_here & Vehicle.household_id.in_(ids))


def _of_owner(session: Session, community: Community, text: str, sealer: Sealer) -> list[FoundCar]:
    is_here = Vehicle.state == VehicleState.ACTIVE
    name = _cars(session, community, is_here & (Vehicle.owner_index == name_index(sealer, text)))
    phone = _cars(session, community, is_here & (Vehicle.phone_index == phone_index(sealer, text)))
    return name or phone


def _cars(session: Session, community: Community, condition: ColumnElement[bool]) -> list[FoundCar]:
    cars = session.scalars(
        select(Vehicle)
        .where(Vehicle.community_id == community.id, condition)
        .order_by(Vehicle.state, Vehicle.plate, Vehicle.id)
        .limit(MOST_FOUND)
    ).all()
    permits = _permits_of(session, cars)
    return [FoundCar(one, permits.get(one.id)) for one in cars]


def _permits_of(session: Session, cars: Sequence[Vehicle]) -> dict[int, Permit]:
    if not cars:
        return {}
    query = select(Permit).where(
        Permit.vehicle_id.in_([one.id for one in cars]), Permit.state.in_(IN_FORCE)
    )
    return {one.vehicle_id: one for one in session.scalars(query)}
