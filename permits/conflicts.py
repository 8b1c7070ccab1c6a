"""Conflicts: plates that two compounds claim, for staff to settle and for both to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from permits.permit import IN_FORCE, Permit
from permits.plate_list import ListState, Outcome, PlateList, PlateListRow
from permits.vehicles import Household, Vehicle, VehicleState
from zones.communities import Community, Compound

HANDED_IN = (ListState.SUBMITTED, ListState.APPROVED)
"""States of lists whose claims count."""


def conflicts_query(
    community: Community, compound: Compound | None = None, *, open_only: bool = False
) -> Select[PlateListRow]:
    """Return the query for conflicts, the oldest first.

    Args:
        compound: only those in which this compound claims the plate or has it.
        open_only: only those that are not settled.
    """
    query = (
        select(PlateListRow)
        .join(PlateList, PlateListRow.list_id == PlateList.id)
        .join(Compound, PlateList.compound_id == Compound.id)
        .where(
            Compound.community_id == community.id,
            PlateList.state.in_(HANDED_IN),
            PlateListRow.outcome == Outcome.CONFLICT,
        )
        .order_by(PlateListRow.id)
    )
    if compound is not None:
        query = query.where(
            or_(PlateList.compound_id == compound.id, PlateListRow.claimed_by_id == compound.id)
        )
    if open_only:
        query = query.where(PlateListRow.decision.is_(None))
    return query


def open_conflicts_by_list(session: Session, community: Community) -> dict[int, int]:
    """Return how many conflicts are not settled, by list id; lists without one are left out."""
    rows = conflicts_query(community, open_only=True).subquery()
    found = session.execute(select(rows.c.list_id, func.count()).group_by(rows.c.list_id))
    return dict(found.all())


def is_open(row: PlateListRow) -> bool:
    """Return whether a row is a conflict that nobody has settled."""
    return (
        row.outcome == Outcome.CONFLICT
        and row.decision is None
        and row.plate_list.state in HANDED_IN
    )


@dataclass(frozen=True)
class Claim:
    """What one compound has to say for a plate that another claims too.

    Attributes:
        row: the row of its list that names the plate, None where the car came otherwise.
        vehicle: the car in its register.
        permit: the car's permit in force.
    """

    compound: Compound
    row: PlateListRow | None
    vehicle: Vehicle | None
    permit: Permit | None

    @property
    def household(self) -> Household | PlateListRow | None:
        """Building, unit and room as the register has them, else as the list says."""
        return (self.vehicle and self.vehicle.household) or self.row

    @property
    def handed_in_at(self) -> datetime | None:
        """When its list was handed in."""
        return self.row.plate_list.submitted_at if self.row else None

    @property
    def handed_in_by(self) -> str | None:
        """The actor who made its list."""
        return self.row.plate_list.created_by if self.row else None


def claims_of(session: Session, row: PlateListRow) -> tuple[Claim, Claim]:
    """Return the claims on a conflict's plate: of who has it, and of who hands it in now."""
    rival = row.claimed_by
    if rival is None:
        raise ValueError(f"row {row.id} is claimed by nobody else")
    earlier = session.scalar(
        select(PlateListRow)
        .join(PlateList, PlateListRow.list_id == PlateList.id)
        .where(
            PlateList.compound_id == rival.id,
            PlateList.state.in_(HANDED_IN),
            PlateListRow.plate == row.plate,
        )
        .order_by(PlateList.submitted_at.desc(), PlateListRow.id.desc())
        .limit(1)
    )
    return _claim(session, rival, row.plate, earlier), _claim(
        session, row.plate_list.compound, row.plate, row
    )


def _claim(
    session: Session, compound: Compound, plate: str | None, row: PlateListRow | None
) -> Claim:
    vehicle = session.scalar(
        select(Vehicle).where(
            Vehicle.compound_id == compound.id,
            Vehicle.plate == plate,
            Vehicle.state == VehicleState.ACTIVE,
        )
    )
    permit = None
    if vehicle is not None:
        permit = session.scalar(
            select(Permit).where(Permit.vehicle_id == vehicle.id, Permit.state.in_(IN_FORCE))
        )
    return Claim(compound, row, vehicle, permit)
