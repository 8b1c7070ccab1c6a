from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from records import ledger
from records.people import Role
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    TODAY,
    compound_of,
    make_community,
    make_plan,
    make_user,
    make_zone,
    own_zones_and_a_shared_one,
    representative_of,
)
from tests.zones.map_shapes import rectangle, site
from zones.communities import Compound
from zones.drafting import PlanNotDraft, ProposedOpening, ZoneNotInCommunity, draft_plan
from zones.drawing_maps import save_map
from zones.plans import PlanState, ZonePlan, plan_in_force
from zones.voting import (
    FirstDayPast,
    NotTheProposer,
    PlanEmpty,
    PlanNotProposed,
    VoteStillOpen,
    close_vote,
    propose_plan,
    vote_on_plan,
    withdraw_plan,
)
from zones.voting_rule import NotARepresentative, VotingRule, answer_rule_change, suggest_rule


@pytest.fixture
def community(session):
    return make_community(session, "ABC")


def proposed(session, community, first_day=TODAY):
    return make_plan(session, community, first_day=first_day, voted=False)


def vote(session, plan, letter, consents=True, at=AT, user=None):
    compound = compound_of(plan.community, letter)
    return vote_on_plan(
        session,
        plan,
        compound_id=compound.id,
        user_id=(user or representative_of(session, compound)).id,
        consents=consents,
        reason=" 业主大会 ",
        at=at,
    )


def let_the_majority_decide(session, community):
    """Let every compound agree to the rule of the majority with consent of those who lose."""
    change = suggest_rule(session, community, VotingRule.MAJORITY_WITH_LOSERS, actor=OFFICE, at=AT)
    for compound in community.compounds:
        user = representative_of(session, compound)
        answer_rule_change(session, change, user, consents=True, at=AT)


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


def test_one_refusal_rejects_the_plan_and_leaves_the_one_in_force(session, community):
    agreed = make_plan(session, community)
    plan = proposed(session, community)
    for letter, consents in (("A", False), ("B", True), ("C", True)):
        vote(session, plan, letter, consents)
    assert (plan.state, in_force(session, community)) == (PlanState.REJECTED, agreed)
    assert acts(session)[-1] == "plan.rejected"


def test_the_last_say_of_a_compounds_representatives_counts_and_every_say_is_kept(
    session, community
):
    plan = proposed(session, community)
    second = make_user(session, community, Role.REPRESENTATIVE, compound_of(community, "A"))
    vote(session, plan, "A", consents=False)
    vote(session, plan, "A", consents=True, user=second)
    for letter in "BC":
        vote(session, plan, letter)
    assert plan.state == PlanState.RATIFIED
    assert sorted(one.compound.letter for one in plan.votes) == ["A", "B", "C"]
    said = [(one.consents, one.reason) for one in plan.sayings if one.compound.letter == "A"]
    assert said == [(False, "业主大会"), (True, "业主大会")]
    with pytest.raises(PlanNotProposed):
        vote(session, plan, "A", consents=False)


def test_voting_twice_does_not_stand_for_another_compound(session, community):
    plan = proposed(session, community)
    for letter in "AABB":
        vote(session, plan, letter)
    assert plan.state == PlanState.PROPOSED


def test_nobody_but_its_own_representatives_votes_for_a_compound(session, community):
    plan = proposed(session, community)
    administrator = make_user(session, community, Role.ADMINISTRATOR)
    neighbour = representative_of(session, compound_of(community, "B"))
    gone = make_user(session, community, Role.REPRESENTATIVE, compound_of(community, "A"))
    gone.active = False
    for user in (administrator, neighbour, gone):
        with pytest.raises(NotARepresentative):
            vote(session, plan, "A", user=user)
    assert plan.votes == []


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


def test_a_draft_takes_no_votes_and_is_proposed_once(session, community):
    openings = own_zones_and_a_shared_one(session, community)
    plan = draft_plan(session, community, openings, "", actor=OFFICE, at=AT)
    with pytest.raises(PlanNotProposed) as refused:
        vote(session, plan, "A")
    assert refused.value.facts == {"plan": plan.number, "state": "draft"}
    propose_plan(session, plan, TODAY, actor=OFFICE, at=AT)
    with pytest.raises(PlanNotDraft):
        propose_plan(session, plan, TODAY, actor=OFFICE, at=AT)


def test_a_plan_that_leaves_a_compound_nowhere_is_not_proposed(session, community):
    zone = make_zone(session, community, "A1")
    openings = [ProposedOpening(zone.id, compound_of(community, "A").id)]
    plan = draft_plan(session, community, openings, "", actor=OFFICE, at=AT)
    with pytest.raises(PlanEmpty) as refused:
        propose_plan(session, plan, TODAY, actor=OFFICE, at=AT)
    assert refused.value.facts == {"compound": "B小区"}


