import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from permits.permit import Permit, PermitState
from records.people import Role
from tests.app.pages import words_of
from tests.factories import make_permit, make_vehicle

PAGE = "/office/permits/hand-out"


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def permit(session, town):
    """Return a permit of A's car in a state."""

    def permit(state=PermitState.PRINTED):
        one = make_permit(session, make_vehicle(session, town.compound("A"), "粤E86661"), state)
        session.commit()
        return one

    return permit


@pytest.fixture
def states(kept):
    return lambda: kept(select(Permit.state).order_by(Permit.number))


def test_a_typed_serial_is_handed_over_counted_and_taken_back(office, permit, states):
    one = permit()
    words = words_of(office.post(PAGE, data={"text": one.serial.lower()}))
    assert f"{one.serial} is handed over." in words
    assert states() == [PermitState.HANDED_OVER]
    again = office.post(f"/office/permits/{one.id}/take-back", follow_redirects=True)
    assert f"{one.serial} waits for its owner again." in words_of(again)
    assert states() == [PermitState.PRINTED]


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        (PermitState.ISSUED, 409, "is not printed yet. Print it first."),
        (PermitState.HANDED_OVER, 409, "was handed over already"),
        (PermitState.REVOKED, 409, "has ended (Revoked): do not hand it out."),
    ],
)
def test_what_cannot_be_handed_out_is_told_in_a_sentence(
    office, permit, states, state, status, words
):
    response = office.post(PAGE, data={"text": permit(state).serial})
    assert (response.status_code, states()) == (status, [state])
    assert words in words_of(response)


def test_a_scanner_gets_only_the_part_that_changes_whatever_it_says(office, permit):
    response = office.post(PAGE, data={"text": "HTTPS://X/P/AAAA"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert 'data-answer="refused"' in response.text


def test_the_signature_sheet_names_who_waits_and_is_kept_nowhere(office, permit, town):
    one = permit()
    response = office.get(f"{PAGE}/signatures.pdf")
    assert one.serial in PdfReader(io.BytesIO(response.data)).pages[0].extract_text()
    assert response.headers["Cache-Control"] == "no-store"
    assert not list(town.folder.rglob("*.pdf"))
