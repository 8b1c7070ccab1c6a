"""Links for a new password, for somebody who forgot the old one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.links import LinkOver, digest_of, new_token
from records.managing_users import OwnAccount
from records.passwords import hash_password
from records.people import User
from records.sign_ins import end_sign_ins

GOOD_FOR = timedelta(days=1)


class PasswordLink(Base):
    """A user's one link; the row goes with its use.

    Attributes:
        token_digest: SHA-256 of what the link holds, in hexadecimal.
    """

    __tablename__ = "password_links"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime]


def make_password_link(session: Session, user: User, *, actor: str, at: datetime) -> str:
    """Return the token of a link; the old password works until it is used.

    Raises:
        OwnAccount: the actor is that user, for whom the present password is asked.
    """
    if user.actor == actor:
        raise OwnAccount
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    token = new_token()
    ends_at = at + GOOD_FOR
    session.add(PasswordLink(user_id=user.id, token_digest=digest_of(token), ends_at=ends_at))
    session.flush()
    act = ledger.Act("user.password_link_made", f"user:{user.id}", {})
    ledger.append(session, actor, [act], at)
    return token


def user_of_password_link(session: Session, token: str, at: datetime) -> User:
    """Return the active user whose password a link changes, held until the transaction ends.

    Raises:
        LinkOver: it was used or made anew, its day is over, or the account is closed.
    """
    wanted = PasswordLink.token_digest == digest_of(token), PasswordLink.ends_at > at
    query = select(User).join(PasswordLink).where(*wanted, User.active)
    user = session.scalar(query.with_for_update())
    if user is None:
        raise LinkOver
    return user


def set_password(session: Session, token: str, password: str, *, at: datetime) -> User:
    """Give the user of a link a new password, and end all of that user's sign-ins.

    Raises:
        LinkOver: see `user_of_password_link`.
        PasswordTooShort: see `records.passwords.hash_password`.
    """
    user = user_of_password_link(session, token, at)
    user.password_hash = hash_password(password)
    session.execute(delete(PasswordLink).where(PasswordLink.user_id == user.id))
    end_sign_ins(session, user)
    act = ledger.Act("user.password_set", f"user:{user.id}", {})
    ledger.append(session, user.actor, [act], at)
    return user
