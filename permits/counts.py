"""The numbers that everybody may see: households, vehicles, permits and spaces per compound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, and_, distinct, func, or_, select
from sqlalchemy.orm import Session

from permits.conflicts import HANDED_IN
from permits.issuing import lacks_permit
from permits.own_space import has_own_space
from permits.permit import IN_FORCE, Permit, PermitState, counted
from permits.plate_list import ListState, Outcome, PlateList, PlateListRow
from permits.vehicles import Vehicle, VehicleState
from zones.communities import Community, Compound
from zones.plans import Opening, ZonePlan


@dataclass(frozen=True)
class CompoundCounts:
    """One compound's numbers.

    Attributes:
        spaces: spaces of the zones open to its colour all day by the plan in force, as the plan
            gives them, or the whole zone where it is not divided.
        permits: permits of each state; of those in force the ones that count.
        lists_waiting: lists handed in and not decided.
        conflicts_open: conflicts in its handed-in lists that are not settled.
        without_permit: vehicles that the next issue would give a permit.
        own_spaces: vehicles with a space of their own.
        permits_with_own_space: of the permits in force, those of such vehicles.
    """

    compound: Compound
    households: int
    vehicles: int
    spaces: int
    permits: Mapping[PermitState, int]
    lists_waiting: int
    conflicts_open: int
    without_permit: int
    own_spaces: int
    permits_with_own_space: int

    @property
    def permits_per_space(self) -> float | None:
        """Permits in force for each shared space, None without spaces."""
        shared = self.permits_in_force - self.permits_with_own_space
        return shared / self.spaces if self.spaces else None

    @property
    def permits_in_force(self) -> int:
        """Permits that have not ended."""
        return sum(self.permits.get(state, 0) for state in IN_FORCE)


def counts_of(
    session: Session, community: Community, plan: ZonePlan | None
) -> list[CompoundCounts]:
    """Return the numbers of every compound, by letter."""
    vehicles = {
        compound_id: (count, households)
        for compound_id, count, households in session.execute(
            select(Vehicle.compound_id, func.count(), func.count(distinct(Vehicle.household_id)))
            .where(Vehicle.community_id == community.id, Vehicle.state == VehicleState.ACTIVE)
            .group_by(Vehicle.compound_id)
        )
    }
    without = dict(
        session.execute(
            select(Vehicle.compound_id, func.count())
            .where(Vehicle.community_id == community.id, lacks_permit())
            .group_by(Vehicle.compound_id)
        ).all()
    )
    permits: dict[int, dict[PermitState, int]] = {}
    for compound_id, state, count in session.execute(
        select(Permit.compound_id, Permit.state, func.count())
        .where(Permit.community_id == community.id, or_(counted(), Permit.ended_at.is_not(None)))
        .group_by(Permit.compound_id, Permit.state)
    ):
        permits.setdefault(compound_id, {})[PermitState(state)] = count
    waiting = _by_compound(session, select(PlateList.compound_id, func.count()).where(_WAITING))
    conflicts = _by_compound(
        session,
        select(PlateList.compound_id, func.count())
        .join(PlateListRow)
        .where(
            PlateList.state.in_(HANDED_IN),
            PlateListRow.outcome == Outcome.CONFLICT,
            PlateListRow.decision.is_(None),
        ),
    )
    spaces = spaces_by_compound(plan)
    bound = {
        compound_id: (cars, permitted)
        for compound_id, cars, permitted in session.execute(
            select(Vehicle.compound_id, func.count(), func.count(Permit.id))
            .outerjoin(Permit, and_(Permit.vehicle_id == Vehicle.id, counted()))
            .where(
                Vehicle.community_id == community.id,
                Vehicle.state == VehicleState.ACTIVE,
                has_own_space(),
            )
            .group_by(Vehicle.compound_id)
        )
    }
    return [
        CompoundCounts(
            compound=compound,
            households=vehicles.get(compound.id, (0, 0))[1],
            vehicles=vehicles.get(compound.id, (0, 0))[0],
            spaces=spaces.get(compound.id, 0),
            permits=permits.get(compound.id, {}),
            lists_waiting=waiting.get(compound.id, 0),
            conflicts_open=conflicts.get(compound.id, 0),
            without_permit=without.get(compound.id, 0),
            own_spaces=bound.get(compound.id, (0, 0))[0],
            permits_with_own_space=bound.get(compound.id, (0, 0))[1],
        )
        for compound in community.compounds
    ]


_WAITING = PlateList.state == ListState.SUBMITTED


def _by_compound(session: Session, query: Select[int, int]) -> dict[int, int]:
    return dict(session.execute(query.group_by(PlateList.compound_id)).all())


def spaces_by_compound(plan: ZonePlan | None) -> dict[int, int]:
    """Return the spaces open all day to each compound, by compound id."""
    spaces: dict[int, int] = {}
    for opening in plan.openings if plan else ():
        if opening.starts is None:
            spaces[opening.compound_id] = spaces.get(opening.compound_id, 0) + _spaces(opening)
    return spaces


def _spaces(opening: Opening) -> int:
    return opening.zone.spaces if opening.spaces is None else opening.spaces
