from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.permit import Permit, PermitState
from permits.vehicles import Vehicle, VehicleState
from records.people import Role
from tests.app.pages import words_of
from tests.factories import TODAY, make_permit, make_vehicle


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def permit(session, town):
    one = make_permit(
        session, make_vehicle(session, town.compound("A"), "粤E12345"), PermitState.HANDED_OVER
    )
    session.commit()
    return one


def test_a_move_leads_from_the_vehicle_to_the_new_permit(office, permit, town, kept):
    address = f"/office/vehicles/{permit.vehicle_id}/move"
    assert address in office.get(f"/office/vehicles/{permit.vehicle_id}").text
    day = TODAY + timedelta(days=5)
    sent = {"compound": town.compound("B").id, "household": "1-101", "day": day.isoformat()}
    page = words_of(office.post(address, data=sent, follow_redirects=True))
    assert "Print the new permit B-000002" in page
    assert f"Valid {day:%-d %b %Y} –" in page
    [moved] = kept(select(Vehicle.id).where(Vehicle.state == VehicleState.ACTIVE))
    shown = words_of(office.get(f"/office/vehicles/{moved}"))
    assert f"moves here on {day:%-d %b %Y}" in shown
    assert f"Ends {day:%-d %b %Y}" in words_of(office.get(f"/office/permits/{permit.id}"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"day": "2026-11-01"}, "day"), ({"household": ""}, "household"), ({"day": ""}, "day")],
)
def test_what_is_wrong_with_a_move_stands_beside_its_field(
    office, permit, town, kept, changed, field
):
    sent = {"compound": town.compound("B").id, "household": "1-101", "day": str(TODAY)}
    address = f"/office/vehicles/{permit.vehicle_id}/move"
    response = office.post(address, data=sent | changed)
    assert (response.status_code, f'id="{field}-error"' in response.text) == (422, True)
    assert kept(select(Permit.state)) == [PermitState.HANDED_OVER]


def test_a_card_that_waits_gets_a_paper_that_is_printed_on_a5(office, session, town, kept):
    card = make_permit(session, make_vehicle(session, town.compound("A")), PermitState.PRINTED)
    session.commit()
    page = office.post(f"/office/permits/{card.id}/temporary", follow_redirects=True)
    assert 'value="a5" checked' in page.text or 'checked id="layout-3"' in page.text
    shown = words_of(office.get(f"/office/permits/{card.id}"))
    [paper] = kept(select(Permit).where(Permit.is_temporary))
    assert f"Meanwhile {paper.serial} · until {paper.valid_to:%-d %b %Y}" in shown
