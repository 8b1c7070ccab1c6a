"""Zone plans: which colour may park in which zone, in versions that the compounds agree to."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records import ledger
from records.database import Base
from records.errors import DomainError
from zones.areas import Zone
from zones.communities import Community, Compound, hold
from zones.site_map import SiteMap, latest_map


class PlanState(enum.StrEnum):
    """A plan's life. A plan takes effect on its first day, once it is ratified."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RATIFIED = "ratified"
    REJECTED = "rejected"


_STATES = ", ".join(f"'{state}'" for state in PlanState)


class ZonePlan(Base):
    """One version of the plan. Once proposed it never changes, so that a vote is on these words."""

    __tablename__ = "zone_plans"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "state <> 'ratified' OR first_day IS NOT NULL", name="ratified_has_a_first_day"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=PlanState.DRAFT)
    note: Mapped[str] = mapped_column(Text, default="")
    first_day: Mapped[date | None]
    # The map that the plan rests on since it was proposed; None where nothing was drawn by then.
    site_map_id: Mapped[int | None] = mapped_column(ForeignKey("site_maps.id"))
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    community: Mapped[Community] = relationship()
    site_map: Mapped[SiteMap | None] = relationship()
    openings: Mapped[list[Opening]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="Opening.id"
    )
    votes: Mapped[list[PlanVote]] = relationship(back_populates="plan", order_by="PlanVote.at")


