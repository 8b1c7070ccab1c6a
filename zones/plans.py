"""Zone plans: which colour may park in which zone, in versions that the compounds agree to."""

from __future__ import annotations

import enum
from datetime import date, datetime, time

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records.database import Base
from records.people import User
from zones.areas import Zone
from zones.communities import Community, Compound
from zones.site_map import SiteMap


class PlanState(enum.StrEnum):
    """What was done with a plan. A plan takes effect on its first day, once it is ratified."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RATIFIED = "ratified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class PlanPhase(enum.StrEnum):
    """Where a plan is in its life on some day: its state, and for a ratified one its days."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RATIFIED = "ratified"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_STATES = ", ".join(f"'{state}'" for state in PlanState)


class ZonePlan(Base):
    """One version of the plan. Once proposed it never changes, so that a vote is on these words.

    The database's triggers hold that, too; see `docs/zone-plans.md`.
    """

    __tablename__ = "zone_plans"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "state <> 'ratified' OR first_day IS NOT NULL", name="ratified_has_a_first_day"
        ),
        CheckConstraint(
            "(state = 'draft') = (voting_rule IS NULL)", name="proposed_ones_have_a_rule"
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
    proposed_by: Mapped[str | None] = mapped_column(String(80))
    # The community's rule as it was when the plan was proposed: by it the vote is counted.
    voting_rule: Mapped[str | None] = mapped_column(String(20))
    # The plan that this one would follow, as it was when this one was proposed.
    base_id: Mapped[int | None] = mapped_column(ForeignKey("zone_plans.id"))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("zone_plans.id"))

    community: Mapped[Community] = relationship()
    site_map: Mapped[SiteMap | None] = relationship()
    base: Mapped[ZonePlan | None] = relationship(remote_side="ZonePlan.id", foreign_keys=[base_id])
    amends: Mapped[ZonePlan | None] = relationship(
        remote_side="ZonePlan.id", foreign_keys=[amends_id]
    )
    openings: Mapped[list[Opening]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="Opening.id"
    )
    votes: Mapped[list[PlanVote]] = relationship(back_populates="plan", order_by="PlanVote.at")
    needed_consents: Mapped[list[NeededConsent]] = relationship(back_populates="plan")
    sayings: Mapped[list[PlanSaying]] = relationship(
        back_populates="plan", order_by="PlanSaying.id"
    )


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

    @property
    def open_spaces(self) -> int:
        """How many spaces it opens: a part of the zone, or all of it."""
        return self.zone.spaces if self.spaces is None else min(self.spaces, self.zone.spaces)

    def is_open(self, at: time) -> bool:
        """Return whether it is open at a local time of day."""
        if self.starts is None or self.ends is None:
            return True
        if self.starts < self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends


class NeededConsent(Base):
    """A compound whose consent a proposed plan needs, however the others vote."""

    __tablename__ = "needed_consents"

    plan_id: Mapped[int] = mapped_column(ForeignKey("zone_plans.id"), primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"), primary_key=True)

    plan: Mapped[ZonePlan] = relationship(back_populates="needed_consents")


class PlanVote(Base):
    """One compound's vote on a proposed plan: the last say of its representatives."""

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


class PlanSaying(Base):
    """What a representative said of a plan, and when; rows are only ever added."""

    __tablename__ = "plan_sayings"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("zone_plans.id"), index=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    consents: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    plan: Mapped[ZonePlan] = relationship(back_populates="sayings")
    compound: Mapped[Compound] = relationship(lazy="joined")
    user: Mapped[User] = relationship(lazy="joined")


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


def phase_of(plan: ZonePlan, in_force: ZonePlan | None, day: date) -> PlanPhase:
    """Return where a plan is in its life.

    Args:
        in_force: the plan in force on the day; see `plan_in_force`.
        day: the community's local day.
    """
    if plan is in_force:
        return PlanPhase.IN_FORCE
    if plan.state == PlanState.RATIFIED and plan.first_day and plan.first_day <= day:
        return PlanPhase.SUPERSEDED
    return PlanPhase(plan.state)


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
