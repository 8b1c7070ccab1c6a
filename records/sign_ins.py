"""Sign-ins: where somebody is signed in and since when; each can be ended on its own.

A cookie holds a random token, the database its digest: whoever reads the table cannot sign in.
No address is kept. A phone's changes by the hour, and the place would say where somebody lives.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base
from records.people import Here, User

LASTS = timedelta(hours=12)
"""A working day; whoever stays longer signs in again."""

WAITS = timedelta(minutes=10)
"""How long a right password waits for its second step."""

SEEN_EVERY = timedelta(hours=1)
"""How exactly it is kept when somebody was last here: one write an hour, not one a page."""


class SignIn(Base):
    """One browser in which a user is signed in.

    Attributes:
        token_digest: SHA-256 of what its cookie holds, in hexadecimal.
        browser: what it calls itself in two words, empty where that says nothing.
        seen_at: when it was last here, to about an hour.
        awaits_code: the password was right, the second step is still to come.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    awaits_code: Mapped[bool] = mapped_column(default=False)


_OF_TOKEN = (
    select(User, SignIn.id, SignIn.seen_at)
    .join(SignIn, SignIn.user_id == User.id)
    .where(SignIn.token_digest == bindparam("digest"), User.active, ~SignIn.awaits_code)
)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin_sign_in(session: Session, user: User, browser: str, at: datetime) -> SignIn:
    """Sign a user in, who is `here` from now on, and forget those sign-ins that are over."""
    token, one = _add(session, user, browser, at, awaits_code=False)
    user.here = Here(token, one.id, at)
    return one


def begin_waiting(session: Session, user: User, browser: str, at: datetime) -> str:
    """Return the token of a sign-in that waits for its second step; nobody is `here` by it."""
    token, _one = _add(session, user, browser, at, awaits_code=True)
    return token


def waiting_user(session: Session, token: str, at: datetime) -> User | None:
    """Return the active user whose sign-in waits for its second step, None when that is over."""
    waiting = SignIn.token_digest == _digest(token), SignIn.awaits_code
    in_time = SignIn.started_at > at - WAITS, User.active
    return session.scalar(select(User).join(SignIn).where(*waiting, *in_time))


def end_waiting(session: Session, token: str) -> None:
    """End a sign-in that waits for its second step."""
    session.execute(delete(SignIn).where(SignIn.token_digest == _digest(token)))


def _add(
    session: Session, user: User, browser: str, at: datetime, *, awaits_code: bool
) -> tuple[str, SignIn]:
    over = SignIn.user_id == user.id, SignIn.started_at <= at - LASTS
    session.execute(delete(SignIn).where(*over))
    token = secrets.token_urlsafe(32)
    one = SignIn(
        user_id=user.id,
        token_digest=_digest(token),
        browser=browser[:40],
        started_at=at,
        seen_at=at,
        awaits_code=awaits_code,
    )
    session.add(one)
    session.flush()
    return token, one


def user_of_session(session: Session, token: str) -> User | None:
    """Return the active user who is `here` by a cookie's token, None when that sign-in ended."""
    row = session.execute(_OF_TOKEN, {"digest": _digest(token)}).first()
    if row is None:
        return None
    user, sign_in_id, seen_at = row
    user.here = Here(token, sign_in_id, seen_at)
    return user


def sign_ins_of(session: Session, user: User, at: datetime) -> list[SignIn]:
    """Return where a user is signed in, the latest first."""
    query = select(SignIn).where(SignIn.user_id == user.id, ~SignIn.awaits_code)
    query = query.where(SignIn.started_at > at - LASTS)
    return list(session.scalars(query.order_by(SignIn.started_at.desc(), SignIn.id.desc())))


def note_seen(session: Session, sign_in_id: int, at: datetime) -> None:
    """Keep that somebody was here."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at))


def end_sign_in(session: Session, user: User, sign_in_id: int) -> None:
    """End one of a user's sign-ins; one that has ended already is fine."""
    session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.id == sign_in_id))


def end_sign_ins(session: Session, user: User, *, but: int | None = None) -> int:
    """End all of a user's sign-ins, but for the one named, and return how many there were."""
    ended = delete(SignIn).where(SignIn.user_id == user.id)
    if but is not None:
        ended = ended.where(SignIn.id != but)
    return len(session.scalars(ended.returning(SignIn.id)).all())