def test_a_plan_cannot_begin_before_the_communitys_day_of_the_proposal(session, community):
    openings = own_zones_and_a_shared_one(session, community)
    plan = draft_plan(session, community, openings, "", actor=OFFICE, at=AT)
    late_evening_in_utc = AT.replace(hour=16, minute=30)
    with pytest.raises(FirstDayPast):
        propose_plan(session, plan, TODAY, actor=OFFICE, at=late_evening_in_utc)
    assert plan.state == PlanState.DRAFT


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


def test_only_who_proposed_a_plan_withdraws_it_and_then_it_takes_no_votes(session, community):
    plan = proposed(session, community)
    vote(session, plan, "A")
    with pytest.raises(NotTheProposer):
        withdraw_plan(session, plan, actor="user:1", at=AT)
    withdraw_plan(session, plan, actor=OFFICE, at=AT)
    assert (plan.state, acts(session)[-1]) == (PlanState.WITHDRAWN, "plan.withdrawn")
    with pytest.raises(PlanNotProposed):
        vote(session, plan, "B")


def test_what_is_voted_on_is_in_the_ledger_word_for_word(session, community):
    plan = proposed(session, community)
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["subject"]) == ("plan.proposed", f"plan:{plan.number}")
    assert entry["details"]["first_day"] == TODAY.isoformat()
    assert entry["details"]["rule"] == "all"
    shown = {
        (one["zone"], one["letter"], one["starts"], one["ends"])
        for one in entry["details"]["openings"]
    }
    assert {("A1", "A", None, None), ("S1", "B", "20:00", "07:00")} <= shown
    assert len(shown) == len(plan.openings)


def a_swap(session, community):
    """Return openings by which A1 goes from A to B, and C keeps what it has."""
    openings = own_zones_and_a_shared_one(session, community)
    a, b = (compound_of(community, letter) for letter in "AB")
    return [
        ProposedOpening(one.zone_id, b.id) if one.compound_id == a.id and not one.starts else one
        for one in openings
    ]


@pytest.mark.parametrize(
    ("against", "state"), [("C", PlanState.RATIFIED), ("A", PlanState.REJECTED)]
)
def test_under_the_majoritys_rule_a_compound_that_loses_has_to_consent_and_no_other(
    session, community, against, state
):
    make_plan(session, community)
    let_the_majority_decide(session, community)
    plan = make_plan(session, community, a_swap(session, community), voted=False)
    assert {one.compound_id for one in plan.needed_consents} == {compound_of(community, "A").id}
    for letter in "ABC":
        vote(session, plan, letter, consents=letter != against)
    assert plan.state == state


def test_under_the_majoritys_rule_no_line_moves_without_those_whom_it_touches(session, community):
    def draw(left):
        areas = rectangle(left, 100), rectangle(left=400, bottom=100, code="B1")
        save_map(session, community, site(*areas), actor=OFFICE, at=AT)

    same = own_zones_and_a_shared_one(session, community)
    draw(left=100)
    make_plan(session, community, same)
    let_the_majority_decide(session, community)
    assert make_plan(session, community, same, voted=False).needed_consents == []
    draw(left=105)
    plan = make_plan(session, community, same, voted=False)
    assert [one.compound_id for one in plan.needed_consents] == [compound_of(community, "A").id]


def test_the_rule_is_the_one_under_which_the_plan_was_proposed(session, community):
    make_plan(session, community)
    plan = make_plan(session, community, a_swap(session, community), voted=False)
    let_the_majority_decide(session, community)
    for letter in "ABC":
        vote(session, plan, letter, consents=letter != "C")
    assert (plan.voting_rule, plan.state) == ("all", PlanState.REJECTED)


def test_who_loses_by_a_plan_that_came_in_force_meanwhile_has_to_consent_too(session, community):
    make_plan(session, community)
    let_the_majority_decide(session, community)
    plan = make_plan(
        session, community, own_zones_and_a_shared_one(session, community), voted=False
    )
    assert plan.needed_consents == []
    # By the other plan A1 is B's, which the first one would take away again.
    make_plan(session, community, a_swap(session, community))
    for letter in "ABC":
        vote(session, plan, letter, consents=letter != "B")
    assert plan.state == PlanState.REJECTED


def test_from_the_first_day_on_a_vote_can_be_closed_and_who_is_silent_has_not_consented(
    session, community
):
    make_plan(session, community)
    let_the_majority_decide(session, community)
    tomorrow = TODAY + timedelta(days=1)
    plan = make_plan(
        session, community, a_swap(session, community), first_day=tomorrow, voted=False
    )
    for letter in "AB":
        vote(session, plan, letter)
    with pytest.raises(VoteStillOpen):
        close_vote(session, plan, actor=OFFICE, at=AT)
    close_vote(session, plan, actor=OFFICE, at=AT + timedelta(days=1))
    assert plan.state == PlanState.RATIFIED
    assert acts(session)[-2:] == ["plan.vote_closed", "plan.ratified"]


