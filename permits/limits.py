"""A compound's limits: how many of its cars get a permit, and which of them come first."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, and_, case, null, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from permits.vehicles import Household, Vehicle, VehicleState
from records import ledger
from records.database import Base
from records.errors import DomainError
from zones.communities import Compound, hold

Unit = Hashable
"""Whose cars count together: a flat (building, unit, room), or a resident's keyed digest."""


class CountsBy(enum.StrEnum):
    """Whose cars a compound counts together."""

    HOUSEHOLD = "household"
    RESIDENT = "resident"


class WhyNoRoom(enum.StrEnum):
    """Why a car does not get a place."""

    HOUSEHOLD_FULL = "over_quota"
    RESIDENT_FULL = "resident_over_quota"
    NO_PLACE = "no_place"
    FIRST_CARS_FIRST = "first_cars_first"


_WAYS = ", ".join(f"'{way}'" for way in CountsBy)


class LimitRules(Base):
    """What a compound has agreed on beside `Compound.vehicles_per_household`; may be missing."""

    __tablename__ = "limit_rules"
    __table_args__ = (
        CheckConstraint(f"counts_by IN ({_WAYS})", name="way_known"),
        CheckConstraint("places > 0", name="places_positive"),
        CheckConstraint(
            "places IS NOT NULL OR NOT first_cars_first", name="first_cars_need_places"
        ),
    )

    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"), primary_key=True)
    counts_by: Mapped[str] = mapped_column(String(10))
    first_cars_first: Mapped[bool]
    places: Mapped[int | None]


@dataclass(frozen=True)
class Limits:
    """What a compound has agreed on.

    Attributes:
        cars: how many cars a household or a resident may have, None for any number.
        counts_by: whose cars count together. A resident is an owner of whom name and phone are
            given; where one is missing, the car counts for its household.
        first_cars_first: whether a second car waits until every first car has a place.
        places: how many cars the compound may have in all, None for any number.
    """

    cars: int | None = None
    counts_by: CountsBy = CountsBy.HOUSEHOLD
    first_cars_first: bool = False
    places: int | None = None

    @property
    def bind(self) -> bool:
        """Whether any car could be left without a place."""
        return self.cars is not None or self.places is not None

    def unit(self, household: tuple[str, str, str], resident: bytes | None) -> Unit | None:
        """Return whose car it is; None where neither a resident nor a room is named.

        Args:
            household: building, unit and room.
            resident: keyed digest of the owner's name and phone, None where one is missing.
        """
        if self.counts_by is CountsBy.RESIDENT and resident is not None:
            return resident
        return household if household[2] else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A car that asks for a place; a `unit` of None is nobody that could be counted."""

    plate: str
    unit: Unit | None


@dataclass(frozen=True)
class Taken:
    """The places that are taken: by each unit, and in all."""

    by_unit: Mapping[Unit, int] = field(default_factory=dict)
    in_all: int = 0


@dataclass(frozen=True)
class Allotment:
    """Who of the claims is left without a place, and why; all others get one.

    Attributes:
        by_unit: places that each unit has then.
    """

    without: Mapping[str, WhyNoRoom]
    by_unit: Mapping[Unit | None, int]


class FirstCarsNeedPlaces(DomainError):
    """Without a number of places nobody ever waits, so no car could come before another."""

    code: ClassVar[str] = "first_cars_need_places"


def allot(limits: Limits, taken: Taken, claims: Iterable[Claim]) -> Allotment:
    """Say which claims get a place, the earlier before the later.

    With `first_cars_first` all first cars come before all others, whatever their order. A first
    car is the earliest claim of a unit that has none; a car of nobody that could be counted is
    never one, or leaving out the flat would be the way to the front.
    """
    by_unit: Counter[Unit | None] = Counter(taken.by_unit)
    in_all, first_waits = taken.in_all, False
    without: dict[str, WhyNoRoom] = {}
    for claim, is_first in _in_turn(limits, by_unit, claims):
        if limits.cars is not None and claim.unit and by_unit[claim.unit] >= limits.cars:
            without[claim.plate] = full(claim.unit)
        elif limits.places is not None and in_all >= limits.places:
            is_behind = first_waits and not is_first
            without[claim.plate] = WhyNoRoom.FIRST_CARS_FIRST if is_behind else WhyNoRoom.NO_PLACE
            first_waits = first_waits or is_first
        else:
            by_unit[claim.unit] += 1
            in_all += 1
    return Allotment(without, by_unit)


def full(unit: Unit) -> WhyNoRoom:
    """Return the reason for a unit that has all the cars it may have."""
    return WhyNoRoom.RESIDENT_FULL if isinstance(unit, bytes) else WhyNoRoom.HOUSEHOLD_FULL


def _in_turn(
    limits: Limits, by_unit: Mapping[Unit | None, int], claims: Iterable[Claim]
) -> list[tuple[Claim, bool]]:
    """Return the claims in the order in which they are served, each with whether it comes first."""
    if not limits.first_cars_first:
        return [(claim, False) for claim in claims]
    seen: set[Unit | None] = {None, *(unit for unit, cars in by_unit.items() if cars > 0)}
    turns = []
    for claim in claims:
        turns.append((claim, claim.unit not in seen))
        seen.add(claim.unit)
    return sorted(turns, key=lambda turn: not turn[1])


def limits_of(session: Session, compound: Compound) -> Limits:
    """Return what a compound has agreed on."""
    rules = session.get(LimitRules, compound.id)
    if rules is None:
        return Limits(compound.vehicles_per_household)
    return Limits(
        compound.vehicles_per_household,
        CountsBy(rules.counts_by),
        rules.first_cars_first,
        rules.places,
    )


def change_limits(
    session: Session, compound: Compound, limits: Limits, *, actor: str, at: datetime
) -> None:
    """Change a compound's limits; cars that have a place keep it.

    Raises:
        FirstCarsNeedPlaces: first cars come first, but there is no number of places.
    """
    if limits.first_cars_first and limits.places is None:
        raise FirstCarsNeedPlaces
    hold(session, compound.community_id, compound)
    compound.vehicles_per_household = limits.cars
    session.merge(
        LimitRules(
            compound_id=compound.id,
            counts_by=limits.counts_by,
            first_cars_first=limits.first_cars_first,
            places=limits.places,
        )
    )
    session.flush()
    details = {
        "letter": compound.letter,
        "vehicles_per_household": limits.cars,
        "counts_by": limits.counts_by,
        "first_cars_first": limits.first_cars_first,
        "places": limits.places,
    }
    act = ledger.Act("limits.changed", f"compound:{compound.number}", details)
    ledger.append(session, actor, [act], at)


RESIDENT = case(
    (
        and_(Vehicle.owner_sealed.is_not(None), Vehicle.phone_sealed.is_not(None)),
        Vehicle.details_digest,
    ),
    else_=null(),
)
"""A vehicle's resident as `Limits.unit` takes it."""


