import hashlib
import io
import re

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from permits import token
from permits.permit import IN_FORCE, Permit, PermitState
from permits.print_run import PrintRun
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import make_permit, make_vehicle

REASON = "The card was lost."
PAPER = {"layout": "card", "ink": "colour", "flip": "long", "first_place": "1", "printer": "0"}
"""How a form says on what it is printed."""


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def car(session, town):
    """A car of A without a permit."""
    car = make_vehicle(session, town.compound("A"), "粤E86661", "3-501")
    session.commit()
    return car


@pytest.fixture
def permit(session, town, car):
    """Return a permit of A's car in a state."""

    def permit(state=PermitState.PRINTED):
        one = make_permit(session, car, state)
        session.commit()
        return one

    return permit


@pytest.fixture
def permits(kept):
    return lambda: kept(select(Permit).order_by(Permit.number))


@pytest.fixture
def state_of(kept):
    return lambda permit: kept(select(Permit.state).where(Permit.id == permit.id))[0]


def test_every_car_without_a_permit_gets_one(office, car, session, town, permits):
    make_vehicle(session, town.compound("B"), "粤E00002")
    session.commit()
    response = office.post("/office/permits/issue")
    assert sorted(one.plate for one in permits()) == ["粤E00002", "粤E86661"]
    assert "issued" in office.get(f"{response.location}/state").headers["HX-Redirect"]


def test_only_the_chosen_compound_gets_permits(office, car, session, town, permits):
    make_vehicle(session, town.compound("B"), "粤E00002")
    session.commit()
    office.post("/office/permits/issue", data={"compound": town.compound("B").id})
    assert [one.plate for one in permits()] == ["粤E00002"]


@pytest.mark.parametrize("compound", ["x", "0", "-1", "99999", "1.0", "٣"])
def test_a_compound_that_cannot_be_read_does_not_stand_for_all(office, car, permits, compound):
    response = office.post("/office/permits/issue", data={"compound": compound})
    assert response.status_code == 404
    assert permits() == []


def test_issuing_twice_issues_once(office, car, permits):
    office.post("/office/permits/issue")
    office.post("/office/permits/issue")
    assert len(permits()) == 1


def test_permits_are_printed_and_the_file_is_the_one_that_was_recorded(
    office, permit, kept, state_of
):
    one = permit(PermitState.ISSUED)
    form = {**PAPER, "compound": "0", "only_new": "y"}
    job = office.post("/office/permits/print", data=form).location
    address = office.get(f"{job}/state").headers["HX-Redirect"]
    [run] = kept(select(PrintRun))
    assert address == f"/office/permits/print-runs/{run.id}"
    assert "Open the PDF" in words_of(office.get(address))
    pdf = office.get(f"{address}/permits.pdf").data
    assert hashlib.sha256(pdf).hexdigest() == run.sha256
    assert state_of(one) == PermitState.PRINTED


def test_a_spoiled_permit_is_printed_again_with_a_reason_and_as_it_was(office, permit, kept):
    one = permit(PermitState.HANDED_OVER)
    address = f"/office/permits/{one.id}/print"
    assert office.post(address, data=PAPER).status_code == 422
    office.post(address, data={**PAPER, "why_again": "damaged", "first_place": "3"})
    [run] = kept(select(PrintRun))
    assert (run.permit_count, run.why_again) == (1, "damaged")
    [entry] = kept(select(LedgerEntry).where(LedgerEntry.act == "permit.reprinted"))
    assert entry.details == {"letter": "A", "run": run.id, "why": "damaged"}
    assert "Printed 1 time so far." in words_of(office.get(address))


@pytest.mark.parametrize(
    "form", [{}, {**PAPER, "layout": "poster", "compound": "0"}, {**PAPER, "compound": "x"}]
)
def test_nothing_is_printed_by_a_form_that_names_no_layout_or_compound(office, permit, kept, form):
    permit(PermitState.ISSUED)
    assert office.post("/office/permits/print", data=form).status_code == 422
    assert kept(select(PrintRun)) == []


def test_why_a_print_failed_is_said_on_the_page_of_its_job(office, permit, state_of):
    one = permit(PermitState.REVOKED)
    form = {**PAPER, "why_again": "faded"}
    job = office.post(f"/office/permits/{one.id}/print", data=form).location
    assert "No permit is waiting to be printed." in words_of(office.get(job))
    assert state_of(one) == PermitState.REVOKED


def test_a_place_that_the_sheet_lacks_is_told_beside_its_field(office, permit, kept):
    permit(PermitState.ISSUED)
    form = {**PAPER, "compound": "0", "first_place": "5"}
    response = office.post("/office/permits/print", data=form)
    assert response.status_code == 422
    assert "A sheet of this layout has places 1 to 4." in words_of(response)
    assert kept(select(PrintRun)) == []


