from html import unescape

import pytest
from sqlalchemy import select

from permits.permit import PermitState
from permits.request import CarRequest, RequestState, WhyLost
from permits.requesting import ask_for_new_card
from records.people import Role
from tests.app.pages import fields_of, words_of
from tests.factories import AT, REPRESENTATIVE, make_permit, make_vehicle

PLATE = "粤E12345"


@pytest.fixture
def vehicle(session, town):
    one = make_vehicle(session, town.compound("A"), PLATE, "3-501")
    make_permit(session, one, PermitState.HANDED_OVER)
    session.commit()
    return one


@pytest.fixture
def asked(session, vehicle):
    one = ask_for_new_card(session, vehicle, WhyLost.LOST, actor=REPRESENTATIVE, at=AT)
    session.commit()
    return one


def test_a_permits_row_leads_to_a_form_that_names_the_car(sign_in, vehicle):
    client = sign_in(Role.REPRESENTATIVE)
    form = f"/requests/new?kind=lost_permit&amp;vehicle={vehicle.id}"
    assert form in client.get("/compound/permits").text
    form = unescape(form)
    assert fields_of(client.get(form))["plate"] == "粤E·12345"
    assert sign_in(Role.REPRESENTATIVE, "B").get(form).status_code == 404


@pytest.mark.parametrize(
    ("kind", "sent", "field", "words"),
    [
        ("lost_permit", {"plate": "粤E00000"}, "plate", "has no car 粤E·00000"),
        ("lost_permit", {"plate": "粤E1234"}, "plate", "seven characters"),
        ("plate_change", {"plate": PLATE, "new_plate": "粤EO1234"}, "new_plate", "Did you mean"),
        ("plate_change", {"plate": PLATE, "new_plate": PLATE}, "new_plate", "registered already"),
        ("second_car", {"plate": "粤E54321", "household": ""}, "household", "required"),
        ("moving_out", {"plate": ""}, "plate", "required"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(sign_in, vehicle, kept, kind, sent, field, words):
    response = sign_in(Role.REPRESENTATIVE).post(f"/requests/new?kind={kind}", data=sent)
    assert response.status_code in (404, 409, 422)
    error = response.text.split(f'id="{field}-error"')[1].split("</div>")[0]
    assert words in error
    assert kept(select(CarRequest)) == []


def test_a_request_goes_to_the_office_is_granted_there_and_the_answer_comes_back(
    sign_in, vehicle, kept
):
    representative, office = sign_in(Role.REPRESENTATIVE), sign_in(Role.STAFF)
    sent = {"plate": PLATE, "new_plate": "粤E54321"}
    page = representative.post("/requests/new?kind=plate_change", data=sent, follow_redirects=True)
    assert "The office has your request." in words_of(page)
    [asked] = kept(select(CarRequest))
    assert "Change of plate 粤E · 12345 → 粤E · 54321" in words_of(office.get("/requests/"))
    granted = office.post(f"/requests/{asked.id}/grant", follow_redirects=True)
    assert "Print the new permit A-000002" in words_of(granted)
    assert "A-000002" in words_of(representative.get(f"/requests/{asked.id}"))


def test_a_refusal_needs_a_reason_which_the_representative_reads(sign_in, asked):
    office = sign_in(Role.STAFF)
    refused = office.post(f"/requests/{asked.id}/refuse", data={"reason": " "})
    assert (refused.status_code, 'id="reason-error"' in refused.text) == (422, True)
    office.post(f"/requests/{asked.id}/refuse", data={"reason": "It lies at the counter."})
    page = sign_in(Role.REPRESENTATIVE).get("/requests/?state=refused")
    assert "It lies at the counter." in words_of(page)


def test_a_request_that_is_taken_back_waits_no_longer(sign_in, asked, kept):
    sign_in(Role.REPRESENTATIVE).post(f"/requests/{asked.id}/withdraw")
    assert kept(select(CarRequest.state)) == [RequestState.WITHDRAWN]
    assert "No request here" in words_of(sign_in(Role.STAFF).get("/requests/"))