def taken_of(
    session: Session, compound: Compound, limits: Limits, leaving: Collection[str] = ()
) -> Taken:
    """Return the places that a compound's active cars take; nothing where no limit binds.

    Args:
        leaving: plates of cars that give their place up.
    """
    if not limits.bind:
        return Taken()
    gone = frozenset(leaving)
    cars = session.execute(
        select(Vehicle.plate, RESIDENT, Household.building, Household.unit, Household.room)
        .outerjoin(Household, Vehicle.household_id == Household.id)
        .where(Vehicle.compound_id == compound.id, Vehicle.state == VehicleState.ACTIVE)
    )
    by_unit: Counter[Unit] = Counter()
    in_all = 0
    for plate, resident, *household in cars:
        if plate in gone:
            continue
        in_all += 1
        unit = limits.unit((household[0], household[1], household[2] or ""), resident)
        if unit is not None:
            by_unit[unit] += 1
    return Taken(by_unit, in_all)


def room(
    session: Session,
    compound: Compound,
    household: tuple[str, str, str],
    resident: bytes | None = None,
    *,
    leaving: Collection[str] = (),
) -> WhyNoRoom | None:
    """Return why one more car of a household gets no place now, None where it gets one.

    A change of car need not ask: the new one takes over the place of the old one.

    Args:
        household: building, unit and room.
        resident: as `Limits.unit` takes it.
        leaving: plates of cars that give their place up.
    """
    limits = limits_of(session, compound)
    claim = Claim("", limits.unit(household, resident))
    taken = taken_of(session, compound, limits, leaving)
    return allot(limits, taken, [claim]).without.get("")
