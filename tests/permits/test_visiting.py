from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from permits.issuing import NoSigningKey
from permits.plates import PlateError
from permits.vehicles import Household
from permits.visiting import (
    DROP_OFF,
    FURTHEST_AHEAD,
    LONGEST_DROP_OFF,
    LONGEST_VISIT,
    DropOffTooLong,
    HostMissing,
    PassNotNeeded,
    VisitEnded,
    VisitHoursWrong,
    VisitQuotaUsedUp,
    VisitTooFarAhead,
    VisitTooLong,
    cancel_visit,
    register_drop_off,
    register_visit,
    visits_in_month,
)
from permits.visitor_pass import VisitKind, VisitorPass
from records import ledger
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    make_community,
    make_town,
    make_vehicle,
    make_visit,
)
from zones.communities import Compound

PLATE = "京A12345"
UUID = "0b8c6f2e-3f0e-4c57-9d65-6a9d0a4b7c11"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def compound(town):
    return town.compound("A")


def register(session, compound, **changes):
    given = {
        "household": "3-501",
        "plate": PLATE,
        "kind": VisitKind.VISITOR,
        "valid_from": AT,
        "valid_to": AT + 4 * HOUR,
        "actor": REPRESENTATIVE,
        "at": AT,
    }
    return register_visit(session, compound, **{**given, **changes})


def entries(session, act):
    return [one for one in ledger.export(session) if one["act"] == act]


def count(session):
    return session.scalar(select(func.count()).select_from(VisitorPass))


def test_a_visit_keeps_plate_host_and_hours(session, compound):
    visit = register(session, compound, plate=" 京a·12345 ")
    assert (visit.plate, visit.compound.letter) == (PLATE, "A")
    assert (visit.household.building, visit.household.room) == ("3", "501")
    assert (visit.valid_from, visit.valid_to) == (AT, AT + 4 * HOUR)
    assert (visit.created_by, visit.created_at, visit.received_at) == (REPRESENTATIVE, AT, AT)


def test_the_ledger_names_a_visits_colour_and_hours_and_no_plate(session, compound):
    visit = register(session, compound)
    [entry] = entries(session, "visit.registered")
    assert entry["subject"] == f"visit:{visit.number}"
    assert entry["details"] == {
        "letter": "A",
        "kind": "visitor",
        "valid_from": "2026-12-01T16:30+08:00",
        "valid_to": "2026-12-01T20:30+08:00",
    }


def test_visits_are_numbered_in_their_community(session, town, compound):
    other = make_community(session, "A", number=2)
    visits = [
        register(session, compound),
        register_drop_off(session, town.community, plate=PLATE, actor=OFFICE, at=AT),
        register(session, town.compound("B")),
        register(session, other.compounds[0]),
    ]
    assert [visit.number for visit in visits] == [1, 2, 3, 1]


def test_a_household_with_a_car_is_the_same_one_and_one_without_is_made(session, compound):
    vehicle = make_vehicle(session, compound, household="3-501")
    assert register(session, compound, household="3栋501").household_id == vehicle.household_id
    assert register(session, compound, household="物业").household.room == "物业"
    assert session.scalar(select(func.count()).select_from(Household)) == 2


def test_what_is_sent_twice_is_registered_once(session, compound):
    first = register(session, compound, uuid=UUID)
    again = register(session, compound, uuid=UUID, plate="京A99999")
    assert (again.id, again.plate, count(session)) == (first.id, PLATE, 1)
    assert len(entries(session, "visit.registered")) == 1


def test_a_visit_registered_without_a_network_keeps_both_times(session, compound):
    visit = register(session, compound, received_at=AT + 9 * HOUR)
    assert (visit.created_at, visit.received_at) == (AT, AT + 9 * HOUR)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"plate": "京A1234O"}, PlateError),
        ({"plate": ""}, PlateError),
        ({"plate": "粤EA234警"}, PassNotNeeded),
        ({"plate": "WJ12345"}, PassNotNeeded),
        ({"household": "  "}, HostMissing),
        ({"valid_to": AT}, VisitHoursWrong),
        ({"valid_from": AT - 2 * HOUR, "valid_to": AT}, VisitHoursWrong),
        ({"valid_to": AT + LONGEST_VISIT + MINUTE}, VisitTooLong),
        (
            {
                "valid_from": AT + FURTHEST_AHEAD + MINUTE,
                "valid_to": AT + FURTHEST_AHEAD + HOUR,
            },
            VisitTooFarAhead,
        ),
    ],
)
def test_a_visit_that_cannot_be_is_refused(session, compound, changes, refusal):
    with pytest.raises(refusal):
        register(session, compound, **changes)
    assert count(session) == 0


def test_the_longest_visit_that_is_registered_the_furthest_ahead_is_taken(session, compound):
    begins = AT + FURTHEST_AHEAD
    visit = register(session, compound, valid_from=begins, valid_to=begins + LONGEST_VISIT)
    assert visit.number == 1


