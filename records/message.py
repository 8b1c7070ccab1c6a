"""Messages: what each kind tells, who reads it, and what one person has been told."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base
from records.people import Role


class MessageKind(enum.StrEnum):
    """What a message tells."""

    LIST_APPROVED = "list_approved"
    LIST_RETURNED = "list_returned"
    ROW_ASKED = "row_asked"
    ROW_ANSWERED = "row_answered"
    CONFLICT_SETTLED = "conflict_settled"
    REQUEST_GRANTED = "request_granted"
    REQUEST_REFUSED = "request_refused"
    PERMITS_ENDING = "permits_ending"
    SUSPENSION_PROPOSED = "suspension_proposed"
    PERMIT_SUSPENDED = "permit_suspended"
    SUSPENSION_CONTESTED = "suspension_contested"
    SUSPENSION_UPHELD = "suspension_upheld"
    SUSPENSION_LIFTED = "suspension_lifted"
    PLAN_PROPOSED = "plan_proposed"
    PLAN_RATIFIED = "plan_ratified"
    PLAN_REJECTED = "plan_rejected"
    TERM_ENDING = "term_ending"


@dataclass(frozen=True)
class KindRules:
    """What holds for every message of a kind.

    Attributes:
        readers: the roles that are told.
        facts: the names of what it tells, all of them and none that is personal.
    """

    readers: tuple[Role, ...]
    facts: tuple[str, ...]


_REPRESENTATIVE = (Role.REPRESENTATIVE,)
_STAFF = (Role.STAFF,)
_BOTH = (Role.REPRESENTATIVE, Role.STAFF)
_ALL = (Role.REPRESENTATIVE, Role.STAFF, Role.ADMINISTRATOR)

KINDS: Mapping[MessageKind, KindRules] = {
    MessageKind.LIST_APPROVED: KindRules(
        _REPRESENTATIVE, ("list", "added", "moved", "updated", "removed", "waiting")
    ),
    MessageKind.LIST_RETURNED: KindRules(_REPRESENTATIVE, ("list",)),
    MessageKind.ROW_ASKED: KindRules(_REPRESENTATIVE, ("list", "row")),
    MessageKind.ROW_ANSWERED: KindRules(_STAFF, ("compound", "list", "row")),
    MessageKind.CONFLICT_SETTLED: KindRules(_REPRESENTATIVE, ("list", "row")),
    MessageKind.REQUEST_GRANTED: KindRules(_REPRESENTATIVE, ("request",)),
    MessageKind.REQUEST_REFUSED: KindRules(_REPRESENTATIVE, ("request",)),
    MessageKind.PERMITS_ENDING: KindRules(_BOTH, ("compound", "count", "last_day")),
    MessageKind.SUSPENSION_PROPOSED: KindRules(_STAFF, ("compound",)),
    MessageKind.PERMIT_SUSPENDED: KindRules(_REPRESENTATIVE, ("serial", "last_day")),
    MessageKind.SUSPENSION_CONTESTED: KindRules(_STAFF, ("compound", "serial")),
    MessageKind.SUSPENSION_UPHELD: KindRules(_REPRESENTATIVE, ("serial", "last_day")),
    MessageKind.SUSPENSION_LIFTED: KindRules(_REPRESENTATIVE, ("serial",)),
    MessageKind.PLAN_PROPOSED: KindRules(_ALL, ("plan", "first_day")),
    MessageKind.PLAN_RATIFIED: KindRules(_ALL, ("plan", "first_day")),
    MessageKind.PLAN_REJECTED: KindRules(_ALL, ("plan",)),
    MessageKind.TERM_ENDING: KindRules(
        (Role.REPRESENTATIVE, Role.ADMINISTRATOR), ("compound", "last_day")
    ),
}
"""Every kind of message: who reads it, and which facts it tells."""


class Message(Base):
    """One thing that one person is told.

    Attributes:
        facts: see `KINDS`; `compound` is a letter, days are ISO 8601.
        subject: what it is about and where it leads, such as `list:12`, by primary key.
        once: a key under which the person is told at most once; None for no limit.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("user_id", "once"),
        Index("ix_messages_user", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(30))
    facts: Mapped[dict[str, Any]]
    subject: Mapped[str] = mapped_column(String(40))
    once: Mapped[str | None] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
