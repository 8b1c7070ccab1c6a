"""Conflicts: plates that two compounds claim, for staff to settle and for both to see."""

from __future__ import annotations

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from permits.plate_list import ListState, Outcome, PlateList, PlateListRow
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
