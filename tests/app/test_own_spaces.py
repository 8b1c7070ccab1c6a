import pytest
from sqlalchemy import select

from permits.own_space import OwnSpace
from records.people import Role
from tests.app.pages import words_of
from tests.factories import make_vehicle

FORM = {"garage": "B1", "number": "023", "tenure": "owned", "paper_kind": "title", "cars": "1"}


@pytest.fixture
def vehicle(session, town):
    vehicle = make_vehicle(session, town.compound("A"), "粤E12345", "3-501")
    session.commit()
    return vehicle


def test_staff_enter_a_cars_own_space_and_take_it_back(vehicle, sign_in, kept):
    staff, address = sign_in(Role.STAFF), f"/office/vehicles/{vehicle.id}/space"
    lease = staff.post(address, data=FORM | {"tenure": "leased"})
    assert 'id="last_day-error"' in lease.text
    form = FORM | {"paper_number": "No. 4711"}
    page = words_of(staff.post(address, data=form, follow_redirects=True))
    assert "Own space B1-023 · Owned" in page
    assert "No. 4711" not in page
    assert "No. 4711" in words_of(staff.post(f"/office/vehicles/{vehicle.id}/owner"))
    staff.post(f"{address}/end")
    assert kept(select(OwnSpace))[0].ended_at is not None
    assert "B1-023" not in words_of(staff.get(f"/office/vehicles/{vehicle.id}"))


def test_a_taken_space_is_told_at_its_field(vehicle, session, town, sign_in):
    other = make_vehicle(session, town.compound("A"))
    session.commit()
    staff = sign_in(Role.STAFF)
    staff.post(f"/office/vehicles/{vehicle.id}/space", data=FORM)
    answer = staff.post(f"/office/vehicles/{other.id}/space", data=FORM)
    assert answer.status_code == 409
    assert 'id="number-error"' in answer.text
