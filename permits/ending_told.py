"""Telling compounds once a week how many of their permits end soon."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits.permit import IN_FORCE, Permit
from records.message import MessageKind
from records.telling import tell
from zones.communities import Community, Compound

SOON_DAYS = 30
"""A permit ends soon when so many days or fewer are left."""


def tell_of_endings(session: Session, community: Community, *, actor: str, at: datetime) -> None:
    """Tell each compound's representatives and the office of permits that end soon, once a week."""
    today = community.local_day(at)
    year, week, _ = today.isocalendar()
    ending = session.execute(
        select(Compound, func.count(), func.max(Permit.valid_to))
        .join(Permit, Permit.compound_id == Compound.id)
        .where(
            Compound.community_id == community.id,
            Permit.state.in_(IN_FORCE),
            Permit.valid_to.between(today, today + timedelta(days=SOON_DAYS)),
        )
        .group_by(Compound.id)
        .order_by(Compound.letter)
    )
    for compound, count, last_day in ending.all():
        tell(
            session,
            MessageKind.PERMITS_ENDING,
            f"permits:{compound.id}",
            {"compound": compound.letter, "count": count, "last_day": last_day.isoformat()},
            community_id=community.id,
            compound_id=compound.id,
            once=f"permits_ending:{compound.id}:{year}-{week}",
            actor=actor,
            at=at,
        )
