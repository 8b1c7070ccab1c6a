"""Signing the ledger's head where it has grown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from app.errors import log_unexpected
from permits.heads import sign_head
from records import ledger
from records.checkpoints import last_head
from records.database import reading
from records.errors import DomainError
from zones.communities import Community


def sign_where_grown(session: Session, at: datetime) -> None:
    """Sign the head of each community whose ledger has grown, each in a transaction of its own.

    Nobody waits for a look that finds nothing new. A chain that does not hold is not signed: it is
    logged as a fault each time, and readers see it at their next sign-in.
    """
    for community_id in _communities_with_news(session):
        community = session.get_one(Community, community_id)
        try:
            sign_head(session, community, context.keys(), at=at)
            session.commit()
        except DomainError as error:
            session.rollback()
            log_unexpected(error)


def _communities_with_news(session: Session) -> list[int]:
    with reading():
        number = ledger.head(session).number
        found = []
        for one in session.scalars(select(Community)):
            last = last_head(session, one.number)
            if number > (last.number if last else 0):
                found.append(one.id)
        session.rollback()
    return found
