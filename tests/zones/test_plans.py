from datetime import time, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from records import ledger
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    TODAY,
    compound_of,
    make_community,
    make_plan,
    make_zone,
    own_zones_and_a_shared_one,
    representative_of,
)
from zones.communities import Community, Compound
from zones.drafting import (
    PlanNotDraft,
    ProposedOpening,
    ZoneNotInCommunity,
    draft_plan,
    redraft_plan,
)
from zones.plans import (
    Opening,
    PlanState,
    ZonePlan,
    openings_by_compound,
    plan_in_force,
    plans_of,
)
from zones.voting import FirstDayPast, PlanEmpty, PlanNotProposed, propose_plan, vote_on_plan

NOT_PROPOSED = sorted(set(PlanState) - {PlanState.PROPOSED})
NOT_DRAFT = sorted(set(PlanState) - {PlanState.DRAFT})


@pytest.fixture
def community(session):
    return make_community(session, "ABC")


def drafted(session, community, openings=None, at=AT):
    if openings is None:
        openings = own_zones_and_a_shared_one(session, community)
    return draft_plan(session, community, openings, "", actor=OFFICE, at=at)


def proposed(session, community, first_day=TODAY):
    return make_plan(session, community, first_day=first_day, voted=False)


def vote(session, plan, letter, consents=True, at=AT):
    compound = compound_of(plan.community, letter)
    user = representative_of(session, compound)
    return vote_on_plan(
        session,
        plan,
        compound_id=compound.id,
        user_id=user.id,
        consents=consents,
        reason=" 业主大会 ",
        at=at,
    )


def in_force(session, community, day=TODAY):
    return plan_in_force(session, community.id, day)


def acts(session):
    return [entry["act"] for entry in ledger.export(session)]


def test_a_plan_is_in_force_only_with_the_last_vote(session, community):
    plan = proposed(session, community)
    for letter in "AB":
        vote(session, plan, letter)
        assert (plan.state, in_force(session, community)) == (PlanState.PROPOSED, None)
    vote(session, plan, "C")
    assert (plan.state, in_force(session, community)) == (PlanState.RATIFIED, plan)
    assert acts(session) == [
        "plan.drafted",
        "plan.proposed",
        "plan.voted",
        "plan.voted",
        "plan.voted",
        "plan.ratified",
    ]


def test_one_refusal_rejects_the_plan(session, community):
    plan = proposed(session, community)
    for letter, consents in (("A", False), ("B", True), ("C", True)):
        vote(session, plan, letter, consents)
    assert (plan.state, in_force(session, community)) == (PlanState.REJECTED, None)
    assert acts(session)[-1] == "plan.rejected"


def test_a_vote_may_be_changed_until_all_have_voted(session, community):
    plan = proposed(session, community)
    vote(session, plan, "A", consents=False)
    vote(session, plan, "A", consents=True)
    for letter in "BC":
        vote(session, plan, letter)
    assert plan.state == PlanState.RATIFIED
    assert sorted(one.compound.letter for one in plan.votes) == ["A", "B", "C"]
    with pytest.raises(PlanNotProposed):
        vote(session, plan, "A", consents=False)


def test_voting_twice_does_not_stand_for_another_compound(session, community):
    plan = proposed(session, community)
    for letter in "AABB":
        vote(session, plan, letter)
    assert plan.state == PlanState.PROPOSED


def test_a_compound_of_another_community_has_no_vote(session, community):
    plan = proposed(session, community)
    stranger = compound_of(make_community(session, "D", number=2), "D")
    with pytest.raises(ZoneNotInCommunity):
        vote_on_plan(
            session,
            plan,
            compound_id=stranger.id,
            user_id=representative_of(session, stranger).id,
            consents=True,
            reason="",
            at=AT,
        )
    for letter in "AB":
        vote(session, plan, letter)
    assert plan.state == PlanState.PROPOSED


