"""Joint meetings (联席会议): what was decided there, and the votes given on paper.

A vote on paper does not count by itself. The office enters it with the signed sheet, and it counts
once the compound's own representative has confirmed it: nobody else can give a compound's vote.
"""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.database import Base
from zones.communities import Compound
from zones.plans import ZonePlan


class PaperState(enum.StrEnum):
    """What became of a vote on paper."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DENIED = "denied"


_STATES = ", ".join(f"'{state}'" for state in PaperState)


class JointMeeting(Base):
    """One meeting and the proposal that it decided on.

    Attributes:
        attended: how many people were there; no names are kept outside of the sheet.
        sheet_sha256: the scan of the signed sheet, in the file store.
        sheet_type: its media type.
    """

    __tablename__ = "joint_meetings"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("attended > 0", name="somebody_attended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    number: Mapped[int]
    plan_id: Mapped[int] = mapped_column(ForeignKey("zone_plans.id"), index=True)
    held_on: Mapped[date]
    attended: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    sheet_sha256: Mapped[str] = mapped_column(String(64))
    sheet_type: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    plan: Mapped[ZonePlan] = relationship(lazy="joined", innerjoin=True)
    votes: Mapped[list[PaperVote]] = relationship(
        back_populates="meeting", order_by="PaperVote.compound_id"
    )


class PaperVote(Base):
    """One compound's vote as the sheet has it."""

    __tablename__ = "paper_votes"
    __table_args__ = (
        UniqueConstraint("meeting_id", "compound_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(state = 'waiting') = (answered_at IS NULL)", name="answers_have_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("joint_meetings.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"), index=True)
    consents: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10), default=PaperState.WAITING)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]

    meeting: Mapped[JointMeeting] = relationship(back_populates="votes")
    compound: Mapped[Compound] = relationship(lazy="joined", innerjoin=True)
