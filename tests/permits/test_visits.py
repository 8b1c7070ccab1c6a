from datetime import UTC, datetime, timedelta

import pytest

from permits import token
from permits.deciding import decide_now
from permits.gate import Reason
from permits.visiting import cancel_visit, register_drop_off
from permits.visits import (
    VisitTime,
    pass_url,
    visit_numbered,
    visits_around,
    visits_of_plate,
    visits_query,
)
from records.keys import load_public
from records.signing_keys import public_pems
from tests.factories import AT, OFFICE, make_permit, make_town, make_vehicle, make_visit

PLATE = "京A12345"
HOUR = timedelta(hours=1)
URL = "https://permits.example.cn"

TODAY = datetime(2026, 11, 30, 16, tzinfo=UTC)
"""Midnight in Shanghai, at which the day of `AT` begins."""


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def compound(town):
    return town.compound("A")


def decided(session, town, at=AT, **asked):
    decision = decide_now(session, town.community, at=at, **asked)
    return [str(one) for one in decision.reasons], decision.sign and decision.sign.letter


def test_a_pass_is_a_signed_token_whose_days_contain_its_hours(session, town, compound):
    visit = make_visit(session, compound, PLATE, hours=8)
    address = pass_url(visit, town.community, town.keys, URL)
    keys = {key: load_public(pem) for key, pem in public_pems(session).items()}
    fields = token.verify(token.from_url(address), keys)
    assert address.startswith("HTTPS://PERMITS.EXAMPLE.CN/P/")
    assert (fields.kind, fields.number, fields.plate) == (
        token.TokenKind.VISITOR_PASS,
        visit.number,
        PLATE,
    )
    assert (str(fields.first_day), str(fields.last_day)) == ("2026-12-01", "2026-12-02")
    assert pass_url(visit, town.community, town.keys, URL) == address


def test_a_visit_until_midnight_does_not_touch_the_next_day(session, town, compound):
    until_midnight = (TODAY + 24 * HOUR - AT) / HOUR
    visit = make_visit(session, compound, hours=until_midnight)
    signed = token.read(token.from_url(pass_url(visit, town.community, town.keys, URL)))
    assert str(signed.fields.last_day) == "2026-12-01"


def test_a_drop_off_has_no_pass(session, town):
    visit = register_drop_off(session, town.community, plate=PLATE, actor=OFFICE, at=AT)
    with pytest.raises(ValueError, match="no pass"):
        pass_url(visit, town.community, town.keys, URL)


def test_an_expected_plate_is_admitted_in_its_hours_with_its_hosts_colour(session, town, compound):
    make_visit(session, compound, PLATE, hours=4)
    assert decided(session, town, plate=PLATE) == (["visitor_ok"], "A")
    assert decided(session, town, AT - HOUR, plate=PLATE) == (["not_yet_valid"], "A")
    assert decided(session, town, AT + 4 * HOUR, plate=PLATE) == (["visitor_over"], "A")


def test_a_pass_is_admitted_in_its_hours_until_it_is_cancelled(session, town, compound):
    visit = make_visit(session, compound, PLATE, hours=4)
    address = pass_url(visit, town.community, town.keys, URL)
    assert decided(session, town, scanned=address) == (["visitor_ok"], "A")
    assert decided(session, town, AT + 4 * HOUR, scanned=address) == (["visitor_over"], "A")
    cancel_visit(session, visit, actor=OFFICE, at=AT + HOUR)
    assert decided(session, town, AT + HOUR, scanned=address) == (["visitor_over"], "A")
    assert decided(session, town, AT + HOUR, plate=PLATE) == (["visitor_over"], "A")


def test_of_a_moment_before_it_was_cancelled_a_visit_still_stood(session, town, compound):
    visit = make_visit(session, compound, PLATE, hours=4)
    cancel_visit(session, visit, actor=OFFICE, at=AT + HOUR)
    assert decided(session, town, AT + HOUR / 2, plate=PLATE) == (["visitor_ok"], "A")
    assert not visit_numbered(session, town.community, visit.number, AT).cancelled
    assert visit_numbered(session, town.community, visit.number, AT + HOUR).cancelled


def test_a_residents_own_permit_counts_before_a_visit(session, town, compound):
    make_permit(session, make_vehicle(session, compound, PLATE))
    make_visit(session, town.compound("B"), PLATE)
    assert decided(session, town, plate=PLATE) == (["ok"], "A")


def test_a_drop_off_is_admitted_by_its_plate_for_half_an_hour(session, town):
    register_drop_off(session, town.community, plate=PLATE, actor=OFFICE, at=AT)
    assert decided(session, town, plate=PLATE) == (["visitor_ok"], None)
    assert decided(session, town, AT + HOUR / 2, plate=PLATE) == (["visitor_over"], None)


def test_a_visit_of_last_week_makes_a_car_no_visitor(session, town, compound):
    make_visit(session, compound, PLATE, begins=AT - timedelta(days=7))
    assert decided(session, town, plate=PLATE) == ([Reason.PLATE_UNKNOWN], None)


@pytest.mark.parametrize(
    ("begins", "hours", "is_around"),
    [
        (TODAY - HOUR, 1, False),
        (TODAY - HOUR, 1.5, True),
        (AT, 1, True),
        (TODAY + 47 * HOUR, 3, True),
        (TODAY + 48 * HOUR, 1, False),
    ],
)
def test_the_gate_knows_the_visits_of_today_and_tomorrow(
    session, town, compound, begins, hours, is_around
):
    visit = make_visit(session, compound, PLATE, begins=begins, hours=hours)
    known = [one.number for one in visits_of_plate(session, town.community, PLATE, AT)]
    around = session.scalars(visits_around(town.community, AT)).all()
    assert known == [one.number for one in around] == ([visit.number] if is_around else [])


def test_another_plates_visits_are_not_this_plates(session, town, compound):
    make_visit(session, compound, "京A99999")
    assert visits_of_plate(session, town.community, PLATE, AT) == []
    assert visit_numbered(session, town.community, 7, AT) is None


def test_lists_show_the_next_first_and_what_is_over_last_first(session, town, compound):
    later = make_visit(session, compound, begins=AT + 2 * HOUR, registered_at=AT)
    going = make_visit(session, compound)
    over = make_visit(session, compound, begins=AT - 3 * HOUR, hours=1)
    over_last = make_visit(session, compound, begins=AT - 3 * HOUR, hours=3)
    cancelled = make_visit(session, compound, hours=8)
    cancel_visit(session, cancelled, actor=OFFICE, at=AT)

    def shown(when):
        query = visits_query(town.community, None, when, "", AT)
        return [one.number for one in session.scalars(query)]

    assert shown(VisitTime.AHEAD) == [going.number, later.number]
    assert shown(VisitTime.OVER) == [cancelled.number, over_last.number, over.number]


def test_a_list_can_be_one_compounds_and_found_by_part_of_a_plate(session, town, compound):
    ours = make_visit(session, compound, PLATE)
    make_visit(session, town.compound("B"), "京A99999")
    drop_off = register_drop_off(session, town.community, plate="京B00001", actor=OFFICE, at=AT)

    def shown(compound=None, text=""):
        query = visits_query(town.community, compound, VisitTime.AHEAD, text, AT)
        return [one.number for one in session.scalars(query)]

    assert shown(compound) == [ours.number]
    assert shown(text="京a·12") == shown(text="2345") == [ours.number]
    assert shown(text="京B") == [drop_off.number]
    assert shown(text="%") == []
