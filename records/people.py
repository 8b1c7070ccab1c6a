"""People who sign in: their role, where it reaches, and who knows whose password."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base
from records.errors import DomainError
from records.passwords import hash_password, is_password, renewed_hash


class Role(enum.StrEnum):
    """What a person is to the product; what each may do is in the rights table of the doors."""

    REPRESENTATIVE = "representative"
    STAFF = "staff"
    GUARD = "guard"
    ADMINISTRATOR = "administrator"


_ROLES = ", ".join(f"'{role}'" for role in Role)


@dataclass(frozen=True)
class Here:
    """The sign-in by which a user is here now.

    Attributes:
        token: what its cookie holds.
        seen_at: when it was last noted that it is in use.
    """

    token: str
    sign_in_id: int
    seen_at: datetime


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
    # The last day of a representative's term; None where none was set.
    term_ends: Mapped[date | None]

    # Of the object, not of the row: set by `records.sign_ins` where this user is the reader.
    __allow_unmapped__ = True
    here: Here | None = None

    @property
    def actor(self) -> str:
        """The name of this person in the ledger."""
        return f"user:{self.id}"

    def serves_on(self, day: date) -> bool:
        """Return whether the user's term, where there is one, is not over on a day."""
        return self.term_ends is None or day <= self.term_ends

    # The four names by which a sign-in library asks about a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the user may sign in."""
        return self.active

    def get_id(self) -> str:
        """The text that the cookie of the present sign-in remembers."""
        return self.here.token if self.here else ""


def users_of(session: Session, community_id: int, role: Role | None = None) -> list[User]:
    """Return the community's users, those with open accounts first, by role and name."""
    query = select(User).where(User.community_id == community_id)
    if role is not None:
        query = query.where(User.role == role)
    return list(session.scalars(query.order_by(User.active.desc(), User.role, User.name)))


class NameTaken(DomainError):
    """Another user has the sign-in `name`."""

    code: ClassVar[str] = "name_taken"
    status: ClassVar[int] = 409


class UnknownUser(DomainError):
    """No active user has this name and password; which of both is wrong is not told."""

    code: ClassVar[str] = "sign_in_refused"
    status: ClassVar[int] = 403


def sign_in(session: Session, name: str, password: str) -> User:
    """Return the active user with this name and password.

    Raises:
        UnknownUser: for an unknown name, a wrong password and a user who is not active alike.
    """
    key = name.strip().lower()
    # PostgreSQL takes no NUL in a text, and no name has one.
    user = None if "\0" in key else session.scalar(select(User).where(User.name == key))
    is_right = is_password(user.password_hash if user else None, password)
    if user is None or not is_right or not user.active:
        raise UnknownUser
    user.password_hash = renewed_hash(user.password_hash, password)
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
        PasswordTooShort: see `records.passwords.hash_password`.
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
