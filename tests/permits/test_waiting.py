"""The waiting list: in order of date, first cars first where agreed, never over a limit."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.allotting import Limits, WhyNoRoom
from permits.limits import change_limits, room
from permits.plate_list import Outcome
from permits.vehicles import Vehicle, VehicleState
from permits.waiting import (
    NoPlaceFree,
    NotWaiting,
    close_claims,
    find_places,
    give_place,
    turns,
    withdraw_claim,
)
from permits.waiting_car import ClaimState, WaitingCar
from records import ledger
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    approve_list,
    draft_list,
    list_csv,
    make_town,
    make_vehicle,
    make_waiting_car,
    plate,
)

BY = {"actor": OFFICE, "at": AT}
DAY = timedelta(days=1)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def compound(town):
    return town.compound("A")


def leave(session, vehicle):
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, AT
    session.flush()


def last_entry(session):
    return list(ledger.export(session))[-1]


def waiting(session, compound):
    return [(one.car.plate, one.why) for one in turns(session, compound)]


def test_an_approved_list_puts_the_cars_over_the_limit_on_the_waiting_list_with_its_date(
    session, town, compound
):
    make_vehicle(session, compound, plate(1), "3-501")
    change_limits(session, compound, Limits(1), **BY)
    content = list_csv((plate(2), "3-501", "陈伟", "13800138000"), (plate(3), "3-502"))
    handed_in = approve_list(session, compound, content, files=town.files)
    [turn] = turns(session, compound)
    assert (turn.car.plate, turn.position, turn.cars) == (plate(2), 1, 1)
    assert (turn.why, turn.car.since) == (WhyNoRoom.HOUSEHOLD_FULL, handed_in.submitted_at)
    assert last_entry(session)["details"]["waiting"] == 1
    again = approve_list(session, compound, content, files=town.files, at=AT + DAY)
    assert [row.outcome for row in again.rows] == [Outcome.OVER_QUOTA, Outcome.UNCHANGED]
    assert [one.car.since for one in turns(session, compound)] == [AT]


def test_a_registered_car_that_may_not_move_keeps_its_place_and_does_not_wait(
    session, town, compound
):
    make_vehicle(session, compound, plate(1), "3-501")
    make_vehicle(session, compound, plate(2), "3-502")
    change_limits(session, compound, Limits(1), **BY)
    moved = approve_list(session, compound, list_csv((plate(2), "3-501")), files=town.files)
    assert moved.rows[0].outcome == Outcome.OVER_QUOTA
    assert turns(session, compound) == []


def test_a_place_that_comes_free_is_kept_for_who_waits_and_given_with_an_entry(
    session, town, compound
):
    leaving = make_vehicle(session, compound, plate(1), "3-501")
    change_limits(session, compound, Limits(places=1), **BY)
    car = make_waiting_car(session, compound, plate(2), "3-502")
    with pytest.raises(NoPlaceFree):
        give_place(session, car, **BY)
    leave(session, leaving)
    newcomer = draft_list(session, compound, list_csv((plate(3), "3-503")), files=town.files)
    assert newcomer.rows[0].reason == "no_place"
    assert room(session, compound, ("3", "", "503")) is WhyNoRoom.NO_PLACE
    vehicle = give_place(session, car, **BY)
    assert (vehicle.plate, vehicle.household.room, vehicle.state) == (plate(2), "502", "active")
    session.refresh(vehicle)
    assert vehicle.changed == ledger.head(session).number
    assert (car.state, turns(session, compound)) == (ClaimState.PLACED, [])
    entry = last_entry(session)
    assert (entry["act"], entry["subject"]) == ("place.given", f"vehicle:{vehicle.id}")
    with pytest.raises(NotWaiting):
        give_place(session, car, **BY)


@pytest.mark.parametrize("first_cars_first", [False, True])
def test_places_are_offered_by_date_and_to_first_cars_before_second_ones_where_agreed(
    session, compound, first_cars_first
):
    make_vehicle(session, compound, plate(1), "3-501")
    change_limits(session, compound, Limits(2, first_cars_first=first_cars_first, places=2), **BY)
    second = make_waiting_car(session, compound, plate(2), "3-501", since=AT - 2 * DAY)
    first = make_waiting_car(session, compound, plate(3), "3-502", since=AT - DAY)
    expected = [
        (second.plate, None),
        (first.plate, WhyNoRoom.NO_PLACE),
    ]
    if first_cars_first:
        expected = [(first.plate, None), (second.plate, WhyNoRoom.NO_PLACE)]
    assert waiting(session, compound) == expected


def test_a_waiting_car_that_a_list_names_again_keeps_its_turn(session, town, compound):
    change_limits(session, compound, Limits(places=1), **BY)
    early = make_waiting_car(session, compound, plate(1), "3-501")
    content = list_csv((plate(2), "3-502"), (plate(1), "3-501"))
    handed_in = approve_list(session, compound, content, files=town.files)
    assert [row.reason for row in handed_in.rows] == ["no_place", "new_vehicle"]
    assert early.state == ClaimState.PLACED
    assert waiting(session, compound) == [(plate(2), WhyNoRoom.NO_PLACE)]


def test_what_has_ended_keeps_no_name_and_a_withdrawn_car_starts_at_the_end(
    session, town, compound
):
    make_vehicle(session, compound, plate(9), "3-509")
    change_limits(session, compound, Limits(places=1), **BY)
    content = list_csv((plate(1), "3-501", "陈伟", "13800138000"))
    approve_list(session, compound, content, files=town.files)
    make_waiting_car(session, compound, plate(2), "3-502", since=AT + DAY)
    [car] = session.scalars(select(WaitingCar).where(WaitingCar.plate == plate(1)))
    assert car.owner_sealed is not None
    withdraw_claim(session, car, actor=REPRESENTATIVE, at=AT)
    session.refresh(car)
    assert (car.state, car.ended_at, car.owner_sealed) == (ClaimState.WITHDRAWN, AT, None)
    assert last_entry(session)["act"] == "place.withdrawn"
    with pytest.raises(NotWaiting):
        withdraw_claim(session, car, **BY)
    approve_list(session, compound, content, files=town.files, at=AT + 2 * DAY)
    assert [one for one, _ in waiting(session, compound)] == [plate(2), plate(1)]


def test_a_car_that_another_compound_registers_waits_no_more(session, town, compound):
    car = make_waiting_car(session, compound, plate(1))
    make_vehicle(session, town.compound("B"), plate(1))
    assert turns(session, compound) == []
    with pytest.raises(NotWaiting):
        give_place(session, car, **BY)
    close_claims(session, compound.community_id, AT)
    session.refresh(car)
    assert car.state == ClaimState.ELSEWHERE
    assert session.scalars(select(Vehicle.plate)).all() == [plate(1)]


def test_the_clock_notes_for_whom_a_place_is_free_and_since_when(session, town, compound):
    change_limits(session, compound, Limits(places=1), **BY)
    cars = [make_waiting_car(session, compound, plate(n)) for n in (1, 2)]
    find_places(session, town.community, AT)
    find_places(session, town.community, AT + DAY)
    assert [car.place_since for car in cars] == [AT, None]
    make_vehicle(session, compound, plate(9))
    find_places(session, town.community, AT + DAY)
    assert [car.place_since for car in cars] == [None, None]
