"""Putting a plan to the vote, voting, and deciding: the only way for a plan to come in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from records import ledger
from records.errors import DomainError
from records.message import MessageKind
from records.people import User
from records.telling import tell
from zones.drafting import ZoneNotInCommunity, hold_plans, require_draft
from zones.effects import losers, touched
from zones.plans import (
    NeededConsent,
    PlanSaying,
    PlanState,
    PlanVote,
    ZonePlan,
    openings_by_compound,
    plan_in_force,
)
from zones.site_map import latest_map
from zones.voting_rule import VotingRule, is_carried, require_representative, rule_of


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


class NotTheProposer(DomainError):
    """Somebody else proposed the plan `plan`, so only that person may withdraw it."""

    code: ClassVar[str] = "not_the_proposer"
    status: ClassVar[int] = 403


class VoteStillOpen(DomainError):
    """Compounds that have not voted on plan `plan` have time until its `first_day`."""

    code: ClassVar[str] = "vote_still_open"
    status: ClassVar[int] = 409


def propose_plan(
    session: Session, plan: ZonePlan, first_day: date, *, actor: str, at: datetime
) -> None:
    """Put a draft to the vote, to be in force from `first_day` if it is carried.

    The community's voting rule is frozen into the plan, and so are the compounds whose consent
    it needs: nobody changes either under a running vote. From now on the plan rests on the map as
    it is drawn today, whatever is drawn later.

    Raises:
        PlanNotDraft: it was proposed before.
        PlanEmpty: a compound would have nowhere to park.
        FirstDayPast: the first day lies before today.
    """
    community = plan.community
    hold_plans(session, community, plan)
    require_draft(plan)
    if first_day < community.local_day(at):
        raise FirstDayPast(first_day=first_day)
    served = {opening.compound_id for opening in plan.openings}
    for compound in community.compounds:
        if compound.id not in served:
            raise PlanEmpty(compound=compound.name)
    rule = rule_of(session, community.id)
    plan.base = plan_in_force(session, community.id, first_day)
    # While it is a draft still: from the next statement on the database lets nothing change.
    plan.site_map = latest_map(session, community.id)
    plan.state, plan.voting_rule = PlanState.PROPOSED, rule
    plan.first_day, plan.proposed_at, plan.proposed_by = first_day, at, actor
    _need_consents(session, plan, first_day)
    session.flush()
    details = {
        "first_day": first_day.isoformat(),
        "rule": rule,
        "map": plan.site_map.number if plan.site_map else None,
        "map_sha256": plan.site_map.sha256 if plan.site_map else None,
        "openings": _as_facts(plan),
    }
    ledger.append(session, actor, [ledger.Act("plan.proposed", f"plan:{plan.number}", details)], at)
    facts = {"first_day": first_day.isoformat()}
    _tell(session, MessageKind.PLAN_PROPOSED, plan, actor=actor, at=at, **facts)


def _tell(
    session: Session, kind: MessageKind, plan: ZonePlan, *, actor: str, at: datetime, **facts: str
) -> None:
    tell(
        session,
        kind,
        f"plan:{plan.id}",
        {"plan": plan.number, **facts},
        community_id=plan.community_id,
        actor=actor,
        at=at,
    )


def _need_consents(session: Session, plan: ZonePlan, day: date) -> None:
    """Add the compounds from which the plan takes something, or whose zones it draws anew.

    It is compared with the plan in force on a day.
    """
    community = plan.community
    if plan.voting_rule == VotingRule.ALL:
        needed = list(community.compounds)
    else:
        base = plan_in_force(session, community.id, day)
        needed = [
            *losers(plan, base, community.compounds),
            *touched(plan, base, community.compounds),
        ]
    known = {one.compound_id for one in plan.needed_consents}
    plan.needed_consents.extend(
        NeededConsent(compound_id=one)
        for one in dict.fromkeys(one.id for one in needed)
        if one not in known
    )
    session.flush()


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


def withdraw_plan(session: Session, plan: ZonePlan, *, actor: str, at: datetime) -> None:
    """Take a proposal back; only who made it may.

    Raises:
        PlanNotProposed: the plan is a draft or decided already.
        NotTheProposer: somebody else proposed it.
    """
    hold_plans(session, plan.community, plan)
    _require_proposed(plan)
    if plan.proposed_by != actor:
        raise NotTheProposer(plan=plan.number)
    plan.state, plan.decided_at = PlanState.WITHDRAWN, at
    session.flush()
    ledger.append(session, actor, [ledger.Act("plan.withdrawn", f"plan:{plan.number}", {})], at)


def _require_proposed(plan: ZonePlan) -> None:
    if plan.state != PlanState.PROPOSED:
        raise PlanNotProposed(plan=plan.number, state=plan.state)


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

    Several representatives have one vote together, the last say; every say is kept. With the last
    compound's vote the plan is decided by the rule that it was proposed under: ratified or
    rejected. There is no other way for a plan to come in force.

    Raises:
        PlanNotProposed: the plan is a draft or decided already.
        ZoneNotInCommunity: the compound belongs to another community.
        NotARepresentative: the user does not speak for the compound.
    """
    hold_plans(session, plan.community, plan, *plan.votes)
    _require_proposed(plan)
    voters = {compound.id for compound in plan.community.compounds}
    if compound_id not in voters:
        raise ZoneNotInCommunity(plan=plan.number)
    require_representative(session.get(User, user_id), compound_id, plan.community, at)
    vote = next((one for one in plan.votes if one.compound_id == compound_id), None)
    if vote is None:
        vote = PlanVote(compound_id=compound_id)
        plan.votes.append(vote)
    say = {"user_id": user_id, "consents": consents, "reason": reason.strip(), "at": at}
    for name, value in say.items():
        setattr(vote, name, value)
    plan.sayings.append(PlanSaying(compound_id=compound_id, **say))
    session.flush()
    session.refresh(vote, ["compound"])
    actor, details = f"user:{user_id}", {"letter": vote.compound.letter, "consents": consents}
    ledger.append(session, actor, [ledger.Act("plan.voted", f"plan:{plan.number}", details)], at)
    if {one.compound_id for one in plan.votes} >= voters:
        _decide(session, plan, actor, at)
    return plan


