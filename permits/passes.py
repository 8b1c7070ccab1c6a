"""Gate events: a car passed a gate, with what was decided and by which guard."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.database import Base
from zones.communities import Gate


class Direction(enum.StrEnum):
    """Which way a car passed."""

    IN = "in"
    OUT = "out"


class GateEvent(Base):
    """One car at one gate: the verdict shown, and whether the guard let it through."""

    __tablename__ = "gate_events"
    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out')", name="direction_known"),
        CheckConstraint("verdict IN ('admit', 'check', 'refuse')", name="verdict_known"),
        Index("ix_gate_events_gate_at", "gate_id", "at"),
        Index("ix_gate_events_plate_at", "plate", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gates.id"))
    guard_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    permit_id: Mapped[int | None] = mapped_column(ForeignKey("permits.id"))
    plate: Mapped[str | None] = mapped_column(String(10))
    direction: Mapped[str] = mapped_column(String(3))
    verdict: Mapped[str] = mapped_column(String(6))
    reasons: Mapped[list[Any]]
    let_through: Mapped[bool]
    at: Mapped[datetime]

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)


def passes_query(gates: Iterable[Gate]) -> Select[GateEvent]:
    """Return the query for what passed some gates, the newest first."""
    return (
        select(GateEvent)
        .where(GateEvent.gate_id.in_([gate.id for gate in gates]))
        .order_by(GateEvent.at.desc(), GateEvent.id.desc())
    )
