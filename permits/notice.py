"""Public notices: the A3 sheets that were printed, each under a signed head of the ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from records.database import Base


class PublicNotice(Base):
    """One printed notice. Its file is kept under its SHA-256, as it was hung up.

    Attributes:
        head_number: entry of the signed head that is printed on it.
        plan_number: the plan in force that it shows; None where there was none.
    """

    __tablename__ = "public_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    head_number: Mapped[int]
    plan_number: Mapped[int | None]
    file_sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
