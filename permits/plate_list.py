"""The plate list a representative hands in, its rows, and what became of each."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Text,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records.database import Base
from records.errors import DomainError
from zones.communities import Community, Compound


class ListState(enum.StrEnum):
    """A list's life: reviewed, then handed in by its representative, then decided by staff."""

    REVIEWED = "reviewed"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ListMeaning(enum.StrEnum):
    """What a list says: these cars too, these no longer, or these and no others."""

    ADD = "add"
    REMOVE = "remove"
    WHOLE = "whole"


class Outcome(enum.StrEnum):
    """What becomes of one row."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    DUPLICATE_IN_LIST = "duplicate_in_list"
    CONFLICT = "conflict"
    OVER_QUOTA = "over_quota"
    INVALID_PLATE = "invalid_plate"
    MISSING_PLATE = "missing_plate"
    NEEDS_ATTENTION = "needs_attention"
    REMOVED = "removed"
    NOT_IN_REGISTER = "not_in_register"
    LEFT_OUT = "left_out"


APPLIED = (Outcome.ACCEPTED, Outcome.NEEDS_ATTENTION)
"""The outcomes whose rows are brought into the register when the list is approved."""

REFUSED = (
    Outcome.CONFLICT,
    Outcome.OVER_QUOTA,
    Outcome.INVALID_PLATE,
    Outcome.MISSING_PLATE,
    Outcome.DUPLICATE_IN_LIST,
    Outcome.NOT_IN_REGISTER,
)
"""The outcomes that come back to the representative as rows to mend."""


OPEN_TO_CHANGES = (ListState.REVIEWED, ListState.RETURNED)
"""States in which a list's representative mends its rows, leaves some out, and hands it in."""


class ConflictDecision(enum.StrEnum):
    """How staff settle a plate that two compounds claim."""

    KEEP = "keep"
    MOVE = "move"


_LIST_STATES = ", ".join(f"'{state}'" for state in ListState)
_MEANINGS = ", ".join(f"'{meaning}'" for meaning in ListMeaning)
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in Outcome)
_DECISIONS = ", ".join(f"'{decision}'" for decision in ConflictDecision)


class PlateList(Base):
    """A handed-in list. Its file is kept, unchanged, under its SHA-256."""

    __tablename__ = "plate_lists"
    __table_args__ = (
        CheckConstraint(f"state IN ({_LIST_STATES})", name="state_known"),
        CheckConstraint(f"meaning IN ({_MEANINGS})", name="meaning_known"),
        Index("ix_plate_lists_compound_state", "compound_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    meaning: Mapped[str] = mapped_column(String(10), default=ListMeaning.ADD)
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default=ListState.REVIEWED)
    # Plates in the register that a whole list leaves out, and that its approval removes.
    removals: Mapped[list[Any]] = mapped_column(default=list)
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decision_note: Mapped[str] = mapped_column(Text, default="")

    compound: Mapped[Compound] = relationship(lazy="joined", innerjoin=True)
    rows: Mapped[list[PlateListRow]] = relationship(
        back_populates="plate_list", cascade="all, delete-orphan", order_by="PlateListRow.id"
    )


class PlateListRow(Base):
    """One plate of a list, or one row of it that has other data but no plate."""

    __tablename__ = "plate_list_rows"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint(f"decision IN ({_DECISIONS})", name="decision_known"),
        Index("ix_plate_list_rows_list_outcome", "list_id", "outcome"),
        Index("ix_plate_list_rows_plate", "plate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("plate_lists.id"))
    sheet: Mapped[str] = mapped_column(String(80))
    row: Mapped[int]
    raw: Mapped[str] = mapped_column(String(200))
    plate: Mapped[str | None] = mapped_column(String(10))
    kind: Mapped[str | None] = mapped_column(String(20))
    building: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(20))
    room: Mapped[str] = mapped_column(String(20))
    owner_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    details_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    owner_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40))
    remarks: Mapped[list[Any]] = mapped_column(default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # When its representative put it right in the page: from then on it differs from the file.
    mended_at: Mapped[datetime | None]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"))
    decision: Mapped[str | None] = mapped_column(String(10))
    decision_reason: Mapped[str | None] = mapped_column(String(500))
    decided_at: Mapped[datetime | None]

    plate_list: Mapped[PlateList] = relationship(back_populates="rows")
    claimed_by: Mapped[Compound | None] = relationship(lazy="joined")


class WrongListState(DomainError):
    """The act does not fit the `state` of the list `number`."""

    code: ClassVar[str] = "wrong_list_state"
    status: ClassVar[int] = 409


def lists_query(
    community: Community, compound: Compound | None = None, states: Iterable[ListState] = ()
) -> Select[PlateList]:
    """Return the query for a community's lists, the newest first.

    Args:
        compound: only this compound's lists.
        states: only lists in one of these states; none for all states.
    """
    query = (
        select(PlateList)
        .join(Compound, PlateList.compound_id == Compound.id)
        .where(Compound.community_id == community.id)
        .order_by(PlateList.id.desc())
    )
    if compound is not None:
        query = query.where(PlateList.compound_id == compound.id)
    if wanted := list(states):
        query = query.where(PlateList.state.in_(wanted))
    return query


def outcome_counts(session: Session, list_id: int) -> dict[Outcome, int]:
    """Return how many rows of a list have each outcome; every outcome is a key."""
    found = session.execute(
        select(PlateListRow.outcome, func.count())
        .where(PlateListRow.list_id == list_id)
        .group_by(PlateListRow.outcome)
    )
    counts = dict.fromkeys(Outcome, 0)
    for outcome, count in found:
        counts[Outcome(outcome)] = count
    return counts
