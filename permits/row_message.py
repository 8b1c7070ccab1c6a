"""What the office and a representative say to each other about one row of a list."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.plate_list import PlateListRow
from records.database import Base


class RowMessageKind(enum.StrEnum):
    """The office asks, the representative answers."""

    QUESTION = "question"
    ANSWER = "answer"


_KINDS = ", ".join(f"'{kind}'" for kind in RowMessageKind)


class RowMessage(Base):
    """One message about a row. Its text is sealed: people write names and numbers into it."""

    __tablename__ = "row_messages"
    __table_args__ = (CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("plate_list_rows.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    # Of a question: when the representative answered it.
    answered_at: Mapped[datetime | None]

    row: Mapped[PlateListRow] = relationship()
