"""The schedule on which the ledger's head is signed."""

from __future__ import annotations

from huey import crontab
from sqlalchemy import select

from app import context
from app.errors import log_unexpected
from app.extensions import db
from app.jobs import application, huey
from permits.heads import sign_head
from records import ledger
from records.checkpoints import last_head
from records.database import reading
from records.errors import DomainError
from zones.communities import Community

EVERY_MINUTES = 15


def sign_where_grown() -> int:
    """Sign the head of each community whose ledger has grown, and return how many were signed.

    Nobody waits for a look that finds nothing new. A chain that does not hold is not signed: it is
    logged as a fault each time, and readers see it at their next sign-in.
    """
    signed = 0
    for community_id in _communities_with_news():
        community = db.session.get_one(Community, community_id)
        try:
            sign_head(db.session, community, context.keys(), at=context.now())
            db.session.commit()
        except DomainError as error:
            db.session.rollback()
            log_unexpected(error)
        else:
            signed += 1
    return signed


def _communities_with_news() -> list[int]:
    with reading():
        number = ledger.head(db.session).number
        found = []
        for one in db.session.scalars(select(Community)):
            last = last_head(db.session, one.number)
            if number > (last.number if last else 0):
                found.append(one.id)
        db.session.rollback()
    return found


@huey.periodic_task(crontab(minute=f"*/{EVERY_MINUTES}"))
def sign_on_schedule() -> None:
    """Every quarter of an hour, sign what was entered."""
    with application().app_context():
        sign_where_grown()
