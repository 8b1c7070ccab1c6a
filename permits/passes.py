"""Gate events: a car passed a gate, with what was decided and by whom."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits.verdicts import Verdict
from records.database import Base
from zones.communities import Community, Compound, Gate


class Direction(enum.StrEnum):
    """Which way a car passed."""

    IN = "in"
    OUT = "out"


class PassKind(enum.StrEnum):
    """What a car is to the compounds when it passes."""

    CAR = "car"
    VISITOR = "visitor"
    DROP_OFF = "drop_off"
    SERVICE = "service"


_KINDS = ", ".join(f"'{kind}'" for kind in PassKind)
_VERDICTS = ", ".join(f"'{verdict}'" for verdict in Verdict)


def new_uuid() -> str:
    """Return a random UUID as text (RFC 9562, version 4)."""
    return str(uuid.uuid4())


class GateEvent(Base):
    """One car at one gate: the verdict shown, and whether it was let through.

    A pass is named by the UUID that the device gave it, so that sending it twice records it once.
    `at` is the device's time and `received_at` the server's. What the server knew at `at` is kept
    beside what the device showed; where the two verdicts differ, staff look at the pass.
    """

    __tablename__ = "gate_events"
    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out')", name="direction_known"),
        CheckConstraint(f"verdict IN ({_VERDICTS})", name="verdict_known"),
        CheckConstraint(f"known_verdict IN ({_VERDICTS})", name="known_verdict_known"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        Index("ix_gate_events_gate_at", "gate_id", "at"),
        Index("ix_gate_events_plate_at", "plate", "at"),
        Index(
            "ix_gate_events_to_review",
            "gate_id",
            sqlite_where=text("differs AND reviewed_at IS NULL"),
            postgresql_where=text("differs AND reviewed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gates.id"))
    guard_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("gate_devices.id"))
    permit_id: Mapped[int | None] = mapped_column(ForeignKey("permits.id"))
    visitor_pass_id: Mapped[int | None] = mapped_column(ForeignKey("visitor_passes.id"))
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"))
    kind: Mapped[str] = mapped_column(String(10), default=PassKind.CAR)
    plate: Mapped[str | None] = mapped_column(String(10))
    direction: Mapped[str] = mapped_column(String(3))
    verdict: Mapped[str] = mapped_column(String(6))
    reasons: Mapped[list[Any]]
    known_verdict: Mapped[str] = mapped_column(String(6))
    known_reasons: Mapped[list[Any]]
    differs: Mapped[bool] = mapped_column(default=False)
    offline: Mapped[bool] = mapped_column(default=False)
    let_through: Mapped[bool]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None] = mapped_column(String(80))

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)
    compound: Mapped[Compound | None] = relationship(lazy="joined")


def differing_query(community: Community) -> Select[GateEvent]:
    """Return the query for the passes that staff have to look at, the oldest first.

    The register, as it stood at the moment of the pass, would have decided them differently.
    """
    gates = select(Gate.id).where(Gate.community_id == community.id)
    return (
        select(GateEvent)
        .where(
            GateEvent.gate_id.in_(gates),
            GateEvent.differs,
            GateEvent.reviewed_at.is_(None),
        )
        .order_by(GateEvent.at, GateEvent.id)
    )


def mark_seen(session: Session, event: GateEvent, *, actor: str, at: datetime) -> None:
    """Say that staff have looked at a pass; the first to do so is kept."""
    if event.reviewed_at is None:
        event.reviewed_at, event.reviewed_by = at, actor
        session.flush()


def passes_query(gates: Iterable[Gate]) -> Select[GateEvent]:
    """Return the query for what passed some gates, the newest first."""
    return (
        select(GateEvent)
        .where(GateEvent.gate_id.in_([gate.id for gate in gates]))
        .order_by(GateEvent.at.desc(), GateEvent.id.desc())
    )