def test_a_compound_that_joins_while_the_vote_is_open_has_to_agree_too(session, community):
    plan = proposed(session, community)
    for letter in "AB":
        vote(session, plan, letter)
    # Added by somebody else, so that the loaded list of compounds is out of date.
    columns = ("number", "code", "name", "name_en", "letter", "colour_key")
    values = (4, "d", "D", "D", "D", "yellow")
    row = dict(zip(columns, values, strict=True))
    session.execute(insert(Compound).values(community_id=community.id, **row))
    vote(session, plan, "C")
    assert plan.state == PlanState.PROPOSED
    vote(session, plan, "D")
    assert plan.state == PlanState.RATIFIED


def test_a_compound_added_after_ratification_leaves_the_plan_in_force_and_has_no_zone(
    session, community
):
    plan = make_plan(session, community)
    newcomer = Compound(number=4, code="d", name="D", name_en="D", letter="D", colour_key="yellow")
    community.compounds.append(newcomer)
    session.flush()
    assert in_force(session, community) is plan
    assert newcomer.id not in openings_by_compound(plan)
    with pytest.raises(PlanEmpty) as refused:
        propose_plan(
            session,
            drafted(
                session,
                community,
                [
                    ProposedOpening(o.zone_id, o.compound_id)
                    for o in plan.openings
                    if o.starts is None
                ],
            ),
            TODAY,
            actor=OFFICE,
            at=AT,
        )
    assert refused.value.facts == {"compound": "D"}


@pytest.mark.parametrize("state", NOT_PROPOSED)
def test_only_a_proposed_plan_takes_votes(session, community, state):
    plan = proposed(session, community)
    plan.state = state
    with pytest.raises(PlanNotProposed) as refused:
        vote(session, plan, "A")
    assert refused.value.facts == {"plan": plan.number, "state": state}
    assert plan.votes == []


@pytest.mark.parametrize("state", NOT_DRAFT)
def test_only_a_draft_can_be_changed_or_proposed(session, community, state):
    plan = proposed(session, community)
    plan.state = state
    openings = [(one.zone_id, one.compound_id, one.starts) for one in plan.openings]
    with pytest.raises(PlanNotDraft):
        redraft_plan(session, plan, [], "", actor=OFFICE, at=AT)
    with pytest.raises(PlanNotDraft):
        propose_plan(session, plan, TODAY, actor=OFFICE, at=AT)
    assert plan.state == state
    assert [(one.zone_id, one.compound_id, one.starts) for one in plan.openings] == openings


def test_a_draft_can_be_changed_and_is_entered_again(session, community):
    plan = drafted(session, community)
    redraft_plan(
        session,
        plan,
        own_zones_and_a_shared_one(session, community)[:1],
        "less",
        actor=OFFICE,
        at=AT,
    )
    assert ([one.zone.code for one in plan.openings], plan.note) == (["A1"], "less")
    assert acts(session) == ["plan.drafted", "plan.redrafted"]


def test_a_plan_that_leaves_a_compound_nowhere_is_not_proposed(session, community):
    zone = make_zone(session, community, "A1")
    plan = drafted(session, community, [ProposedOpening(zone.id, compound_of(community, "A").id)])
    with pytest.raises(PlanEmpty) as refused:
        propose_plan(session, plan, TODAY, actor=OFFICE, at=AT)
    assert refused.value.facts == {"compound": "B小区"}


def test_a_plan_cannot_begin_before_the_communitys_day_of_the_proposal(session, community):
    plan = drafted(session, community)
    late_evening_in_utc = AT.replace(hour=16, minute=30)
    with pytest.raises(FirstDayPast):
        propose_plan(session, plan, TODAY, actor=OFFICE, at=late_evening_in_utc)
    assert plan.state == PlanState.DRAFT


def test_zones_and_compounds_of_another_community_are_refused(session, community):
    other = make_community(session, "A", number=2)
    own_zone, their_zone = make_zone(session, community, "A1"), make_zone(session, other, "A1")
    own, theirs = compound_of(community, "A"), compound_of(other, "A")
    for opening in (
        ProposedOpening(their_zone.id, own.id),
        ProposedOpening(own_zone.id, theirs.id),
    ):
        with pytest.raises(ZoneNotInCommunity):
            drafted(session, community, [opening])


