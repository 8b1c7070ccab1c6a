"""A representative's term: how long it lasts, and who speaks for the compound beside the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_login import current_user

from app import context
from app.extensions import db
from records.people import Role, User, users_of
from zones.communities import Community

WARNS_FOR = timedelta(days=30)
"""Enough for a meeting of owners to be called and held."""


@dataclass(frozen=True)
class OwnTerm:
    """A term that ends soon, or is over."""

    last_day: date
    is_over: bool


def own_term() -> OwnTerm | None:
    """Return the reader's term once it has to be thought of, else None."""
    if not current_user.is_authenticated or current_user.term_ends is None:
        return None
    community = db.session.get_one(Community, current_user.community_id)
    today, last_day = community.local_day(context.now()), current_user.term_ends
    if last_day - today > WARNS_FOR:
        return None
    return OwnTerm(last_day, not current_user.serves_on(today))


def representatives_of_own_compound() -> list[User]:
    """Return the active representatives of the reader's compound, nobody for other readers."""
    if current_user.role != Role.REPRESENTATIVE:
        return []
    everybody = users_of(db.session, current_user.community_id, Role.REPRESENTATIVE)
    return [one for one in everybody if one.active and one.compound_id == current_user.compound_id]
