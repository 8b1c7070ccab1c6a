import pytest
from sqlalchemy import select

from permits.allotting import Limits
from permits.limits import change_limits
from permits.vehicles import Vehicle, VehicleState
from permits.waiting_car import ClaimState, WaitingCar
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT, OFFICE, make_vehicle, make_waiting_car

OURS, THEIRS = "粤E12345", "粤E54321"


@pytest.fixture
def car(session, town):
    compound = town.compound("A")
    make_vehicle(session, compound, "粤E00001", "3-501")
    change_limits(session, compound, Limits(1), actor=OFFICE, at=AT)
    car = make_waiting_car(session, compound, OURS, "3-501")
    make_waiting_car(session, town.compound("B"), THEIRS)
    session.commit()
    return car


def leave(session):
    [vehicle] = session.scalars(select(Vehicle))
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, AT
    session.commit()


def test_each_reads_who_waits_since_when_and_why_a_representative_of_the_own_compound_alone(
    car, sign_in
):
    words = words_of(sign_in(Role.REPRESENTATIVE).get("/waiting/own"))
    assert "粤E · 12345 1 3-501 1 1 Dec 2026 The flat has all the cars it may have" in words
    assert "54321" not in words
    assert "54321" in words_of(sign_in(Role.STAFF).get("/waiting/"))


def test_staff_give_a_free_place_in_one_click_and_none_that_is_not_free(
    car, session, sign_in, kept
):
    staff, address = sign_in(Role.STAFF), f"/waiting/{car.id}/give"
    assert staff.post(address).status_code == 409
    leave(session)
    assert address in staff.get("/waiting/").text
    page = staff.post(address, follow_redirects=True)
    assert "粤E·12345 has a place now" in words_of(page)
    assert [one.plate for one in kept(select(Vehicle).where(Vehicle.state == "active"))] == [OURS]
    assert kept(select(LedgerEntry).where(LedgerEntry.act == "place.given"))


def test_a_representative_takes_the_own_car_off_the_list_and_nobody_elses(car, sign_in, kept):
    representative = sign_in(Role.REPRESENTATIVE)
    [theirs] = kept(select(WaitingCar).where(WaitingCar.plate == THEIRS))
    assert representative.post(f"/waiting/{theirs.id}/withdraw").status_code == 404
    page = representative.post(f"/waiting/{car.id}/withdraw", follow_redirects=True)
    assert "Nobody waits" in words_of(page)
    states = {one.plate: one.state for one in kept(select(WaitingCar))}
    assert states == {OURS: ClaimState.WITHDRAWN, THEIRS: ClaimState.WAITING}
