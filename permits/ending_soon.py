"""Permits that end soon and that nobody has renewed: what representatives and the office see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from permits.permit import Permit, counted
from zones.communities import Community, Compound

SOON_DAYS = 30
"""A permit ends soon when so many days or fewer are left."""


@dataclass(frozen=True)
class Ending:
    """How many of a compound's permits end soon, and the first and the last of their last days."""

    compound: Compound
    count: int
    first_day: date
    last_day: date


def ends_soon(community: Community, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a permit counts, ends soon and has no successor."""
    today = community.local_day(at)
    soon = today + timedelta(days=SOON_DAYS)
    return and_(counted(), Permit.valid_to.between(today, soon))


def endings(
    session: Session, community: Community, at: datetime, compound: Compound | None = None
) -> list[Ending]:
    """Return what ends soon, by compound; compounds without such permits are left out.

    Args:
        compound: only this one.
    """
    query = (
        select(Compound, func.count(), func.min(Permit.valid_to), func.max(Permit.valid_to))
        .join(Permit, Permit.compound_id == Compound.id)
        .where(Compound.community_id == community.id, ends_soon(community, at))
        .group_by(Compound.id)
        .order_by(Compound.letter)
    )
    if compound is not None:
        query = query.where(Compound.id == compound.id)
    return [Ending(*row) for row in session.execute(query)]
