"""Hand-over notes: what a guard tells the next shift at a gate."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.passes import new_uuid
from records.database import Base
from records.people import User
from zones.communities import Gate


class ShiftNote(Base):
    """One note at one gate."""

    __tablename__ = "shift_notes"
    __table_args__ = (Index("ix_shift_notes_gate_at", "gate_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    gate_id: Mapped[int] = mapped_column(ForeignKey("gates.id"))
    guard_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    received_at: Mapped[datetime]

    gate: Mapped[Gate] = relationship(lazy="joined", innerjoin=True)
    guard: Mapped[User] = relationship(lazy="joined", innerjoin=True)