def test_the_preview_is_a_picture_of_the_permit_that_the_printing_code_draws(office, permit):
    one = permit(PermitState.HANDED_OVER)
    chosen = {"layout": "sticker", "ink": "black", "permit": one.id}
    part = office.get("/office/permits/print/preview", query_string=chosen)
    assert "preview.png?part=permit" in part.text
    answer = office.get("/office/permits/print/preview.png", query_string=chosen)
    picture = Image.open(io.BytesIO(answer.data)).convert("RGB")
    assert picture.size == (450, 300)
    saturation = picture.convert("HSV").getextrema()[1]
    assert saturation == (0, 0)
    [symbol] = zxingcpp.read_barcodes(picture.resize((900, 600)))
    assert token.read(token.from_url(symbol.text)).fields.number == one.number


def test_without_a_permit_the_preview_says_so(office, town):
    words = words_of(office.get("/office/permits/print"))
    assert "No permit is waiting to be printed." in words
    assert office.get("/office/permits/print/preview.png").status_code == 404


def test_a_run_whose_file_is_elsewhere_offers_none(office, permit, kept, town):
    one = permit(PermitState.ISSUED)
    office.post(f"/office/permits/{one.id}/print", data=PAPER)
    [run] = kept(select(PrintRun))
    (town.folder / "prints" / run.file_name).unlink()
    address = f"/office/permits/print-runs/{run.id}"
    assert "Open the PDF" not in office.get(address).text
    assert office.get(f"{address}/permits.pdf").status_code == 404


def test_a_printed_permit_is_handed_over(office, permit, state_of):
    one = permit(PermitState.PRINTED)
    response = office.post(f"/office/permits/{one.id}/hand-over")
    assert state_of(one) == PermitState.HANDED_OVER
    assert response.status_code == 302


def test_a_permit_that_was_not_printed_is_not_handed_over(office, permit, state_of):
    one = permit(PermitState.ISSUED)
    assert office.post(f"/office/permits/{one.id}/hand-over").status_code == 409
    assert state_of(one) == PermitState.ISSUED


def test_a_lost_permit_is_replaced(office, permit, state_of, permits):
    one = permit()
    response = office.post(f"/office/permits/{one.id}/replace", data={"reason": REASON})
    old, new = permits()
    assert (old.state, old.end_reason) == (PermitState.REPLACED, REASON)
    assert new.state in IN_FORCE
    assert response.location == f"/office/permits/{new.id}"
    assert new.serial in words_of(office.get(f"/office/permits/{old.id}"))


def test_a_revoked_permit_stays_so(office, permit, permits, kept):
    one = permit()
    statuses = [
        office.post(f"/office/permits/{one.id}/{act}", data={"reason": REASON}).status_code
        for act in ("revoke", "revoke", "replace")
    ]
    assert statuses == [302, 409, 409]
    assert [one.state for one in permits()] == [PermitState.REVOKED]
    assert len(kept(select(LedgerEntry).where(LedgerEntry.act == "permit.revoked"))) == 1


@pytest.mark.parametrize("act", ["revoke", "replace"])
@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501])
def test_no_permit_ends_without_a_reason_that_can_be_read(office, permit, state_of, act, reason):
    one = permit()
    response = office.post(f"/office/permits/{one.id}/{act}", data={"reason": reason})
    assert response.status_code == 422
    assert 'id="reason-error"' in response.text
    assert state_of(one) == PermitState.PRINTED


@pytest.mark.parametrize(
    "asked", ["serial", "serial in small letters", "粤E86661", "6661", "3-501"]
)
def test_a_permit_is_found_by_serial_plate_or_flat(office, permit, asked):
    one = permit()
    text = {"serial": one.serial[:6], "serial in small letters": one.serial.lower()}
    page = office.post("/office/permits/", data={"text": text.get(asked, asked)}).text
    assert f"/office/permits/{one.id}" in page


@pytest.mark.parametrize("asked", ["B-", "粤E99999", "%", "-", "4-501"])
def test_what_is_not_there_is_not_found(office, permit, asked):
    permit()
    page = office.post("/office/permits/", data={"text": asked})
    assert "No permit found" in words_of(page)


@pytest.mark.parametrize(("state", "shown"), [("printed", 1), ("revoked", 0), ("nonsense", 1)])
def test_permits_are_shown_by_state(office, permit, state, shown):
    one = permit()
    page = office.get("/office/permits/", query_string={"state": state}).text
    assert len(re.findall(rf'href="/office/permits/{one.id}"', page)) == shown