def close_vote(session: Session, plan: ZonePlan, *, actor: str, at: datetime) -> ZonePlan:
    """Decide a plan by the votes there are, once its first day has come.

    A compound that has said nothing by then has not consented.

    Raises:
        PlanNotProposed: the plan is a draft or decided already.
        VoteStillOpen: the first day has not come yet.
    """
    hold_plans(session, plan.community, plan, *plan.votes)
    _require_proposed(plan)
    if plan.first_day is not None and plan.community.local_day(at) < plan.first_day:
        raise VoteStillOpen(plan=plan.number, first_day=plan.first_day)
    acts = [ledger.Act("plan.vote_closed", f"plan:{plan.number}", {})]
    ledger.append(session, actor, acts, at)
    _decide(session, plan, actor, at)
    return plan


def _decide(session: Session, plan: ZonePlan, actor: str, at: datetime) -> None:
    # A vote that ends late must not reach back to days on which cars parked by another plan.
    first_day = max(plan.first_day or date.min, plan.community.local_day(at))
    # Another plan may have come in force meanwhile: what is taken now is taken from that one.
    _need_consents(session, plan, first_day)
    carried = is_carried(
        VotingRule(plan.voting_rule or VotingRule.ALL),
        {one.id for one in plan.community.compounds},
        {one.compound_id for one in plan.needed_consents},
        {one.compound_id for one in plan.votes if one.consents},
    )
    plan.state = PlanState.RATIFIED if carried else PlanState.REJECTED
    plan.first_day, plan.decided_at = first_day, at
    session.flush()
    details = {"first_day": first_day.isoformat()}
    acts = [ledger.Act(f"plan.{plan.state}", f"plan:{plan.number}", details)]
    ledger.append(session, actor, acts, at)
    if carried:
        _tell(session, MessageKind.PLAN_RATIFIED, plan, actor=actor, at=at, **details)
    else:
        _tell(session, MessageKind.PLAN_REJECTED, plan, actor=actor, at=at)
