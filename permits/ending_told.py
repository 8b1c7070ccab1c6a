"""Telling compounds once a week how many of their permits end soon."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from permits.ending_soon import endings
from records.message import MessageKind
from records.telling import tell
from zones.communities import Community


def tell_of_endings(session: Session, community: Community, *, actor: str, at: datetime) -> None:
    """Tell each compound's representatives and the office of permits that end soon, once a week."""
    today = community.local_day(at)
    year, week, _ = today.isocalendar()
    for one in endings(session, community, at):
        compound = one.compound
        tell(
            session,
            MessageKind.PERMITS_ENDING,
            f"permits:{compound.id}",
            {"compound": compound.letter, "count": one.count, "last_day": one.last_day.isoformat()},
            community_id=community.id,
            compound_id=compound.id,
            once=f"permits_ending:{compound.id}:{year}-{week}",
            actor=actor,
            at=at,
        )
