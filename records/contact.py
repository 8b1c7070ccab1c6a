"""Addresses outside of the pages at which people want to be told, and of what."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import compare_digest
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.message import KINDS, MessageKind
from records.people import Role, User
from records.sealed import Sealer

EMAIL = "email"
"""The channel of e-mail."""

LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, without the angle brackets."""

LINK_GOOD_FOR = timedelta(days=3)
"""How long the link that confirms an address is good."""

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")


class Contact(Base):
    """A person's address in one channel.

    Attributes:
        address_digest: a keyed digest, to find an address without opening any.
        kinds: the messages that are sent there too.
        language: the one in which they are written, `zh` or `en`.
        asked_at: when the link that confirms the address was asked for last.
        confirmed_at: when it was followed; nothing else is sent before.
    """

    __tablename__ = "contacts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    address_digest: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    kinds: Mapped[list[Any]]
    language: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class EmailWrong(DomainError):
    """What was written is no e-mail address."""

    code: ClassVar[str] = "email_wrong"


class LinkWrong(DomainError):
    """The link is old, belongs to another address, or was never sent."""

    code: ClassVar[str] = "link_wrong"
    status: ClassVar[int] = 409


def contact_of(session: Session, user_id: int, channel: str = EMAIL) -> Contact | None:
    """Return a person's address in a channel, None where there is none."""
    return session.get(Contact, (user_id, channel))


def kinds_for(role: Role) -> list[MessageKind]:
    """Return the kinds of message that a role reads."""
    return [kind for kind, rules in KINDS.items() if role in rules.readers]


def set_email(
    session: Session,
    user: User,
    email: str,
    *,
    kinds: Collection[MessageKind],
    language: str,
    sealer: Sealer,
    at: datetime,
) -> bool:
    """Keep a person's e-mail address and what is sent there; return whether it is a new one.

    A new address has to be confirmed by a link that is sent to it.

    Raises:
        EmailWrong: it is no address.
    """
    address = email.strip()
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise EmailWrong
    digest = sealer.digest(EMAIL, address.lower())
    contact = contact_of(session, user.id)
    is_new = contact is None or contact.address_digest != digest
    if contact is None:
        contact = Contact(user_id=user.id, channel=EMAIL)
        session.add(contact)
    if is_new:
        contact.address_sealed, contact.address_digest = sealer.seal(address), digest
        contact.asked_at, contact.confirmed_at = at, None
    contact.kinds, contact.language = sorted(kinds), language
    if is_new:
        _enter(session, "user.email_entered", user, user.actor, at)
    session.flush()
    return is_new


def remove_email(session: Session, user: User, *, actor: str, at: datetime) -> None:
    """Erase a person's e-mail address, if there is one; what waits for it is not sent."""
    contact = contact_of(session, user.id)
    if contact is not None:
        session.delete(contact)
        _enter(session, "user.email_removed", user, actor, at)


def link_of(contact: Contact, sealer: Sealer) -> str:
    """Return what the link that confirms an address carries; with a new address it is another."""
    parts = (str(contact.user_id), contact.address_digest.hex(), contact.asked_at.isoformat())
    return urlsafe_b64encode(sealer.digest("confirm", *parts)).decode().rstrip("=")


def confirm_email(session: Session, user: User, link: str, sealer: Sealer, *, at: datetime) -> None:
    """Enter that a person's e-mail address reaches that person.

    Raises:
        LinkWrong: the link is not the one that was sent there last, or older than
            `LINK_GOOD_FOR`.
    """
    contact = contact_of(session, user.id)
    if contact is None or at > contact.asked_at + LINK_GOOD_FOR:
        raise LinkWrong
    if not compare_digest(link_of(contact, sealer).encode(), link.encode()):
        raise LinkWrong
    if contact.confirmed_at is None:
        contact.confirmed_at = at
        _enter(session, "user.email_confirmed", user, user.actor, at)


def _enter(session: Session, act: str, user: User, actor: str, at: datetime) -> None:
    session.flush()
    ledger.append(session, actor, [ledger.Act(act, f"user:{user.id}", {})], at)
