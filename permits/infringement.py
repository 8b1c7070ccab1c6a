"""Infringement reports: a car stands where it may not, with a photo."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.passes import new_uuid
from records.database import Base
from zones.areas import Zone
from zones.communities import Compound


class InfringementKind(enum.StrEnum):
    """What is wrong."""

    WRONG_ZONE = "wrong_zone"
    NO_PERMIT = "no_permit"
    FIRE_LANE = "fire_lane"
    OTHER = "other"


class ReportState(enum.StrEnum):
    """Where a report is in its life."""

    OPEN = "open"
    CLOSED = "closed"


_KINDS = ", ".join(f"'{kind}'" for kind in InfringementKind)
_STATES = ", ".join(f"'{state}'" for state in ReportState)


class InfringementReport(Base):
    """One finding. The photo is kept without its metadata under its SHA-256."""

    __tablename__ = "infringement_reports"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_have_a_time"),
        Index("ix_infringement_reports_community_state", "community_id", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zones.id"))
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"))
    plate: Mapped[str | None] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")
    photo_sha256: Mapped[str | None] = mapped_column(String(64))
    reported_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default=ReportState.OPEN)
    answer: Mapped[str] = mapped_column(String(500), default="")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))

    zone: Mapped[Zone | None] = relationship(lazy="joined")
    compound: Mapped[Compound | None] = relationship(lazy="joined")
