"""Infringement reports: a car stands where it may not, with a photo, and what became of it."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.passes import new_uuid
from records.database import Base
from zones.areas import Zone
from zones.communities import Compound

RESIDENT = "resident"
"""Who reported it, where it was somebody who did not sign in."""


class InfringementKind(enum.StrEnum):
    """What is wrong."""

    WRONG_ZONE = "wrong_zone"
    NO_PERMIT = "no_permit"
    FIRE_LANE = "fire_lane"
    OTHER = "other"


class ReportState(enum.StrEnum):
    """Where a report is in its life. What is answered is looked back at before it closes."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class StepKind(enum.StrEnum):
    """What was done about a report: an answer, or a second visit and what it found."""

    ANSWERED = "answered"
    GONE = "gone"
    UNCHANGED = "unchanged"


_KINDS = ", ".join(f"'{kind}'" for kind in InfringementKind)
_STATES = ", ".join(f"'{state}'" for state in ReportState)
_STEPS = ", ".join(f"'{kind}'" for kind in StepKind)


class InfringementReport(Base):
    """One finding. The photo is kept without its metadata under its SHA-256.

    `look_back_due` is there while a report is answered. A resident's report is found again by its
    code, of which only the SHA-256 is kept, and may have a contact, sealed.
    """

    __tablename__ = "infringement_reports"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_have_a_time"),
        CheckConstraint(
            "(state = 'answered') = (look_back_due IS NOT NULL)", name="answered_are_looked_back_at"
        ),
        CheckConstraint("times_reopened >= 0", name="times_reopened_not_negative"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"
        ),
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
    look_back_due: Mapped[datetime | None]
    times_reopened: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    code_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    zone: Mapped[Zone | None] = relationship(lazy="joined")
    compound: Mapped[Compound | None] = relationship(lazy="joined")
    steps: Mapped[list[ReportStep]] = relationship(
        back_populates="report", order_by="ReportStep.id"
    )

    @property
    def is_urgent(self) -> bool:
        """Whether it stands at the top of every list: a fire engine would not get through."""
        return self.kind == InfringementKind.FIRE_LANE and self.state != ReportState.CLOSED


class ReportStep(Base):
    """One thing that a guard or staff did about a report, with words or a photo."""

    __tablename__ = "report_steps"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_STEPS})", name="kind_known"),
        CheckConstraint(
            "(kind = 'answered') = (photo_sha256 IS NULL)", name="look_backs_have_a_photo"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("infringement_reports.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(500), default="")
    photo_sha256: Mapped[str | None] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    report: Mapped[InfringementReport] = relationship(back_populates="steps")
