"""How many cars of each compound need a space: what a fair plan is computed from."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits.vehicles import Vehicle, VehicleState
from zones.communities import Community


def demand_of(
    session: Session, community: Community, bound: Collection[int] = ()
) -> dict[int, int]:
    """Return the cars of each compound that need a space, by the compound's id.

    Of a household's cars as many count as the compound allows a household: a car above the limit
    gives no right to a neighbour's space.

    Args:
        bound: ids of vehicles that have a space of their own, and need none.
    """
    demand = {compound.id: 0 for compound in community.compounds}
    quotas = {compound.id: compound.vehicles_per_household for compound in community.compounds}
    rows = session.execute(
        select(Vehicle.compound_id, Vehicle.household_id, func.count())
        .where(
            Vehicle.community_id == community.id,
            Vehicle.state == VehicleState.ACTIVE,
            Vehicle.id.not_in(bound),
        )
        .group_by(Vehicle.compound_id, Vehicle.household_id)
    )
    for compound_id, household_id, cars in rows:
        quota = quotas[compound_id]
        is_limited = household_id is not None and quota is not None
        demand[compound_id] += min(cars, quota) if is_limited and quota else cars
    return demand