def test_a_visit_needs_a_key_that_signs_its_pass(session):
    compound = make_community(session, "A").compounds[0]
    with pytest.raises(NoSigningKey):
        register(session, compound)


def test_a_household_has_its_visits_of_the_month_and_no_more(session, compound):
    compound.visits_per_month = 2
    register(session, compound, kind=VisitKind.DELIVERY)
    register(session, compound, kind=VisitKind.TRADESMAN)
    with pytest.raises(VisitQuotaUsedUp) as refused:
        register(session, compound)
    assert refused.value.facts == {"quota": 2}
    assert register(session, compound, household="3-502").number == 3


def test_the_month_is_the_communitys_calendar_month(session, compound):
    compound.visits_per_month = 1
    # In Shanghai the last hour of November, and the first of December, on one day in UTC.
    november = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)
    for begins in (november, november + HOUR):
        register(session, compound, valid_from=begins, valid_to=begins + HOUR, at=november)
    with pytest.raises(VisitQuotaUsedUp):
        register(session, compound, valid_from=november + HOUR, valid_to=AT, at=november)


def test_a_visit_cancelled_before_it_began_gives_its_place_back(session, town, compound):
    compound.visits_per_month = 1
    tomorrow = AT + 24 * HOUR
    visit = register(session, compound, valid_from=tomorrow, valid_to=tomorrow + HOUR)
    cancel_visit(session, visit, actor=REPRESENTATIVE, at=AT)
    assert visits_in_month(session, town.community, visit.household, AT) == 0
    begun = register(session, compound)
    cancel_visit(session, begun, actor=REPRESENTATIVE, at=AT + HOUR)
    with pytest.raises(VisitQuotaUsedUp):
        register(session, compound, at=AT + HOUR)


def test_two_who_register_at_once_share_the_quota(engine, session, compound):
    compound.visits_per_month = 1
    key = compound.id
    session.commit()
    kinds = [
        type(one)
        for one in at_once(engine, lambda own: own.get_one(Compound, key), register, register)
    ]
    assert set(kinds) == {VisitorPass, VisitQuotaUsedUp}


def test_a_cancelled_visit_is_over_and_the_ledger_says_so(session, compound):
    visit = register(session, compound)
    cancel_visit(session, visit, actor=OFFICE, at=AT + HOUR)
    assert visit.cancelled_at == AT + HOUR
    [entry] = entries(session, "visit.cancelled")
    assert (entry["actor"], entry["subject"]) == (OFFICE, "visit:1")
    assert entry["details"] == {"letter": "A", "kind": "visitor"}


@pytest.mark.parametrize("cancelled_before", [True, False])
def test_what_is_over_cannot_be_cancelled(session, compound, cancelled_before):
    visit = register(session, compound)
    at = AT + HOUR if cancelled_before else visit.valid_to
    if cancelled_before:
        cancel_visit(session, visit, actor=OFFICE, at=AT)
    with pytest.raises(VisitEnded) as refused:
        cancel_visit(session, visit, actor=OFFICE, at=at)
    assert refused.value.facts == {"number": visit.number}


def test_a_drop_off_asks_for_nothing_but_the_plate(session, town):
    visit = register_drop_off(session, town.community, plate="京a12345", actor=OFFICE, at=AT)
    assert (visit.plate, visit.kind) == (PLATE, VisitKind.DROP_OFF)
    assert (visit.compound, visit.household, visit.key_id) == (None, None, None)
    assert (visit.valid_from, visit.valid_to - visit.valid_from) == (AT, DROP_OFF)
    assert entries(session, "visit.registered") == []


def test_a_drop_off_is_registered_once_and_may_be_cancelled(session, town):
    given = {"plate": PLATE, "actor": OFFICE, "at": AT, "uuid": UUID}
    first = register_drop_off(session, town.community, **given)
    assert register_drop_off(session, town.community, **given).id == first.id
    cancel_visit(session, first, actor=OFFICE, at=AT + MINUTE)
    assert entries(session, "visit.cancelled") == []


@pytest.mark.parametrize(("typed", "refusal"), [("京A", PlateError), ("VB12345", PassNotNeeded)])
def test_a_drop_off_of_no_car_or_of_a_fire_engine_is_not_needed(session, town, typed, refusal):
    with pytest.raises(refusal):
        register_drop_off(session, town.community, plate=typed, actor=OFFICE, at=AT)


@pytest.mark.parametrize(
    ("lasts", "refusal"),
    [(timedelta(), VisitHoursWrong), (LONGEST_DROP_OFF + MINUTE, DropOffTooLong)],
)
def test_a_drop_off_lasts_a_while_and_not_for_long(session, town, lasts, refusal):
    given = {"plate": PLATE, "actor": OFFICE, "at": AT}
    register_drop_off(session, town.community, lasts=LONGEST_DROP_OFF, **given)
    with pytest.raises(refusal):
        register_drop_off(session, town.community, lasts=lasts, **given)


def test_making_one_in_a_test_is_registering_one(session, compound):
    assert make_visit(session, compound).created_by == REPRESENTATIVE
