"""How many cars of each compound need a space: what a fair plan is computed from."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits.allotting import Limits, Unit
from permits.limits import RESIDENT, limits_of
from permits.own_space import has_own_space
from permits.vehicles import Household, Vehicle, VehicleState
from zones.communities import Community


def demand_of(session: Session, community: Community) -> dict[int, int]:
    """Return the cars of each compound that need a space, by the compound's id.

    As many cars count as the compound allows a household or resident, and in all: a car above the
    limit gives no right to a neighbour's space. A car with a space of its own needs none.
    """
    limits = {compound.id: limits_of(session, compound) for compound in community.compounds}
    by_unit: dict[int, Counter[Unit | None]] = {number: Counter() for number in limits}
    rows = session.execute(
        select(
            Vehicle.compound_id,
            RESIDENT,
            Household.building,
            Household.unit,
            Household.room,
            func.count(),
        )
        .outerjoin(Household, Vehicle.household_id == Household.id)
        .where(
            Vehicle.community_id == community.id,
            Vehicle.state == VehicleState.ACTIVE,
            ~has_own_space(),
        )
        .group_by(Vehicle.compound_id, RESIDENT, Vehicle.household_id, Household.id)
    )
    for compound_id, resident, building, unit, room, cars in rows:
        whose = limits[compound_id].unit((building or "", unit or "", room or ""), resident)
        by_unit[compound_id][whose] += cars
    return {number: _demand(limits[number], cars) for number, cars in by_unit.items()}


def _demand(limits: Limits, by_unit: Counter[Unit | None]) -> int:
    most = limits.cars
    cars = sum(
        count if most is None or unit is None else min(count, most)
        for unit, count in by_unit.items()
    )
    return cars if limits.places is None else min(cars, limits.places)
