"""Finding permits by plate, serial or household, for the lists on pages."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, or_, select

from app import context
from app.extensions import db
from permits.ending_soon import ends_soon
from permits.households_text import parse_household
from permits.permit import Permit, PermitState
from permits.plates import normalise
from permits.vehicles import Household, Vehicle, VehicleState
from zones.communities import Community, Compound

ENDING = "ending"
"""Stands for permits in force that end soon."""


def permits_query(
    community: Community, compound: Compound | None, text: str | None, state: str | None
) -> Select[Permit]:
    """Return the query for permits, the newest first.

    Args:
        text: beginning of a plate or serial, or a household such as `3-501`.
        state: a permit state, or `ENDING`; anything else means all.
    """
    query = (
        select(Permit)
        .join(Vehicle, Permit.vehicle_id == Vehicle.id)
        .outerjoin(Household, Vehicle.household_id == Household.id)
        .where(Permit.community_id == community.id)
        .order_by(Permit.number.desc())
    )
    if compound is not None:
        query = query.where(Permit.compound_id == compound.id)
    if state in set(PermitState):
        query = query.where(Permit.state == state)
    elif state == ENDING:
        query = query.where(ends_soon(community, context.now()))
    if text and text.strip():
        query = query.where(
            or_(Permit.serial.startswith(text.strip().upper(), autoescape=True), *_matches(text))
        )
    return query


def vehicles_query(community: Community, compound: Compound | None) -> Select[Vehicle]:
    """Return the query for active vehicles, by plate."""
    query = (
        select(Vehicle)
        .where(Vehicle.community_id == community.id, Vehicle.state == VehicleState.ACTIVE)
        .order_by(Vehicle.plate)
    )
    return query.where(Vehicle.compound_id == compound.id) if compound else query


def _matches(text: str) -> list[ColumnElement[bool]]:
    """Return the conditions for a plate's beginning or ending, or a household."""
    plate = normalise(text)
    conditions: list[ColumnElement[bool]] = [false()]
    if plate:
        conditions.append(Vehicle.plate.startswith(plate, autoescape=True))
        conditions.append(Vehicle.plate.endswith(plate, autoescape=True))
    household = parse_household(text)
    if household.building:
        named = (Household.building == household.building) & (Household.room == household.room)
        conditions.append(named & (Household.unit == household.unit) if household.unit else named)
    return conditions


def permits_of(vehicle: Vehicle) -> list[Permit]:
    """Return every permit that a vehicle had, the newest first."""
    query = select(Permit).where(Permit.vehicle_id == vehicle.id).order_by(Permit.number.desc())
    return list(db.session.scalars(query))
