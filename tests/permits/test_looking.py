from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from permits.looking import Look, MayPark, look_at_plate, look_at_symbol
from permits.permit import permit_fields
from permits.plates import PlateError
from permits.suspending import suspend
from permits.token import sign, url
from permits.verdicts import Reason
from tests.factories import (
    AT,
    OFFICE,
    make_permit,
    make_town,
    make_vehicle,
    make_visit,
    make_warning,
)
from zones.areas import zones_of

PLATE = "粤E12345"
NOBODYS = "粤E00000"
NIGHT = AT.replace(hour=13, minute=0)
"""21:00 in Shanghai: S1 is open to all."""


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def permit(session, town):
    return make_permit(session, make_vehicle(session, town.compound("A"), PLATE))


@pytest.fixture
def zones(session, town):
    return {zone.code: zone for zone in zones_of(session, town.community.id)}


@pytest.fixture
def plate(session, town, zones):
    """Ask for a typed plate."""
    return lambda code, typed=PLATE, at=AT: look_at_plate(
        session, town.community, zones[code], typed, at=at
    )


@pytest.fixture
def symbol(session, town, zones, permit):
    """Ask for the permit's symbol."""
    token = sign(permit_fields(permit, town.community), town.keys.private(permit.key_id))
    scanned = url("https://p.example", token)
    return lambda code, at=AT, text=scanned: look_at_symbol(
        session, town.community, zones[code], text, at=at
    )


def test_a_car_may_park_where_its_colour_may_at_this_hour(permit, plate):
    assert plate("A1") == Look(MayPark.YES)
    assert plate("B1") == plate("S1") == Look(MayPark.NO)
    # Open from 20:00 to 07:00 in Shanghai.
    assert plate("S1", at=NIGHT) == Look(MayPark.YES, NIGHT + timedelta(hours=10))


def test_a_car_that_nobody_knows_gets_the_answer_of_one_that_may_not_park_there(permit, plate):
    assert plate("B1", NOBODYS) == plate("B1", PLATE)
    with pytest.raises(PlateError):
        plate("B1", "粤E1234")


def test_the_answer_costs_the_same_queries_whoever_is_asked_for(session, permit, plate):
    asked = []
    plate("A1")
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for typed, zone in ((PLATE, "A1"), (PLATE, "B1"), (NOBODYS, "B1")):
        asked.clear()
        plate(zone, typed)
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_a_guest_may_park_where_the_host_may_and_nobody_learns_until_when(session, town, plate):
    make_visit(session, town.compound("B"), "京A12345", hours=3)
    assert plate("B1", "京A12345") == Look(MayPark.YES)
    assert plate("A1", "京A12345") == Look(MayPark.NO)


def test_a_symbol_says_why_and_until_when(session, town, symbol, permit):
    assert symbol("A1").may_park == MayPark.YES
    assert symbol("S1", NIGHT).until == NIGHT + timedelta(hours=10)
    elsewhere = symbol("B1")
    assert (elsewhere.may_park, elsewhere.decision.reasons) == (MayPark.NO, (Reason.OK,))
    warning = make_warning(session, permit.vehicle, 3)
    suspend(session, warning, "three times", days=2, actor=OFFICE, at=AT)
    suspended = symbol("A1")
    assert (suspended.may_park, suspended.decision.reasons) == (MayPark.NO, (Reason.SUSPENDED,))


def test_a_permit_ends_with_its_last_day_though_the_zone_stays_open(session, symbol, permit):
    last = AT + timedelta(days=(permit.valid_to - permit.valid_from).days)
    assert symbol("A1", last).until == last.replace(hour=16, minute=0)


def test_a_forged_symbol_may_not_park_and_one_that_is_not_in_the_register_is_not_known(
    session, town, permit, symbol
):
    assert symbol("A1", text="https://p.example/P/AAAA").may_park == MayPark.NO
    fields = replace(permit_fields(permit, town.community), number=99)
    unknown = sign(fields, town.keys.private(permit.key_id))
    assert symbol("A1", text=url("https://p.example", unknown)).may_park == MayPark.NOT_KNOWN
