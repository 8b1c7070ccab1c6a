"""How far it is to walk from each compound to each zone, as the community has measured it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from zones.areas import zones_of
from zones.communities import Community, Compound, hold

USUAL_METRES = 200
"""What a way counts that nobody has measured: all such ways are equally long."""

LONGEST_METRES = 5000

Ways = dict[tuple[int, int], int]
"""Metres by the ids of compound and zone."""


class WalkingDistance(Base):
    """The way from the middle of a compound to a zone, on foot."""

    __tablename__ = "walking_distances"
    __table_args__ = (
        CheckConstraint(f"metres BETWEEN 0 AND {LONGEST_METRES}", name="metres_plausible"),
    )

    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"), primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zones.id"), primary_key=True)
    metres: Mapped[int]


class WayImpossible(DomainError):
    """A way is longer than `limit` metres, negative, or leads out of the community."""

    code: ClassVar[str] = "way_impossible"


def measured_ways(session: Session, community: Community) -> Ways:
    """Return the ways that were measured."""
    rows = session.execute(
        select(WalkingDistance.compound_id, WalkingDistance.zone_id, WalkingDistance.metres)
        .join(Compound, WalkingDistance.compound_id == Compound.id)
        .where(Compound.community_id == community.id)
    )
    return {(compound, zone): metres for compound, zone, metres in rows}


def all_ways(
    session: Session, community: Community, drawn: Mapping[tuple[int, int], int] | None = None
) -> Ways:
    """Return the way from every compound to every zone.

    Args:
        drawn: ways taken from a map, for those that nobody has measured.
    """
    known = {**(drawn or {}), **measured_ways(session, community)}
    return {
        (compound.id, zone.id): known.get((compound.id, zone.id), USUAL_METRES)
        for compound in community.compounds
        for zone in zones_of(session, community.id)
    }


def set_ways(
    session: Session,
    community: Community,
    ways: Mapping[tuple[int, int], int],
    *,
    actor: str,
    at: datetime,
) -> None:
    """Replace the measured ways by these; ways that are not named are as long as usual.

    Raises:
        WayImpossible: a way is too long, negative, or of another community.
    """
    hold(session, community.id)
    compounds = {one.id: one for one in community.compounds}
    zones = {one.id: one for one in zones_of(session, community.id)}
    for (compound, zone), metres in ways.items():
        if compound not in compounds or zone not in zones or not 0 <= metres <= LONGEST_METRES:
            raise WayImpossible(limit=LONGEST_METRES)
    before = measured_ways(session, community)
    session.execute(delete(WalkingDistance).where(WalkingDistance.compound_id.in_(list(compounds))))
    session.add_all(
        WalkingDistance(compound_id=compound, zone_id=zone, metres=metres)
        for (compound, zone), metres in ways.items()
    )
    session.flush()
    changed = {
        f"{compounds[compound].letter}-{zones[zone].code}": ways.get((compound, zone))
        for compound, zone in sorted({**before, **ways})
        if before.get((compound, zone)) != ways.get((compound, zone))
    }
    if changed:
        act = ledger.Act("walking.changed", f"community:{community.number}", {"metres": changed})
        ledger.append(session, actor, [act], at)
