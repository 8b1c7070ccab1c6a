"""Whom a plan would make move: permits whose compound loses spaces, and how many cars at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from permits.own_space import has_own_space
from permits.permit import Permit, counted
from permits.vehicles import Vehicle
from zones.communities import Community, Compound
from zones.effects import CompoundEffect


@dataclass(frozen=True)
class CompoundMove:
    """What a plan means for one compound's permits.

    Attributes:
        permits: its permits in force, but for cars with a space of their own.
        at_most: cars that would have to look for another space if every space that is lost was
            taken: no permit names a single space, so which cars these are nobody knows.
    """

    effect: CompoundEffect
    permits: int
    at_most: int

    @property
    def ratio_before(self) -> float | None:
        """Permits for each space at the scarcest hours by the old plan, None without spaces."""
        return self.permits / self.effect.least_before if self.effect.least_before else None

    @property
    def ratio_after(self) -> float | None:
        """The same by the new plan."""
        return self.permits / self.effect.least_after if self.effect.least_after else None


def moves_of(
    session: Session, community: Community, effects: Sequence[CompoundEffect]
) -> list[CompoundMove]:
    """Return what a plan's effects mean for the permits of each compound."""
    permits = dict(
        session.execute(
            select(Permit.compound_id, func.count())
            .join(Vehicle, Permit.vehicle_id == Vehicle.id)
            .where(
                Permit.community_id == community.id,
                counted(),
                ~has_own_space(),
            )
            .group_by(Permit.compound_id)
        ).all()
    )
    return [
        CompoundMove(
            effect=one,
            permits=permits.get(one.compound.id, 0),
            at_most=min(permits.get(one.compound.id, 0), one.spaces_lost),
        )
        for one in effects
    ]


def touched_query(compound: Compound) -> Select[Permit]:
    """Return the query for a compound's permits in force, the lowest number first.

    A permit is good for all zones of its colour, so a zone that closes touches all of them, but
    for cars with a space of their own.
    """
    return (
        select(Permit)
        .join(Vehicle, Permit.vehicle_id == Vehicle.id)
        .where(Permit.compound_id == compound.id, counted(), ~has_own_space())
        .order_by(Permit.number)
    )
