"""Joint meetings (联席会议): what was decided there, and the votes given on paper.

A vote on paper does not count by itself. The office enters it with a photo of the compound's
signed sheet, and it counts once the compound's own representative has confirmed it: nobody else
can give a compound's vote.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.file_store import FileStore
from records.photo import plain_photo
from zones.communities import Community, Compound, hold
from zones.drafting import ZoneNotInCommunity
from zones.plans import PlanState, ZonePlan
from zones.voting import PlanNotProposed, propose_plan, vote_on_plan


class PaperState(enum.StrEnum):
    """What became of a vote on paper."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DENIED = "denied"


_STATES = ", ".join(f"'{state}'" for state in PaperState)


class JointMeeting(Base):
    """One meeting and the proposal that it decided on.

    Attributes:
        attended: how many people were there; their names stand on the sheets alone.
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
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    plan: Mapped[ZonePlan] = relationship(lazy="joined", innerjoin=True)
    votes: Mapped[list[PaperVote]] = relationship(
        back_populates="meeting", order_by="PaperVote.compound_id"
    )


class PaperVote(Base):
    """One compound's vote as its sheet has it, and what its representative says to it."""

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
    sheet_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default=PaperState.WAITING)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]

    meeting: Mapped[JointMeeting] = relationship(
        back_populates="votes", lazy="joined", innerjoin=True
    )
    compound: Mapped[Compound] = relationship(lazy="joined", innerjoin=True)


@dataclass(frozen=True)
class SheetVote:
    """A compound's vote as the office reads it off the signed sheet.

    Attributes:
        sheet: a photo of the sheet, as the camera made it.
    """

    compound_id: int
    consents: bool
    reason: str
    sheet: bytes


class MeetingInFuture(DomainError):
    """The day of a meeting, `held_on`, has not come yet."""

    code: ClassVar[str] = "meeting_in_future"


class NoSheets(DomainError):
    """A meeting is recorded without any compound's vote."""

    code: ClassVar[str] = "no_sheets"


class SheetWaiting(DomainError):
    """The sheet of `compound` for plan `plan` waits for its representative already."""

    code: ClassVar[str] = "sheet_waiting"
    status: ClassVar[int] = 409


class SheetAnswered(DomainError):
    """The representative of `compound` has answered this sheet already."""

    code: ClassVar[str] = "sheet_answered"
    status: ClassVar[int] = 409


class NotYourCompound(DomainError):
    """Only a representative of the compound itself answers its sheet."""

    code: ClassVar[str] = "not_your_compound"
    status: ClassVar[int] = 403


