import io
import re

import pytest
from sqlalchemy import select

from permits.answering import answer_report
from permits.infringement import RESIDENT, InfringementReport
from permits.permit import permit_fields
from permits.suspending import suspend
from permits.token import sign
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import fields_of, words_of
from tests.factories import (
    AT,
    OFFICE,
    make_permit,
    make_vehicle,
    make_warning,
    photo_file,
)
from zones.areas import zones_of

PLATE = "粤E12345"
CONTACT = "13577771234"


@pytest.fixture
def zones(session, town):
    found = {zone.code: zone.id for zone in zones_of(session, town.community.id)}
    session.commit()
    return found


@pytest.fixture
def permit(session, town):
    permit = make_permit(session, make_vehicle(session, town.compound("A"), PLATE, "3-501"))
    session.commit()
    return permit


@pytest.fixture
def english(client):
    client.post("/language/en")
    return client


@pytest.fixture
def look(english, zones):
    return lambda code, typed=PLATE: english.post(
        "/look", data={"zone": zones[code], "plate": typed}
    )


@pytest.fixture
def send(english, zones):
    """Send a report as a resident does, by a form as it was shown."""

    def send(photo=photo_file(comment=b"at home"), **changes):  # noqa: B008 - bytes
        shown = fields_of(english.get("/report"))
        given = {**shown, "zone": zones["A1"], "kind": "fire_lane", **changes}
        given.pop("photo", None)
        file = {} if photo is None else {"photo": (io.BytesIO(photo), "IMG_0001.jpg")}
        return english.post("/report", data={**given, **file})

    return send


def may_park(page):
    [answer] = re.findall(r'data-may-park="(\w+)"', page.text)
    return answer


def test_a_typed_plate_gets_yes_or_no_and_nothing_of_whose_it_is(look, permit):
    page = look("A1")
    assert may_park(page) == "yes"
    assert may_park(look("B1")) == "no"
    answer = page.text.partition("data-may-park")[2].partition("</section>")[0]
    for secret in ("Compound A", "permit-blue", "3-501", permit.serial):
        assert secret not in answer


def test_an_unknown_plate_gets_the_very_page_of_one_that_may_not_park_there(look, permit):
    pages = [look("B1", typed).text for typed in (PLATE, "粤E00000")]
    # The form's token tells the second in which the page was made.
    of_each = r'12345|00000|name="csrf_token"[^>]*'
    known, unknown = (re.sub(of_each, "", page) for page in pages)
    assert known == unknown


def test_the_zone_is_named_first_and_what_is_no_plate_is_said(english, look):
    assert english.post("/look", data={"plate": PLATE}).status_code == 422
    answer = look("A1", "粤E1234")
    assert answer.status_code == 422
    assert "A plate has seven characters" in words_of(answer)


def test_a_scanned_permit_is_answered_with_its_reason_and_a_suspended_one_with_its_end(
    english, session, town, permit, zones
):
    token = sign(permit_fields(permit, town.community), town.keys.private(permit.key_id))
    page = english.get(f"/P/{token}")
    assert fields_of(page)["scanned"] == token

    def ask():
        return english.post("/look", data={"zone": zones["B1"], "scanned": token})

    assert "Its colour may not park in this zone now" in words_of(ask())
    suspend(session, make_warning(session, permit.vehicle, 3), "x", days=1, actor=OFFICE, at=AT)
    session.commit()
    for shown in (ask(), english.get(f"/P/{token}")):
        assert "This permit is suspended" in words_of(shown)
        assert "Suspended until 2 Dec 2026, 00:00" in words_of(shown)


def test_a_resident_reports_without_a_name_and_follows_by_the_code(
    send, english, session, kept, zones
):
    sent = send(note="by the hydrant")
    shown = english.get(sent.location)
    [code] = re.findall(r'id="code">([A-Z2-7-]{19})<', shown.text)
    assert "<svg" in shown.text
    [report] = kept(select(InfringementReport))
    assert (report.reported_by, report.zone_id) == (RESIDENT, zones["A1"])
    # The code is shown once.
    assert english.get(sent.location).location == "/follow"
    answer_report(session, session.merge(report), "towed away", actor=OFFICE, at=AT)
    session.commit()
    followed = english.post("/follow", data={"code": code.lower()}, follow_redirects=True)
    words = words_of(followed)
    assert "towed away" in words
    assert "from 1 Dec 2026, 17:30" in words
    assert "by the hydrant" not in words
    assert english.get("/follow/ABCD").status_code == 404


def test_the_photo_is_kept_without_what_the_phone_wrote(app, send, kept):
    send()
    [report] = kept(select(InfringementReport))
    assert b"at home" not in app.extensions["files"].read(report.photo_sha256)


def test_only_staff_see_a_contact_and_each_look_is_in_the_ledger(send, kept, sign_in, session):
    send(contact=CONTACT)
    [report] = kept(select(InfringementReport))
    address = f"/reports/{report.id}"
    staff = sign_in(Role.STAFF)
    assert CONTACT not in staff.get(address).text
    assert CONTACT in staff.post(f"{address}/contact").text
    [entry] = kept(select(LedgerEntry).where(LedgerEntry.act == "personal_data.shown"))
    assert entry.subject == f"report:{report.id}"
    guard = sign_in(Role.GUARD)
    assert guard.post(f"{address}/contact").status_code == 403
    assert "Show who reported" not in guard.get(address).text


def test_a_form_that_is_sent_twice_is_one_report(send, kept):
    key = "0" * 36
    assert send(key=key).location == send(key=key).location
    assert len(kept(select(InfringementReport))) == 1


@pytest.mark.parametrize(
    ("photo", "changes", "said"),
    [
        (None, {"plate": PLATE}, "Add a photo"),
        (b"<svg></svg>", {}, "This is no photo"),
        (photo_file(), {"plate": "粤E1234"}, "A plate has seven characters"),
        (photo_file(), {"website": "https://spam.example"}, "Leave this field empty"),
    ],
    ids=["no photo", "a script", "no plate", "a machine"],
)
def test_what_cannot_be_reported_is_said_in_words(send, kept, photo, changes, said):
    answer = send(photo, **changes)
    assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert kept(select(InfringementReport)) == []
