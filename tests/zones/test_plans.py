from datetime import time, timedelta

import pytest

from tests.factories import (
    TODAY,
    compound_of,
    make_community,
    make_plan,
)
from zones.plans import (
    Opening,
    PlanPhase,
    PlanState,
    ZonePlan,
    openings_by_compound,
    phase_of,
    plan_in_force,
    plans_of,
)


@pytest.fixture
def community(session):
    return make_community(session, "AB")


def in_force(session, community, day=TODAY):
    return plan_in_force(session, community.id, day)


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


def test_openings_are_listed_by_zone_with_those_that_have_hours_last(session, community):
    plan = make_plan(session, community, voted=False)
    openings = openings_by_compound(plan)[compound_of(community, "A").id]
    assert [one.zone.code for one in openings] == ["A1", "S1"]
    assert openings_by_compound(None) == {}


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("starts", "ends", "open_at", "closed_at"),
    [
        (None, None, (time(0), time(12)), ()),
        (time(8), time(18), (time(8), time(17, 59)), (time(7, 59), time(18))),
        (time(20), time(7), (time(20), time(0), time(6, 59)), (time(7), time(19, 59))),
        (time(20), time(20), (time(20), time(19, 59)), ()),
    ],
)
def test_a_window_that_does_not_end_after_its_start_crosses_midnight(
    starts, ends, open_at, closed_at
):
    opening = Opening(starts=starts, ends=ends)
    assert all(opening.is_open(at) for at in open_at)
    assert not any(opening.is_open(at) for at in closed_at)


@pytest.mark.anywhere
def test_a_ratified_plan_waits_is_in_force_and_is_superseded():
    plan = ZonePlan(state=PlanState.RATIFIED, first_day=TODAY)
    other = ZonePlan(state=PlanState.RATIFIED, first_day=TODAY)
    yesterday = TODAY - timedelta(days=1)
    assert phase_of(plan, other, yesterday) == PlanPhase.RATIFIED
    assert phase_of(plan, plan, TODAY) == PlanPhase.IN_FORCE
    assert phase_of(plan, other, TODAY) == PlanPhase.SUPERSEDED
    assert phase_of(ZonePlan(state=PlanState.WITHDRAWN), other, TODAY) == PlanPhase.WITHDRAWN