def record_meeting(
    session: Session,
    plan: ZonePlan,
    votes: Sequence[SheetVote],
    *,
    held_on: date,
    attended: int,
    note: str,
    first_day: date,
    files: FileStore,
    actor: str,
    at: datetime,
) -> JointMeeting:
    """Enter a meeting, and return it; its votes wait for the compounds' representatives.

    A draft on which the meeting decided becomes a proposal.

    Args:
        first_day: from when on a draft is to be in force; a proposal keeps its own.

    Raises:
        MeetingInFuture, NoSheets: what is told cannot be.
        PhotoTooLarge, TooManyPixels, NotAPhoto: a sheet's photo cannot be kept.
        SheetWaiting: a compound's sheet on this plan waits already.
        PlanNotProposed: the plan is decided already.
        ZoneNotInCommunity: a vote names another community's compound.
        PlanEmpty, FirstDayPast: the draft cannot be proposed; see `zones.plans.propose_plan`.
    """
    community = plan.community
    if held_on > community.local_day(at):
        raise MeetingInFuture(held_on=held_on)
    if not votes:
        raise NoSheets
    photos = [plain_photo(one.sheet) for one in votes]
    hold(session, community.id, plan)
    compounds = {one.id: one for one in community.compounds}
    if not {one.compound_id for one in votes} <= compounds.keys():
        raise ZoneNotInCommunity(plan=plan.number)
    for waiting in session.scalars(waiting_query(community)):
        if waiting.meeting.plan_id == plan.id and waiting.compound_id in {
            one.compound_id for one in votes
        }:
            raise SheetWaiting(compound=waiting.compound.name, plan=plan.number)
    if plan.state == PlanState.DRAFT:
        propose_plan(session, plan, first_day, actor=actor, at=at)
    if plan.state != PlanState.PROPOSED:
        raise PlanNotProposed(plan=plan.number, state=plan.state)
    kept = [(one, files.keep(photo)) for one, photo in zip(votes, photos, strict=True)]
    last = session.scalar(
        select(func.max(JointMeeting.number)).where(JointMeeting.community_id == community.id)
    )
    meeting = JointMeeting(
        community_id=community.id,
        number=(last or 0) + 1,
        plan=plan,
        held_on=held_on,
        attended=attended,
        note=note.strip(),
        created_by=actor,
        created_at=at,
        votes=[
            PaperVote(
                compound_id=one.compound_id,
                consents=one.consents,
                reason=one.reason.strip(),
                sheet_sha256=sha256,
            )
            for one, sha256 in kept
        ],
    )
    session.add(meeting)
    session.flush()
    facts = {"plan": plan.number, "held_on": held_on.isoformat(), "attended": attended}
    acts = [ledger.Act("meeting.recorded", f"meeting:{meeting.number}", facts)]
    for one, sha256 in kept:
        details = {
            "letter": compounds[one.compound_id].letter,
            "consents": one.consents,
            "sha256": sha256,
        }
        acts.append(ledger.Act("paper_vote.entered", f"plan:{plan.number}", details))
    ledger.append(session, actor, acts, at)
    return meeting


def answer_sheet(
    session: Session,
    vote: PaperVote,
    *,
    is_right: bool,
    user_id: int,
    compound_id: int | None,
    at: datetime,
) -> None:
    """Say for a compound whether its sheet says what was decided; only then does it count.

    Args:
        user_id, compound_id: the representative, and the compound that he speaks for.

    Raises:
        NotYourCompound: it is another one than the sheet's.
        SheetAnswered: somebody has answered already.
        PlanNotProposed: the plan was decided without this vote.
    """
    plan = vote.meeting.plan
    hold(session, plan.community_id, vote)
    if compound_id != vote.compound_id:
        raise NotYourCompound
    if vote.state != PaperState.WAITING:
        raise SheetAnswered(compound=vote.compound.name)
    vote.state = PaperState.CONFIRMED if is_right else PaperState.DENIED
    vote.answered_by, vote.answered_at = user_id, at
    session.flush()
    details = {"letter": vote.compound.letter, "consents": vote.consents}
    act = ledger.Act(f"paper_vote.{vote.state}", f"plan:{plan.number}", details)
    ledger.append(session, f"user:{user_id}", [act], at)
    if is_right:
        vote_on_plan(
            session,
            plan,
            compound_id=vote.compound_id,
            user_id=user_id,
            consents=vote.consents,
            reason=vote.reason,
            at=at,
        )


def meetings_query(community: Community) -> Select[JointMeeting]:
    """Return a query for the community's meetings, the newest first."""
    return (
        select(JointMeeting)
        .where(JointMeeting.community_id == community.id)
        .order_by(JointMeeting.number.desc())
    )


def meetings_on(session: Session, plan: ZonePlan) -> list[JointMeeting]:
    """Return the meetings that decided on a plan, the newest first."""
    query = meetings_query(plan.community).where(JointMeeting.plan_id == plan.id)
    return list(session.scalars(query))


def waiting_query(community: Community, compound_id: int | None = None) -> Select[PaperVote]:
    """Return a query for the sheets that wait for a representative, of one compound or of all."""
    query = (
        select(PaperVote)
        .join(JointMeeting)
        .where(JointMeeting.community_id == community.id, PaperVote.state == PaperState.WAITING)
        .order_by(PaperVote.id)
    )
    return query if compound_id is None else query.where(PaperVote.compound_id == compound_id)
