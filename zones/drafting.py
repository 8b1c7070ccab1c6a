"""Drafting zone plans: the only time at which a plan's openings can change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from records import ledger
from records.database import Base
from records.errors import DomainError
from zones.areas import Zone
from zones.communities import Community, hold
from zones.plans import Opening, PlanState, ZonePlan


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


class NothingToAmend(DomainError):
    """The plan is still a draft (`state`): it is changed itself."""

    code: ClassVar[str] = "plan_not_amendable"
    status: ClassVar[int] = 409


class ZoneNotInCommunity(DomainError):
    """An opening names a zone or compound of another community, or such a compound votes."""

    code: ClassVar[str] = "zone_not_in_community"


def draft_plan(
    session: Session,
    community: Community,
    openings: Iterable[ProposedOpening],
    note: str,
    *,
    actor: str,
    at: datetime,
    amends: ZonePlan | None = None,
) -> ZonePlan:
    """Return a new draft, numbered after the community's last plan, and enter it in the ledger.

    Args:
        amends: the plan of which this is a further version.

    Raises:
        ZoneNotInCommunity: an opening names a foreign zone or compound.
    """
    hold_plans(session, community)
    last = session.scalar(
        select(func.max(ZonePlan.number)).where(ZonePlan.community_id == community.id)
    )
    plan = ZonePlan(
        community=community, number=(last or 0) + 1, note=note, created_at=at, amends=amends
    )
    session.add(plan)
    session.flush()
    _set_openings(session, plan, openings)
    details: dict[str, object] = {"openings": len(plan.openings)}
    if amends is not None:
        details["amends"] = amends.number
    acts = [ledger.Act("plan.drafted", f"plan:{plan.number}", details)]
    ledger.append(session, actor, acts, at)
    return plan


def amend_plan(session: Session, plan: ZonePlan, *, actor: str, at: datetime) -> ZonePlan:
    """Return a new draft with a plan's openings and words; the plan itself stays as it is.

    Raises:
        NothingToAmend: the plan is a draft.
    """
    if plan.state == PlanState.DRAFT:
        raise NothingToAmend(plan=plan.number, state=plan.state)
    openings = [
        ProposedOpening(one.zone_id, one.compound_id, one.starts, one.ends, one.spaces)
        for one in plan.openings
    ]
    return draft_plan(session, plan.community, openings, plan.note, actor=actor, at=at, amends=plan)


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
    hold_plans(session, plan.community, plan)
    require_draft(plan)
    plan.openings.clear()
    session.flush()
    plan.note = note
    _set_openings(session, plan, openings)
    acts = [ledger.Act("plan.redrafted", f"plan:{plan.number}", {"openings": len(plan.openings)})]
    ledger.append(session, actor, acts, at)


def hold_plans(session: Session, community: Community, *rows: Base) -> None:
    """Keep all others from changing the community's plans; see `zones.communities.hold`."""
    hold(session, community.id, *rows)
    # Who has to agree is decided by the compounds there are now.
    session.expire(community, ["compounds"])


def require_draft(plan: ZonePlan) -> None:
    """Raise `PlanNotDraft` for a plan that was proposed already."""
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
