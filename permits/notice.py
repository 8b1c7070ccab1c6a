"""Public notices: the A3 sheets that were printed, each under a signed head of the ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.database import Base
from zones.communities import Compound


class PublicNotice(Base):
    """One printed notice. Its file is kept under its SHA-256, as it was hung up.

    Attributes:
        head_number: entry of the signed head that is printed on it.
        plan_number: the plan in force that it shows; None where there was none.
        compound_id: whose own notice it is; None for the whole community's.
    """

    __tablename__ = "public_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    head_number: Mapped[int]
    plan_number: Mapped[int | None]
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    compound: Mapped[Compound | None] = relationship()
