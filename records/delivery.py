"""Deliveries: messages on their way to addresses outside, tried until they are taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, String, UniqueConstraint, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records.contact import Contact
from records.database import Base
from records.message import Message
from records.people import User

WAITS = tuple(timedelta(minutes=one) for one in (1, 2, 5, 10, 20, 40, 80, 160, 320, 640))
"""How long after the first, second … failed try the next one is due: 21 hours in all."""

QUEUED = "deliveries_queued"
"""In a session's `info` while its transaction holds new deliveries."""


class Delivery(Base):
    """One message to one address: taken once, or given up.

    Attributes:
        message: None for the link that confirms the address.
        fault: why the last try failed: a word, or the receiver's status.
    """

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("message_id", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    tried_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(40), default="")

    message: Mapped[Message | None] = relationship(lazy="joined")


def queue(session: Session, messages: Iterable[Message]) -> None:
    """Queue messages for the confirmed addresses of those who want that kind there."""
    by_reader = {one.user_id: one for one in messages}
    contacts = session.scalars(
        select(Contact)
        .where(Contact.user_id.in_(by_reader), Contact.confirmed_at.is_not(None))
        .order_by(Contact.user_id, Contact.channel)
    )
    for contact in contacts:
        message = by_reader[contact.user_id]
        if message.kind in contact.kinds:
            _add(session, contact, message, message.at)


def queue_link(session: Session, contact: Contact, *, at: datetime) -> None:
    """Queue the link that confirms an address."""
    _add(session, contact, None, at)


def _add(session: Session, contact: Contact, message: Message | None, at: datetime) -> None:
    session.add(
        Delivery(user_id=contact.user_id, channel=contact.channel, message=message, created_at=at)
    )
    session.flush()
    session.info[QUEUED] = True


class DueDelivery(NamedTuple):
    """A delivery whose next try is due, and how many tries it has had."""

    id: int
    tries: int


def due(
    session: Session, channels: Collection[str], *, at: datetime, limit: int
) -> list[DueDelivery]:
    """Return the deliveries of some channels whose next try is due, the oldest first."""
    again = (
        and_(Delivery.tries == tries, Delivery.tried_at <= at - wait)
        for tries, wait in enumerate(WAITS, start=1)
    )
    rows = session.execute(
        select(Delivery.id, Delivery.tries)
        .where(
            Delivery.channel.in_(channels),
            Delivery.delivered_at.is_(None),
            Delivery.given_up_at.is_(None),
            or_(Delivery.tries == 0, *again),
        )
        .order_by(Delivery.id)
        .limit(limit)
    )
    return [DueDelivery(*row) for row in rows]


def begin_try(session: Session, one: DueDelivery, *, at: datetime) -> Delivery | None:
    """Count one more try and return its delivery, None where another sender makes it.

    Commit before sending: a second sender then sees the try and leaves the delivery alone.
    """
    result: Any = session.execute(
        update(Delivery)
        .where(Delivery.id == one.id, Delivery.tries == one.tries)
        .values(tries=one.tries + 1, tried_at=at)
    )
    return session.get_one(Delivery, one.id) if result.rowcount == 1 else None


def end_try(
    session: Session, delivery: Delivery, fault: str, *, is_final: bool, at: datetime
) -> None:
    """Enter how a try ended; after the last one, or a final fault, the delivery is given up.

    Args:
        fault: why it was not taken, empty where it was.
    """
    delivery.fault = fault
    if not fault:
        delivery.delivered_at = at
    elif is_final or delivery.tries > len(WAITS):
        delivery.given_up_at = at
    session.flush()


def failing(session: Session, community_id: int, limit: int) -> list[tuple[Delivery, User]]:
    """Return the deliveries of a community's people that failed or wait, the newest first."""
    rows = session.execute(
        select(Delivery, User)
        .join(User, Delivery.user_id == User.id)
        .where(
            User.community_id == community_id, Delivery.delivered_at.is_(None), Delivery.tries > 0
        )
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return [(delivery, user) for delivery, user in rows]
