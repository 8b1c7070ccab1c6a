"""What a list would change: the compound's cars before and after it, household by household."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from permits.plate_list import APPLIED, ConflictDecision, Outcome, PlateList, PlateListRow
from permits.reviewing import NO_HOUSEHOLD, HouseholdKey
from permits.vehicles import Household, Vehicle, VehicleState, in_walking_order
from records.batches import batches


class Change(enum.StrEnum):
    """What becomes of one car."""

    ADDED = "added"
    MOVED = "moved"
    UPDATED = "updated"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class CarChange:
    """One car that a list changes.

    Attributes:
        before: its household in the register, None where it is not there.
        after: its household once the list is approved, None where it is gone.
    """

    plate: str
    change: Change
    before: HouseholdKey | None
    after: HouseholdKey | None


@dataclass(frozen=True)
class HouseholdChange:
    """What a list changes in one household.

    Attributes:
        before, after: how many cars it has.
        cars: those that come, go, or are brought up to date here; a car that moves within the
            compound stands in both households.
    """

    household: HouseholdKey
    before: int
    after: int
    cars: tuple[CarChange, ...]


@dataclass(frozen=True)
class Difference:
    """A compound's cars before and after a list.

    Attributes:
        before, after: how many cars the compound has.
        households: those in which something changes, in the order in which one walks by them.
    """

    before: int
    after: int
    counts: Mapping[Change, int]
    households: tuple[HouseholdChange, ...]

    @property
    def kept(self) -> int:
        """Cars that stay as they are, whether the list names them or not."""
        return self.before - sum(
            self.counts[one] for one in (Change.MOVED, Change.UPDATED, Change.REMOVED)
        )


def difference(
    changes: Iterable[CarChange], cars_of: Mapping[HouseholdKey, int], total: int
) -> Difference:
    """Return what changes make of a compound's cars.

    Args:
        cars_of: how many cars the households have now; one that is missing has none.
        total: how many cars the compound has now.
    """
    counts = dict.fromkeys(Change, 0)
    here: dict[HouseholdKey, list[CarChange]] = defaultdict(list)
    for one in changes:
        counts[one.change] += 1
        for household in dict.fromkeys((one.before, one.after)):
            if household is not None:
                here[household].append(one)
    households = [
        HouseholdChange(
            household, cars_of.get(household, 0), _after(household, cars_of, cars), tuple(cars)
        )
        for household, cars in here.items()
    ]
    return Difference(
        total,
        total + counts[Change.ADDED] - counts[Change.REMOVED],
        counts,
        tuple(sorted(households, key=lambda one: in_walking_order(one.household))),
    )


def _after(
    household: HouseholdKey, cars_of: Mapping[HouseholdKey, int], cars: Sequence[CarChange]
) -> int:
    come = sum(one.after == household for one in cars)
    gone = sum(one.before == household for one in cars)
    return cars_of.get(household, 0) + come - gone


def difference_of(session: Session, plate_list: PlateList) -> Difference:
    """Return what a list that is not decided yet would change, by the outcomes of its rows.

    Conflicts that are not settled change nothing.
    """
    named = session.execute(
        select(
            PlateListRow.plate,
            PlateListRow.outcome,
            PlateListRow.building,
            PlateListRow.unit,
            PlateListRow.room,
        )
        .where(
            PlateListRow.list_id == plate_list.id,
            or_(
                PlateListRow.outcome.in_((*APPLIED, Outcome.REMOVED)),
                PlateListRow.decision == ConflictDecision.MOVE,
            ),
        )
        .order_by(PlateListRow.id)
    )
    gone = list(plate_list.removals)
    listed: dict[str, HouseholdKey] = {}
    for plate, outcome, building, unit, room in named:
        if plate and outcome == Outcome.REMOVED:
            gone.append(plate)
        elif plate:
            listed[plate] = (building, unit, room)
    known = _households(session, plate_list.compound_id, [*listed, *gone])
    changes = [_car_change(plate, known.get(plate), flat) for plate, flat in listed.items()]
    changes += [CarChange(one, Change.REMOVED, known[one], None) for one in gone if one in known]
    counts = _cars_of_households(session, plate_list.compound_id)
    return difference(changes, counts, sum(counts.values()))


def _car_change(plate: str, before: HouseholdKey | None, named: HouseholdKey) -> CarChange:
    if before is None:
        return CarChange(plate, Change.ADDED, None, named)
    if named in (NO_HOUSEHOLD, before):
        return CarChange(plate, Change.UPDATED, before, before)
    return CarChange(plate, Change.MOVED, before, named)


def _households(
    session: Session, compound_id: int, plates: Iterable[str]
) -> dict[str, HouseholdKey]:
    """Return the household of each of the plates that the compound has."""
    found: dict[str, HouseholdKey] = {}
    for batch in batches(plates):
        for plate, building, unit, room in session.execute(
            select(Vehicle.plate, Household.building, Household.unit, Household.room)
            .outerjoin(Household, Vehicle.household_id == Household.id)
            .where(
                Vehicle.compound_id == compound_id,
                Vehicle.plate.in_(batch),
                Vehicle.state == VehicleState.ACTIVE,
            )
        ):
            found[plate] = NO_HOUSEHOLD if building is None else (building, unit, room)
    return found


def _cars_of_households(session: Session, compound_id: int) -> dict[HouseholdKey, int]:
    found = session.execute(
        select(Household.building, Household.unit, Household.room, func.count())
        .select_from(Vehicle)
        .outerjoin(Household, Vehicle.household_id == Household.id)
        .where(Vehicle.compound_id == compound_id, Vehicle.state == VehicleState.ACTIVE)
        .group_by(Household.id)
    )
    return {
        NO_HOUSEHOLD if building is None else (building, unit, room): count
        for building, unit, room, count in found
    }
