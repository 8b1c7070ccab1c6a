"""Which cars get a place by a compound's limits: values in, values out."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

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


def allot(limits: Limits, taken: Taken, claims: Iterable[Claim]) -> Allotment:
    """Say which claims get a place, the earlier before the later.

    With `first_cars_first` all first cars come before all others, whatever their order. A first
    car is the earliest claim of a unit that has none; a car of nobody that could be counted is
    never one, or leaving out the flat would be the way to the front.
    """
    by_unit: Counter[Unit | None] = Counter(taken.by_unit)
    in_all, first_waits = taken.in_all, False
    without: dict[str, WhyNoRoom] = {}
    for claim, is_first in in_turn(limits, by_unit, claims):
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


def in_turn(
    limits: Limits, by_unit: Mapping[Unit | None, int], claims: Iterable[Claim]
) -> list[tuple[Claim, bool]]:
    """Return the claims in the order in which they are served, each with whether it is a first car.

    The order is kept where no cars come first.
    """
    if not limits.first_cars_first:
        return [(claim, False) for claim in claims]
    seen: set[Unit | None] = {None, *(unit for unit, cars in by_unit.items() if cars > 0)}
    turns = []
    for claim in claims:
        turns.append((claim, claim.unit not in seen))
        seen.add(claim.unit)
    return sorted(turns, key=lambda turn: not turn[1])
