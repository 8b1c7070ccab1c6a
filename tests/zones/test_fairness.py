from datetime import time

import pytest

from tests.factories import AT, OFFICE, compound_of, make_community, make_zone
from zones.drafting import ProposedOpening, draft_plan
from zones.fairness import fairness_of, held_all_day


@pytest.fixture
def community(session):
    return make_community(session, "AB")


def test_plans_are_compared_by_what_they_open_all_day_and_shared_spaces_are_parted(
    session, community
):
    a, b = (compound_of(community, letter) for letter in "AB")
    own, shared = make_zone(session, community, "A1", 10), make_zone(session, community, "S1", 30)
    openings = [
        ProposedOpening(own.id, a.id),
        ProposedOpening(shared.id, a.id),
        ProposedOpening(shared.id, b.id),
        ProposedOpening(own.id, b.id, time(20), time(7)),
    ]
    plan = draft_plan(session, community, openings, "", actor=OFFICE, at=AT)
    metres = {(a.id, own.id): 20, (a.id, shared.id): 100, (b.id, shared.id): 200, (b.id, own.id): 9}
    told = fairness_of(
        held_all_day(plan.openings), community.compounds, {a.id: 50, b.id: 30}, metres
    )
    assert told.spaces == {a.id: 25.0, b.id: 15.0}
    assert told.ratios == {a.id: 2.0, b.id: 2.0}
    assert (told.worst, told.metres_per_car) == (2.0, (10 * 20 + 15 * 100 + 15 * 200) / 40)


def test_a_plan_that_leaves_cars_without_a_space_has_no_worst_ratio(session, community):
    plan = draft_plan(session, community, [], "", actor=OFFICE, at=AT)
    a = compound_of(community, "A")
    told = fairness_of(held_all_day(plan.openings), community.compounds, {a.id: 1}, {})
    assert (told.worst, told.metres_per_car, told.ratios[a.id]) == (None, None, None)