class Opening(Base):
    """A plan opens a zone to a compound's colour, all day or between two local times.

    A window whose end is not after its start crosses midnight.
    """

    __tablename__ = "plan_openings"
    __table_args__ = (
        UniqueConstraint("plan_id", "zone_id", "compound_id", "starts"),
        # A unique constraint does not see two rows whose start is NULL as the same.
        Index(
            "uq_plan_openings_all_day",
            "plan_id",
            "zone_id",
            "compound_id",
            unique=True,
            sqlite_where=text("starts IS NULL"),
            postgresql_where=text("starts IS NULL"),
        ),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="window_has_both_ends"),
        CheckConstraint("spaces IS NULL OR spaces >= 0", name="spaces_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("zone_plans.id"), index=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zones.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    spaces: Mapped[int | None]

    plan: Mapped[ZonePlan] = relationship(back_populates="openings")
    zone: Mapped[Zone] = relationship(lazy="joined")
    compound: Mapped[Compound] = relationship(lazy="joined")


class PlanVote(Base):
    """One compound's say on a proposed plan, given by its representative, with a reason."""

    __tablename__ = "plan_votes"
    __table_args__ = (UniqueConstraint("plan_id", "compound_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("zone_plans.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    consents: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    plan: Mapped[ZonePlan] = relationship(back_populates="votes")
    compound: Mapped[Compound] = relationship(lazy="joined")


@dataclass(frozen=True)
class ProposedOpening:
    """One opening as an editor hands it in.

    Attributes:
        starts, ends: local times, or both None for all day.
        spaces: how many of the zone's spaces, or None for all of them.
    """

    zone_id: int
    compound_id: int
    starts: time | None = None
    ends: time | None = None
    spaces: int | None = None


class PlanNotDraft(DomainError):
    """The plan is no draft any more (`state`), so it cannot be changed or proposed."""

    code: ClassVar[str] = "plan_not_draft"
    status: ClassVar[int] = 409


class PlanNotProposed(DomainError):
    """The plan is not up for a vote (`state`)."""

    code: ClassVar[str] = "plan_not_proposed"
    status: ClassVar[int] = 409


class PlanEmpty(DomainError):
    """The plan leaves `compound` without any zone."""

    code: ClassVar[str] = "plan_leaves_compound_without_zone"


class FirstDayPast(DomainError):
    """A plan's `first_day` lies before the day of the proposal."""

    code: ClassVar[str] = "first_day_past"


class ZoneNotInCommunity(DomainError):
    """An opening names a zone or compound of another community, or such a compound votes."""

    code: ClassVar[str] = "zone_not_in_community"


def plan_in_force(session: Session, community_id: int, day: date) -> ZonePlan | None:
    """Return the plan in force on a local day: of those ratified and begun, the latest to begin."""
    return session.scalar(
        select(ZonePlan)
        .where(
            ZonePlan.community_id == community_id,
            ZonePlan.state == PlanState.RATIFIED,
            ZonePlan.first_day <= day,
        )
        .order_by(ZonePlan.first_day.desc(), ZonePlan.number.desc())
        .limit(1)
    )


def plans_of(session: Session, community_id: int) -> list[ZonePlan]:
    """Return the community's plans, the newest first."""
    return list(
        session.scalars(
            select(ZonePlan)
            .where(ZonePlan.community_id == community_id)
            .order_by(ZonePlan.number.desc())
        )
    )


def openings_by_compound(plan: ZonePlan | None) -> dict[int, list[Opening]]:
    """Return a plan's openings by compound id, each list by zone code and start."""
    result: dict[int, list[Opening]] = {}
    for opening in plan.openings if plan else []:
        result.setdefault(opening.compound_id, []).append(opening)
    for openings in result.values():
        openings.sort(key=lambda one: (one.starts is not None, one.zone.code, one.starts or time()))
    return result


def draft_plan(
    session: Session,
    community: Community,
    openings: Iterable[ProposedOpening],
    note: str,
    *,
    actor: str,
    at: datetime,
) -> ZonePlan:
    """Return a new draft, numbered after the community's last plan, and enter it in the ledger.

    Raises:
        ZoneNotInCommunity: an opening names a foreign zone or compound.
    """
    _hold(session, community)
    last = session.scalar(
        select(func.max(ZonePlan.number)).where(ZonePlan.community_id == community.id)
    )
    plan = ZonePlan(community=community, number=(last or 0) + 1, note=note, created_at=at)
    session.add(plan)
    session.flush()
    _set_openings(session, plan, openings)
    acts = [ledger.Act("plan.drafted", f"plan:{plan.number}", {"openings": len(plan.openings)})]
    ledger.append(session, actor, acts, at)
    return plan


def redraft_plan(
    session: Session,
    plan: ZonePlan,
    openings: Iterable[ProposedOpening],
    note: str,
    *,
    actor: str,
    at: datetime,
) -> None:
    """Replace a draft's openings and note.

    Raises:
        PlanNotDraft: the plan was proposed already.
        ZoneNotInCommunity: an opening names a foreign zone or compound.
    """
    _hold(session, plan.community, plan)
    _require_draft(plan)
    plan.openings.clear()
    session.flush()
    plan.note = note
    _set_openings(session, plan, openings)
    acts = [ledger.Act("plan.redrafted", f"plan:{plan.number}", {"openings": len(plan.openings)})]
    ledger.append(session, actor, acts, at)


def _hold(session: Session, community: Community, *rows: Base) -> None:
    hold(session, community.id, *rows)
    # Who has to agree is decided by the compounds there are now.
    session.expire(community, ["compounds"])


def _require_draft(plan: ZonePlan) -> None:
    if plan.state != PlanState.DRAFT:
        raise PlanNotDraft(plan=plan.number, state=plan.state)


def _set_openings(session: Session, plan: ZonePlan, openings: Iterable[ProposedOpening]) -> None:
    zones = set(session.scalars(select(Zone.id).where(Zone.community_id == plan.community_id)))
    compounds = {compound.id for compound in plan.community.compounds}
    for one in dict.fromkeys(openings):
        if one.zone_id not in zones or one.compound_id not in compounds:
            raise ZoneNotInCommunity(plan=plan.number)
        plan.openings.append(
            Opening(
                zone_id=one.zone_id,
                compound_id=one.compound_id,
                starts=one.starts,
                ends=one.ends,
                spaces=one.spaces,
            )
        )
    session.flush()


def propose_plan(
    session: Session, plan: ZonePlan, first_day: date, *, actor: str, at: datetime
) -> None:
    """Put a draft to the vote of every compound, to be in force from `first_day` if they agree.

    From now on the plan rests on the map as it is drawn today, whatever is drawn later.

    Raises:
        PlanNotDraft: it was proposed before.
        PlanEmpty: a compound would have nowhere to park.
        FirstDayPast: the first day lies before today.
    """
    _hold(session, plan.community, plan)
    _require_draft(plan)
    if first_day < plan.community.local_day(at):
        raise FirstDayPast(first_day=first_day)
    served = {opening.compound_id for opening in plan.openings}
    for compound in plan.community.compounds:
        if compound.id not in served:
            raise PlanEmpty(compound=compound.name)
    plan.state = PlanState.PROPOSED
    plan.first_day = first_day
    plan.proposed_at = at
    plan.site_map = latest_map(session, plan.community_id)
    details = {
        "first_day": first_day.isoformat(),
        "map": plan.site_map.number if plan.site_map else None,
        "map_sha256": plan.site_map.sha256 if plan.site_map else None,
        "openings": _as_facts(plan),
    }
    ledger.append(session, actor, [ledger.Act("plan.proposed", f"plan:{plan.number}", details)], at)


def _as_facts(plan: ZonePlan) -> list[Mapping[str, object]]:
    return [
        {
            "zone": opening.zone.code,
            "letter": opening.compound.letter,
            "starts": opening.starts.isoformat("minutes") if opening.starts else None,
            "ends": opening.ends.isoformat("minutes") if opening.ends else None,
            "spaces": opening.spaces,
        }
        for openings in openings_by_compound(plan).values()
        for opening in openings
    ]


def vote_on_plan(
    session: Session,
    plan: ZonePlan,
    *,
    compound_id: int,
    user_id: int,
    consents: bool,
    reason: str,
    at: datetime,
) -> ZonePlan:
    """Enter one compound's vote; it may be changed until all have voted.

    With the last compound's vote the plan is decided: ratified when every compound consents,
    else rejected. There is no other way for a plan to come in force.

    Raises:
        PlanNotProposed: the plan is a draft or decided already.
        ZoneNotInCommunity: the compound belongs to another community.
    """
    _hold(session, plan.community, plan, *plan.votes)
    if plan.state != PlanState.PROPOSED:
        raise PlanNotProposed(plan=plan.number, state=plan.state)
    voters = {compound.id for compound in plan.community.compounds}
    if compound_id not in voters:
        raise ZoneNotInCommunity(plan=plan.number)
    vote = next((one for one in plan.votes if one.compound_id == compound_id), None)
    if vote is None:
        vote = PlanVote(compound_id=compound_id)
        plan.votes.append(vote)
    vote.user_id, vote.consents, vote.reason, vote.at = user_id, consents, reason.strip(), at
    session.flush()
    session.refresh(vote, ["compound"])
    subject = f"plan:{plan.number}"
    acts = [
        ledger.Act("plan.voted", subject, {"letter": vote.compound.letter, "consents": consents})
    ]
    if {one.compound_id for one in plan.votes} >= voters:
        consent = all(one.consents for one in plan.votes)
        plan.state = PlanState.RATIFIED if consent else PlanState.REJECTED
        plan.decided_at = at
        # A vote that ends late must not reach back to days on which cars parked by another plan.
        plan.first_day = max(plan.first_day or date.min, plan.community.local_day(at))
        acts.append(ledger.Act(f"plan.{plan.state}", subject, {"first_day": str(plan.first_day)}))
    ledger.append(session, f"user:{user_id}", acts, at)
    return plan
