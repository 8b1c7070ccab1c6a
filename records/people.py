"""People who sign in: their role, where it reaches, and their password."""

from __future__ import annotations

import enum
import re
import secrets
from datetime import datetime
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base
from records.errors import DomainError

MIN_PASSWORD_LENGTH = 10
"""NIST SP 800-63B-4, 3.1.1.2 asks for at least 8 behind a second factor; ours has none yet."""

_ID = re.compile(r"[0-9]{1,9}")

_hasher = PasswordHasher()

# Verified when the name is unknown, so that an answer takes as long as for a known one.
_NOBODYS_HASH = _hasher.hash(secrets.token_urlsafe())


class Role(enum.StrEnum):
    """What a person is to the product; what each may do is in the rights table of the doors."""

    REPRESENTATIVE = "representative"
    STAFF = "staff"
    GUARD = "guard"
    ADMINISTRATOR = "administrator"


_ROLES = ", ".join(f"'{role}'" for role in Role)


class User(Base):
    """One person who signs in. A representative belongs to one compound, others to none."""

    __tablename__ = "users"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "compound_id"], ["compounds.community_id", "compounds.id"]
        ),
        CheckConstraint(f"role IN ({_ROLES})", name="role_known"),
        CheckConstraint(
            "(role = 'representative') = (compound_id IS NOT NULL)",
            name="representatives_have_a_compound",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"))
    name: Mapped[str] = mapped_column(String(40), unique=True)
    shown_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    # Changes with every new password or forced sign-out, and ends all older sessions.
    session_mark: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(16))

    @property
    def actor(self) -> str:
        """The name of this person in the ledger."""
        return f"user:{self.id}"

    # The four names by which a sign-in library asks about a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the user may sign in."""
        return self.active

    def get_id(self) -> str:
        """The text that a session remembers: it stops naming this user when the mark changes."""
        return f"{self.id}:{self.session_mark}"


def user_of_session(session: Session, session_id: str) -> User | None:
    """Return the active user whom `User.get_id` named, None when that session was ended."""
    user_id, _, mark = session_id.partition(":")
    user = session.get(User, int(user_id)) if _ID.fullmatch(user_id) else None
    if user is None or not user.active:
        return None
    if not secrets.compare_digest(user.session_mark.encode(), mark.encode()):
        return None
    return user


def users_of(session: Session, community_id: int, role: Role | None = None) -> list[User]:
    """Return the community's users, those with open accounts first, by role and name."""
    query = select(User).where(User.community_id == community_id)
    if role is not None:
        query = query.where(User.role == role)
    return list(session.scalars(query.order_by(User.active.desc(), User.role, User.name)))


class PasswordTooShort(DomainError):
    """A new password is shorter than `minimum` characters."""

    code: ClassVar[str] = "password_too_short"


class NameTaken(DomainError):
    """Another user has the sign-in `name`."""

    code: ClassVar[str] = "name_taken"
    status: ClassVar[int] = 409


class UnknownUser(DomainError):
    """No active user has this name and password; which of both is wrong is not told."""

    code: ClassVar[str] = "sign_in_refused"
    status: ClassVar[int] = 403


def hash_password(password: str) -> str:
    """Return the argon2id hash of a new password.

    Raises:
        PasswordTooShort: below `MIN_PASSWORD_LENGTH` characters.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        raise PasswordTooShort(minimum=MIN_PASSWORD_LENGTH)
    return _hasher.hash(password)


def sign_in(session: Session, name: str, password: str) -> User:
    """Return the active user with this name and password.

    Raises:
        UnknownUser: for an unknown name, a wrong password and a user who is not active alike.
    """
    key = name.strip().lower()
    # PostgreSQL takes no NUL in a text, and no name has one.
    user = None if "\0" in key else session.scalar(select(User).where(User.name == key))
    try:
        _hasher.verify(user.password_hash if user else _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        raise UnknownUser from None
    if user is None or not user.active:
        raise UnknownUser
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    return user


def add_user(
    session: Session,
    *,
    community_id: int,
    name: str,
    shown_name: str,
    role: Role,
    password: str,
    at: datetime,
    compound_id: int | None = None,
) -> User:
    """Return a new user, flushed so that it has its id; the caller enters it in the ledger.

    Raises:
        NameTaken: another user signs in by this name.
        PasswordTooShort: see `hash_password`.
    """
    key = name.strip().lower()
    user = User(
        community_id=community_id,
        compound_id=compound_id,
        name=key,
        shown_name=shown_name.strip(),
        role=role,
        password_hash=hash_password(password),
        created_at=at,
    )
    try:
        # The database decides: two people may choose the same name at the same moment.
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        if session.scalar(select(User.id).where(User.name == key)):
            raise NameTaken(name=key) from None
        raise
    return user


def change_password(user: User, password: str) -> None:
    """Give the user a new password and end all sessions begun before.

    Raises:
        PasswordTooShort: see `hash_password`.
    """
    user.password_hash = hash_password(password)
    user.session_mark = secrets.token_hex(16)
