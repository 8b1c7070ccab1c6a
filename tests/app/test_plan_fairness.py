import re

import pytest
from sqlalchemy import select

from records.people import Role
from tests.app.pages import fields_of, words_of
from tests.factories import make_vehicle
from zones.areas import zones_of
from zones.plans import Opening, PlanState, ZonePlan
from zones.walking import USUAL_METRES, WalkingDistance


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def cars(session, town):
    """A has thrice the cars of B, and as many spaces."""
    for letter in "AAAB":
        make_vehicle(session, town.compound(letter))
    session.commit()


def test_a_fair_plan_is_shown_with_its_reasons_and_kept_as_a_draft_in_one_click(
    office, cars, town, kept
):
    page = office.get("/plans/fair")
    assert "The worst shortage" not in words_of(page)
    assert "Tightest: Compound A, Compound B with 0.20 cars for each space" in words_of(page)
    office.post(
        "/plans/fair", data={"zone": re.findall(r'name="zone" value="(\d+)" checked', page.text)}
    )
    draft = kept(select(ZonePlan).order_by(ZonePlan.number))[-1]
    assert draft.state == PlanState.DRAFT
    assert "Tightest: Compound A" in draft.note
    found = kept(select(Opening).where(Opening.plan_id == draft.id))
    given = {
        (one.zone.code, one.compound.letter, one.spaces) for one in found if one.starts is None
    }
    assert given == {("A1", "A", None), ("B1", "A", 5), ("B1", "B", 5)}
    # The square, which is shared by night, was not given out and stays as it is.
    assert {one.compound.letter for one in found if one.zone.code == "S1"} == {"A", "B"}


def test_where_there_are_no_cars_the_page_says_so(office, town):
    assert "No compound has a car yet" in words_of(office.get("/plans/fair"))


def test_plans_are_compared_by_the_same_figures_beside_the_best_there_is(sign_in, cars, town):
    page = words_of(sign_in(Role.REPRESENTATIVE).get("/plans/compare"))
    assert "Plan 1 In force 0.30 0.30 10 spaces 0.10 10 spaces" in page
    assert "Computed the least that the worst can be 0.20 0.20 15 spaces 0.20 5 spaces" in page


def test_ways_are_kept_as_typed_and_what_makes_no_sense_is_marked(office, session, town, kept):
    zone = zones_of(session, town.community.id)[0]
    name = f"way-{town.compound('A').id}-{zone.id}"
    session.commit()
    assert office.post("/plans/ways", data={name: "60"}).status_code == 302
    assert kept(select(WalkingDistance.metres)) == [60]
    page = office.get("/plans/ways")
    assert fields_of(page)[name] == "60"
    assert f'placeholder="{USUAL_METRES}"' in page.text
    answer = office.post("/plans/ways", data={name: "far"})
    assert (answer.status_code, fields_of(answer)[name]) == (422, "far")
    assert kept(select(WalkingDistance.metres)) == [60]