def test_an_opening_given_twice_is_entered_once(session, community):
    zone, compound = make_zone(session, community, "A1"), compound_of(community, "A")
    night = ProposedOpening(zone.id, compound.id, time(20), time(7))
    all_day = ProposedOpening(zone.id, compound.id)
    assert len(drafted(session, community, [all_day, night, all_day, night]).openings) == 2


@pytest.mark.parametrize("starts", [None, time(20)])
def test_the_database_refuses_the_same_opening_twice(session, community, starts):
    zone, compound = make_zone(session, community, "A1"), compound_of(community, "A")
    opening = ProposedOpening(zone.id, compound.id, starts, starts)
    plan = drafted(session, community, [opening])
    again = {"plan_id": plan.id, "zone_id": zone.id, "compound_id": compound.id}
    with pytest.raises(IntegrityError):
        session.execute(insert(Opening).values(**again, starts=starts, ends=starts))


def test_the_plan_in_force_is_the_latest_to_have_begun(session, community):
    first = make_plan(session, community, first_day=TODAY)
    second = make_plan(session, community, first_day=TODAY + timedelta(days=7))
    days = {
        offset: in_force(session, community, TODAY + timedelta(days=offset))
        for offset in (-1, 0, 6, 7, 90)
    }
    assert days == {-1: None, 0: first, 6: first, 7: second, 90: second}
    assert plans_of(session, community.id) == [second, first]


def test_of_two_plans_from_the_same_day_the_later_numbered_is_in_force(session, community):
    make_plan(session, community)
    second = make_plan(session, community)
    assert in_force(session, community) is second


def test_a_vote_that_ends_late_does_not_reach_back(session, community):
    plan = proposed(session, community)
    for letter in "ABC":
        vote(session, plan, letter, at=AT + timedelta(days=3))
    assert plan.first_day == TODAY + timedelta(days=3)
    assert in_force(session, community, TODAY + timedelta(days=2)) is None


def test_a_vote_that_ends_early_keeps_the_first_day(session, community):
    later = TODAY + timedelta(days=30)
    plan = make_plan(session, community, first_day=later)
    assert (plan.first_day, in_force(session, community)) == (later, None)


def test_a_draft_or_rejected_plan_leaves_the_one_in_force(session, community):
    agreed = make_plan(session, community)
    plan = proposed(session, community)
    for letter, consents in (("A", True), ("B", True), ("C", False)):
        vote(session, plan, letter, consents)
    drafted(session, community)
    assert in_force(session, community) is agreed


def test_what_is_voted_on_is_in_the_ledger_word_for_word(session, community):
    plan = proposed(session, community)
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["subject"]) == ("plan.proposed", f"plan:{plan.number}")
    assert entry["details"]["first_day"] == TODAY.isoformat()
    shown = {
        (one["zone"], one["letter"], one["starts"], one["ends"])
        for one in entry["details"]["openings"]
    }
    assert {("A1", "A", None, None), ("S1", "B", "20:00", "07:00")} <= shown
    assert len(shown) == len(plan.openings)


def test_openings_are_listed_by_zone_with_those_that_have_hours_last(session, community):
    plan = drafted(session, community)
    openings = openings_by_compound(plan)[compound_of(community, "A").id]
    assert [one.zone.code for one in openings] == ["A1", "S1"]
    assert openings_by_compound(None) == {}


def test_two_last_votes_at_once_decide_the_plan(engine, session, community):
    plan = proposed(session, community)
    vote(session, plan, "A")
    for letter in "BC":
        representative_of(session, compound_of(community, letter))
    number = plan.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(ZonePlan, number),
        lambda one, found: vote(one, found, "B").number,
        lambda one, found: vote(one, found, "C").number,
    )
    assert results == [1, 1]
    assert session.scalar(select(ZonePlan.state)) == PlanState.RATIFIED


def test_two_drafts_at_once_get_two_numbers(engine, session, community):
    community_id = community.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Community, community_id),
        *[lambda one, found: drafted(one, found, []).number] * 2,
    )
    assert sorted(results) == [1, 2]
