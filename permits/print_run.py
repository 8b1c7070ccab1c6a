"""Print runs: which permits were printed together, and the printed file's SHA-256."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.permit import Permit
from records.database import Base


class PrintRun(Base):
    """One printed file and what it held."""

    __tablename__ = "print_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    layout: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    permit_count: Mapped[int]
    sheets: Mapped[int]
    pages: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    permits: Mapped[list[Permit]] = relationship(secondary="print_run_permits")


class PrintRunPermit(Base):
    """A permit was in a print run."""

    __tablename__ = "print_run_permits"

    run_id: Mapped[int] = mapped_column(ForeignKey("print_runs.id"), primary_key=True)
    permit_id: Mapped[int] = mapped_column(ForeignKey("permits.id"), primary_key=True, index=True)
