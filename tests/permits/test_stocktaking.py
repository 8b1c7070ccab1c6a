from datetime import date, timedelta

import pytest

from permits.binding import SpaceFacts, bind
from permits.own_space import PaperKind, Tenure
from permits.stocktaking import (
    LONG_TERM_DAYS,
    WINDOW_DAYS,
    Use,
    first_pass_day,
    take_stock,
    vehicles_by_month,
)
from permits.vehicles import VehicleState
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    make_community,
    make_gate,
    make_pass,
    make_permit,
    make_town,
    make_vehicle,
)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


def stock(session, town, at=AT):
    found = take_stock(session, town.community, town.plan, at)
    return {one.compound.letter: one for one in found}


def days_ago(*days):
    return [AT - timedelta(days=one) for one in days]


def test_households_are_counted_by_the_number_of_their_cars(session, town):
    a, b = town.compound("A"), town.compound("B")
    for flat in ("1-101", "1-101", "1-101", "1-102", "1-103", None, None):
        make_vehicle(session, a, household=flat)
    make_vehicle(session, a, household="1-102", state=VehicleState.REMOVED)
    make_vehicle(session, b, household="1-101")
    found = stock(session, town)
    assert found["A"].households == {3: 1, 1: 2}
    assert found["A"].without_household == 2
    assert found["A"].vehicles == 7
    assert found["B"].households == {1: 1}
    assert found["B"].without_household == 0


def test_a_car_with_a_space_of_its_own_does_not_share_the_zones(session, town):
    a = town.compound("A")
    bound, _second, loose = (make_vehicle(session, a, household=flat) for flat in ("1", "1", None))
    for car, number in ((bound, "023"), (loose, "024")):
        space = SpaceFacts("B1", number, Tenure.OWNED, PaperKind.TITLE)
        bind(session, car, space, sealer=SEALER, actor=OFFICE, at=AT)
    found = stock(session, town)["A"]
    assert (found.households, found.without_household) == ({2: 1}, 1)
    assert (found.sharing, found.sharing_without_household) == ({1: 1}, 0)
    assert (found.own_spaces, found.demand) == (2, 1)


def test_cars_that_are_here_day_after_day_are_told_from_those_that_come_by(session, town):
    a, gate = town.compound("A"), town.community.gates[0]
    daily, rare, never = (make_vehicle(session, a) for _ in range(3))
    for at in days_ago(*range(LONG_TERM_DAYS)):
        make_pass(session, gate, daily.plate, at=at)
    # Many passes on one day are one day.
    for minutes in range(LONG_TERM_DAYS):
        make_pass(session, gate, rare.plate, at=AT - timedelta(minutes=minutes))
    # Before the window, and turned away: neither is a day here.
    for at in days_ago(*range(WINDOW_DAYS, WINDOW_DAYS + LONG_TERM_DAYS)):
        make_pass(session, gate, never.plate, at=at)
    make_pass(session, gate, never.plate, let_through=False)
    assert stock(session, town)["A"].use == Use(long_term=1, occasional=1, not_seen=1)
    assert stock(session, town)["B"].use == Use(0, 0, 0)


def test_a_day_is_the_communitys_own(session, town):
    """Half past eight in the evening in Shanghai and the next morning are one day in UTC."""
    gate, car = town.community.gates[0], make_vehicle(session, town.compound("A"))
    for days in range(LONG_TERM_DAYS // 2):
        evening = AT.replace(hour=12, minute=30) - timedelta(days=2 * days + 1)
        make_pass(session, gate, car.plate, at=evening)
        make_pass(session, gate, car.plate, at=evening.replace(hour=18))
    assert stock(session, town)["A"].use == Use(long_term=1, occasional=0, not_seen=0)


def test_the_first_pass_says_since_when_the_gates_record(session, town):
    assert first_pass_day(session, town.community, AT) is None
    gate = town.community.gates[0]
    for at in days_ago(3, 5, WINDOW_DAYS + 1):
        make_pass(session, gate, None, at=at)
    assert first_pass_day(session, town.community, AT) == date(2026, 11, 26)


def test_new_energy_is_told_by_the_plate(session, town):
    a = town.compound("A")
    for plate in ("粤ED12345", "粤E12345D", "粤E12345"):
        make_vehicle(session, a, plate)
    found = stock(session, town)["A"]
    assert (found.new_energy, found.vehicles) == (2, 3)


def test_permits_and_spaces_are_those_of_the_board(session, town):
    make_permit(session, make_vehicle(session, town.compound("A")))
    found = stock(session, town)["A"]
    assert (found.permits, found.demand, found.spaces) == (1, 1, 10)


def test_months_end_with_the_present_moment(session, town):
    a, b = town.compound("A"), town.compound("B")
    old, gone = make_vehicle(session, a), make_vehicle(session, a, state=VehicleState.REMOVED)
    fresh = make_vehicle(session, b)
    old.added_at = gone.added_at = AT - timedelta(days=70)
    gone.removed_at = AT - timedelta(days=20)
    fresh.added_at = AT - timedelta(hours=1)
    session.flush()
    told = vehicles_by_month(session, town.community, AT, months=4)
    assert [first for first, _cars in told] == [date(2026, month, 1) for month in (9, 10, 11, 12)]
    assert [cars.get(a.id) for _first, cars in told] == [2, 2, 1, 1]
    assert [cars.get(b.id) for _first, cars in told] == [0, 0, 0, 1]


def test_another_communitys_gates_do_not_count(session, town):
    elsewhere = make_gate(session, make_community(session, "C", number=2), "west")
    car = make_vehicle(session, town.compound("A"))
    make_pass(session, elsewhere, car.plate)
    assert stock(session, town)["A"].use == Use(long_term=0, occasional=0, not_seen=1)
    assert first_pass_day(session, town.community, AT) is None
