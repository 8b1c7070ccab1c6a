"""Managing who signs in: every change of a user is in the ledger, and never with a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from records import ledger
from records.contact import remove_email
from records.errors import DomainError
from records.passwords import hash_password
from records.people import Role, User, add_user, sign_in
from records.second_factor import NoSecondFactor, forget_second_factor, second_factor_of
from records.sign_ins import end_sign_ins


class OwnAccount(DomainError):
    """Nobody closes the own account or gives it a password without the present one.

    An installation must keep somebody who can open others' accounts, and a session left open at
    a desk must not be enough to take an account over.
    """

    code: ClassVar[str] = "own_account"
    status: ClassVar[int] = 409


class CompoundMissing(DomainError):
    """A representative belongs to a compound, and nobody else does."""

    code: ClassVar[str] = "compound_missing"


class TermOfRepresentatives(DomainError):
    """Only representatives are elected for a term."""

    code: ClassVar[str] = "term_of_representatives"
    status: ClassVar[int] = 409


def require_compound(role: Role, compound_id: int | None) -> None:
    """Accept a role with the compound that it has to have, or none.

    Raises:
        CompoundMissing: see there.
    """
    if (role is Role.REPRESENTATIVE) != (compound_id is not None):
        raise CompoundMissing


def admit(
    session: Session,
    *,
    community_id: int,
    name: str,
    shown_name: str,
    role: Role,
    password: str,
    actor: str,
    at: datetime,
    compound_id: int | None = None,
) -> User:
    """Return a new user, entered in the ledger.

    Raises:
        CompoundMissing: a representative without a compound, or another role with one.
        NameTaken, PasswordTooShort: see `records.people.add_user`.
    """
    require_compound(role, compound_id)
    user = add_user(
        session,
        community_id=community_id,
        name=name,
        shown_name=shown_name,
        role=role,
        password=password,
        at=at,
        compound_id=compound_id,
    )
    _enter(session, "user.added", user, {"role": role, "compound": compound_id}, actor, at)
    return user


def close_account(session: Session, user: User, *, actor: str, at: datetime) -> None:
    """End a user's sessions, let nobody sign in by this name any more, erase the e-mail address.

    Raises:
        OwnAccount: the actor is that user.
    """
    if user.actor == actor:
        raise OwnAccount
    user.active = False
    end_sign_ins(session, user)
    remove_email(session, user, actor=actor, at=at)
    _enter(session, "user.closed", user, {}, actor, at)


def reopen_account(session: Session, user: User, *, actor: str, at: datetime) -> None:
    """Let a user whose account was closed sign in again."""
    user.active = True
    _enter(session, "user.reopened", user, {}, actor, at)


def change_password(session: Session, user: User, old: str, new: str, *, at: datetime) -> None:
    """Change the own password; the sign-in by which the user is here goes on, all others end.

    Raises:
        UnknownUser: the old password is not the present one.
        PasswordTooShort: see `records.passwords.hash_password`.
    """
    sign_in(session, user.name, old)
    user.password_hash = hash_password(new)
    end_sign_ins(session, user, but=user.here.sign_in_id if user.here else None)
    _enter(session, "user.password_changed", user, {}, user.actor, at)


def sign_out_everywhere(session: Session, user: User, *, actor: str, at: datetime) -> int:
    """End all of somebody's sign-ins, as when a phone is lost, and return how many there were.

    Raises:
        OwnAccount: the actor is that user, who would sign out the own page too.
    """
    if user.actor == actor:
        raise OwnAccount
    ended = end_sign_ins(session, user)
    _enter(session, "user.signed_out", user, {"sign_ins": ended}, actor, at)
    return ended


def set_term(
    session: Session, user: User, last_day: date | None, *, actor: str, at: datetime
) -> None:
    """Set or renew the last day of a representative's term; None for a term without end.

    After it the user reads, but acts and votes no more. Votes given before it count on.

    Raises:
        TermOfRepresentatives: the user is none.
    """
    if user.role != Role.REPRESENTATIVE:
        raise TermOfRepresentatives
    user.term_ends = last_day
    details = {"last_day": last_day.isoformat() if last_day else None}
    _enter(session, "user.term_set", user, details, actor, at)


def reset_second_factor(session: Session, user: User, *, actor: str, at: datetime) -> None:
    """Forget the app of somebody who lost the phone, and end all of that user's sign-ins.

    Raises:
        OwnAccount: the actor is that user, who has recovery codes for it.
        NoSecondFactor: there is none.
    """
    if user.actor == actor:
        raise OwnAccount
    if second_factor_of(session, user) is None:
        raise NoSecondFactor(name=user.name)
    forget_second_factor(session, user)
    end_sign_ins(session, user)
    _enter(session, "user.second_factor_reset", user, {}, actor, at)


def _enter(
    session: Session, act: str, user: User, details: Mapping[str, object], actor: str, at: datetime
) -> None:
    session.flush()
    ledger.append(session, actor, [ledger.Act(act, f"user:{user.id}", details)], at)
