"""Telling people what concerns them, in the transaction of the act that does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from records.delivery import Delivery, queue
from records.message import KINDS, Message, MessageKind
from records.people import Role, User

KEPT = timedelta(days=366)
"""How long messages are kept."""


def tell(
    session: Session,
    kind: MessageKind,
    subject: str,
    facts: Mapping[str, str | int],
    *,
    community_id: int,
    actor: str,
    at: datetime,
    compound_id: int | None = None,
    representative_id: int | None = None,
    once: str | None = None,
) -> list[Message]:
    """Tell those whose role reads this kind, but for who did the act; return the messages.

    Args:
        subject: where the message leads, such as `list:12`, by primary key.
        facts: exactly those that `KINDS` names for the kind, none of them personal.
        compound_id: of the representatives only this compound's are told.
        representative_id: of the representatives only this one is told.
        once: who was told under this key before is not told again.

    Raises:
        ValueError: the facts are not those of the kind.
    """
    rules = KINDS[kind]
    if set(facts) != set(rules.facts):
        raise ValueError(f"{kind} tells {rules.facts}")
    readers = select(User).where(
        User.community_id == community_id, User.active, User.role.in_(rules.readers)
    )
    is_other = User.role != Role.REPRESENTATIVE
    if compound_id is not None:
        readers = readers.where(or_(is_other, User.compound_id == compound_id))
    if representative_id is not None:
        readers = readers.where(or_(is_other, User.id == representative_id))
    if once is not None:
        readers = readers.where(User.id.not_in(select(Message.user_id).where(Message.once == once)))
    messages = [
        Message(user_id=user.id, kind=kind, facts=dict(facts), subject=subject, once=once, at=at)
        for user in session.scalars(readers.order_by(User.id))
        if user.actor != actor
    ]
    session.add_all(messages)
    session.flush()
    queue(session, messages)
    return messages


def messages_query(user_id: int) -> Select[Message]:
    """Return the query for what a person was told, the newest first."""
    return (
        select(Message)
        .where(Message.user_id == user_id)
        .order_by(Message.at.desc(), Message.id.desc())
    )


def unread(session: Session, user_id: int) -> int:
    """Return how many messages a person has not read."""
    query = select(func.count()).where(Message.user_id == user_id, Message.read_at.is_(None))
    return session.scalar(query) or 0


def mark_read(message: Message, *, at: datetime) -> None:
    """Enter that a message was read; the first time counts."""
    message.read_at = message.read_at or at


def mark_all_read(session: Session, user_id: int, *, at: datetime) -> None:
    """Enter that a person has read every message that there is."""
    session.execute(
        update(Message)
        .where(Message.user_id == user_id, Message.read_at.is_(None))
        .values(read_at=at)
    )


def forget_old(session: Session, at: datetime) -> None:
    """Delete the messages that were kept long enough, read or not, and what was sent of them."""
    session.execute(delete(Delivery).where(Delivery.created_at < at - KEPT))
    session.execute(delete(Message).where(Message.at < at - KEPT))