BY_FORCE = {
    "a state": "UPDATE zone_plans SET state = 'ratified', first_day = '2026-01-01' WHERE id = 1",
    "straight from a draft": "UPDATE zone_plans SET state = 'ratified', voting_rule = 'all',"
    " first_day = '2026-01-01' WHERE id = 2",
    "an easier rule": "UPDATE zone_plans SET voting_rule = 'majority_with_losers' WHERE id = 1",
    "an easier rule from the start": "UPDATE zone_plans SET state = 'proposed',"
    " voting_rule = 'majority_with_losers' WHERE id = 2",
    "a new plan": "INSERT INTO zone_plans (community_id, number, state, note, first_day,"
    " created_at, voting_rule) SELECT community_id, 9, 'ratified', '', '2026-01-01', created_at,"
    " 'all' FROM zone_plans WHERE id = 1",
    "a vote by one who is no representative": "INSERT INTO plan_votes (plan_id, compound_id,"
    " user_id, consents, reason, at) SELECT p.id, c.id, u.id, true, '', p.created_at"
    " FROM zone_plans p, compounds c, users u"
    " WHERE p.id = 1 AND c.letter = 'C' AND u.role = 'administrator'",
    "a vote turned round": "UPDATE plan_votes SET consents = true, user_id ="
    " (SELECT id FROM users WHERE role = 'administrator')",
    "a vote less": "DELETE FROM plan_votes",
    "what was said": "UPDATE plan_sayings SET consents = true",
    "a consent less": "DELETE FROM needed_consents",
    "a change of the rule": "INSERT INTO rule_changes (community_id, rule, state, proposed_by,"
    " proposed_at) SELECT community_id, 'majority_with_losers', 'accepted', '', created_at"
    " FROM zone_plans WHERE id = 1",
}
"""Ways in which somebody who reaches the database might put a plan in force."""


OUR_TRIGGERS = r"a plan |a draft |representatives|stays|a change of the rule|the rule"
"""What the database says when it is one of the triggers that refuses."""


@pytest.mark.parametrize("statement", BY_FORCE.values(), ids=BY_FORCE)
def test_no_statement_puts_a_plan_in_force_without_the_votes(session, community, statement):
    plan = proposed(session, community)
    draft_plan(session, community, [], "", actor=OFFICE, at=AT)
    make_user(session, community, Role.ADMINISTRATOR)
    for letter, consents in (("A", True), ("B", False)):
        vote(session, plan, letter, consents)
    session.commit()
    with pytest.raises(DBAPIError, match=OUR_TRIGGERS):
        session.execute(text(statement))
    session.rollback()
    assert in_force(session, community) is None


def test_a_plan_in_force_stays_it_whoever_writes_into_the_database(session, community):
    make_plan(session, community)
    for change in ("state = 'withdrawn'", "first_day = '2030-01-01'", "number = 7"):
        with pytest.raises(DBAPIError, match=r"never changes|keeps"), session.begin_nested():
            session.execute(text(f"UPDATE zone_plans SET {change}"))


def test_whose_term_is_over_votes_no_more_and_what_was_voted_before_counts(session, community):
    plan = proposed(session, community)
    user = representative_of(session, compound_of(community, "A"))
    user.term_ends = TODAY
    vote(session, plan, "A")
    user.term_ends = TODAY - timedelta(days=1)
    with pytest.raises(NotARepresentative):
        vote(session, plan, "A", consents=False)
    for letter in "BC":
        vote(session, plan, letter)
    assert plan.state == PlanState.RATIFIED


@pytest.mark.parametrize("table", ["plan_votes", "plan_sayings"])
def test_no_statement_votes_for_somebody_whose_term_is_over(session, community, table):
    plan = proposed(session, community)
    user = representative_of(session, compound_of(community, "A"))
    row = {"plan": plan.id, "compound": user.compound_id, "user": user.id}
    statement = text(
        f"INSERT INTO {table} (plan_id, compound_id, user_id, consents, reason, at)"
        " SELECT :plan, :compound, :user, true, '', proposed_at FROM zone_plans WHERE id = :plan"
    )
    user.term_ends = TODAY - timedelta(days=2)
    session.flush()
    with pytest.raises(DBAPIError, match="representatives"), session.begin_nested():
        session.execute(statement, row)
    user.term_ends = TODAY
    session.flush()
    session.execute(statement, row)


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
