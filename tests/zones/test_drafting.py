from datetime import time

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from records import ledger
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    compound_of,
    make_community,
    make_plan,
    make_zone,
    own_zones_and_a_shared_one,
)
from zones.communities import Community
from zones.drafting import (
    NothingToAmend,
    PlanNotDraft,
    ProposedOpening,
    ZoneNotInCommunity,
    amend_plan,
    draft_plan,
    redraft_plan,
)
from zones.plans import Opening, PlanState


@pytest.fixture
def community(session):
    return make_community(session, "AB")


def drafted(session, community, openings=None):
    if openings is None:
        openings = own_zones_and_a_shared_one(session, community)
    return draft_plan(session, community, openings, "", actor=OFFICE, at=AT)


def facts(plan):
    return {(o.zone_id, o.compound_id, o.starts, o.ends, o.spaces) for o in plan.openings}


def test_a_draft_can_be_changed_and_is_entered_again(session, community):
    plan = drafted(session, community)
    less = own_zones_and_a_shared_one(session, community)[:1]
    redraft_plan(session, plan, less, "less", actor=OFFICE, at=AT)
    assert ([one.zone.code for one in plan.openings], plan.note) == (["A1"], "less")
    assert [one["act"] for one in ledger.export(session)] == ["plan.drafted", "plan.redrafted"]


def test_a_plan_that_was_proposed_is_no_longer_changed(session, community):
    plan = make_plan(session, community, voted=False)
    before = facts(plan)
    with pytest.raises(PlanNotDraft):
        redraft_plan(session, plan, [], "", actor=OFFICE, at=AT)
    assert facts(plan) == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM plan_openings",
        "UPDATE plan_openings SET spaces = 1",
        "INSERT INTO plan_openings (plan_id, zone_id, compound_id) SELECT 1, zone_id, 2"
        " FROM plan_openings LIMIT 1",
        "UPDATE zone_plans SET note = 'other words'",
        "DELETE FROM zone_plans",
    ],
)
@pytest.mark.parametrize("voted", [True, False], ids=["in force", "up for the vote"])
def test_the_database_itself_refuses_to_change_a_plan_that_is_no_draft(
    session, community, statement, voted
):
    make_plan(session, community, voted=voted)
    with pytest.raises(DBAPIError, match=r"draft|never changes|does not change|stays"):
        session.execute(text(statement))


def test_an_amendment_is_a_draft_with_the_same_openings_that_names_what_it_amends(
    session, community
):
    plan = make_plan(session, community)
    draft = amend_plan(session, plan, actor=OFFICE, at=AT)
    assert (draft.state, draft.amends, draft.note) == (PlanState.DRAFT, plan, plan.note)
    assert facts(draft) == facts(plan)
    assert list(ledger.export(session))[-1]["details"]["amends"] == plan.number
    with pytest.raises(NothingToAmend):
        amend_plan(session, draft, actor=OFFICE, at=AT)


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


def test_two_drafts_at_once_get_two_numbers(engine, session, community):
    community_id = community.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Community, community_id),
        *[lambda one, found: drafted(one, found, []).number] * 2,
    )
    assert sorted(results) == [1, 2]
