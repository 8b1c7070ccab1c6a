"""Invitations: a link by which somebody makes the account that was meant for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.links import LinkOver, digest_of, new_token
from records.managing_users import require_compound
from records.people import Role, User, add_user

GOOD_FOR = timedelta(days=7)


class Invitation(Base):
    """An account that is still to be made; the row goes when it is, or when it is withdrawn.

    Attributes:
        shown_name: as colleagues and neighbours know this person.
        token_digest: SHA-256 of what the link holds, in hexadecimal.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"))
    shown_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]


def invite(
    session: Session,
    *,
    community_id: int,
    shown_name: str,
    role: Role,
    actor: str,
    at: datetime,
    compound_id: int | None = None,
) -> tuple[Invitation, str]:
    """Return a new invitation and the token of its link, which is kept nowhere.

    Raises:
        CompoundMissing: a representative without a compound, or another role with one.
    """
    require_compound(role, compound_id)
    token = new_token()
    one = Invitation(
        community_id=community_id,
        compound_id=compound_id,
        shown_name=shown_name.strip(),
        role=role,
        token_digest=digest_of(token),
        made_at=at,
        ends_at=at + GOOD_FOR,
    )
    session.add(one)
    session.flush()
    details = {"role": role, "compound": compound_id}
    _enter(session, "invitation.made", one, details, actor, at)
    return one, token


def renew_invitation(session: Session, one: Invitation, *, actor: str, at: datetime) -> str:
    """Return the token of a new link; the one before leads nowhere."""
    token = new_token()
    one.token_digest, one.ends_at = digest_of(token), at + GOOD_FOR
    _enter(session, "invitation.renewed", one, {}, actor, at)
    return token


def withdraw_invitation(session: Session, one: Invitation, *, actor: str, at: datetime) -> None:
    """Let nobody make an account by this invitation."""
    _enter(session, "invitation.withdrawn", one, {}, actor, at)
    session.delete(one)


def invitations_of(session: Session, community_id: int) -> list[Invitation]:
    """Return the invitations that nobody has taken up yet, the latest first."""
    query = select(Invitation).where(Invitation.community_id == community_id)
    return list(session.scalars(query.order_by(Invitation.made_at.desc(), Invitation.id.desc())))


def invitation_of(session: Session, token: str, at: datetime) -> Invitation:
    """Return the invitation of a link, held until the transaction ends.

    Raises:
        LinkOver: it was taken up, withdrawn or renewed, or its days are over.
    """
    wanted = Invitation.token_digest == digest_of(token), Invitation.ends_at > at
    one = session.scalar(select(Invitation).where(*wanted).with_for_update())
    if one is None:
        raise LinkOver
    return one


def accept_invitation(
    session: Session, token: str, *, name: str, password: str, at: datetime
) -> User:
    """Return the new user, who chose the sign-in name and the password.

    Raises:
        LinkOver: see `invitation_of`.
        NameTaken, PasswordTooShort: see `records.people.add_user`.
    """
    one = invitation_of(session, token, at)
    user = add_user(
        session,
        community_id=one.community_id,
        name=name,
        shown_name=one.shown_name,
        role=Role(one.role),
        password=password,
        at=at,
        compound_id=one.compound_id,
    )
    details = {"role": one.role, "compound": one.compound_id, "invitation": one.id}
    session.delete(one)
    session.flush()
    act = ledger.Act("user.added", f"user:{user.id}", details)
    ledger.append(session, user.actor, [act], at)
    return user


def _enter(
    session: Session,
    act: str,
    one: Invitation,
    details: Mapping[str, object],
    actor: str,
    at: datetime,
) -> None:
    session.flush()
    ledger.append(session, actor, [ledger.Act(act, f"invitation:{one.id}", details)], at)
