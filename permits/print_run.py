"""Print runs: which permits were printed together, and the printed file's SHA-256."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits.permit import Permit
from permits.printing.options import Flip, Ink
from records.database import Base


class WhyAgain(enum.StrEnum):
    """Why a permit that was printed before is printed again."""

    MISPRINT = "misprint"
    DAMAGED = "damaged"
    FADED = "faded"
    MISLAID = "mislaid"


class PrintRun(Base):
    """One printed file and what it held.

    Attributes:
        flip: over which edge its sheets are turned; `none` for one side.
        why_again: set where permits were printed before.
    """

    __tablename__ = "print_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    layout: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    permit_count: Mapped[int]
    sheets: Mapped[int]
    pages: Mapped[int]
    ink: Mapped[str] = mapped_column(String(8), default=Ink.COLOUR)
    flip: Mapped[str] = mapped_column(String(8), default=Flip.LONG)
    why_again: Mapped[str | None] = mapped_column(String(12))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    permits: Mapped[list[Permit]] = relationship(secondary="print_run_permits")


class PrintRunPermit(Base):
    """A permit was in a print run."""

    __tablename__ = "print_run_permits"

    run_id: Mapped[int] = mapped_column(ForeignKey("print_runs.id"), primary_key=True)
    permit_id: Mapped[int] = mapped_column(ForeignKey("permits.id"), primary_key=True, index=True)


def times_printed(session: Session, permit: Permit) -> int:
    """Return in how many runs a permit was."""
    query = select(func.count()).where(PrintRunPermit.permit_id == permit.id)
    return session.scalar(query) or 0
