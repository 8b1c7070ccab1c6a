import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.passes import PassKind
from permits.visiting import DROP_OFF, LONGEST_VISIT, cancel_visit, register_drop_off
from permits.visitor_pass import VisitKind, VisitorPass
from permits.visits import pass_url
from records.people import Role
from tests.app.pages import fields_of, words_of
from tests.app.world import post_at_gate
from tests.factories import AT, OFFICE, make_pass, make_user, make_visit

PLATE = "京A12345"
HOUR = timedelta(hours=1)


@pytest.fixture
def representative(sign_in):
    return sign_in(Role.REPRESENTATIVE)


@pytest.fixture
def guard(sign_in, session, town):
    user = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, user)
    return sign_in(user)


@pytest.fixture
def visit(session, town):
    visit = make_visit(session, town.compound("A"), PLATE, "3-501")
    session.commit()
    return visit


@pytest.fixture
def at_moment(app):
    """Set the application's clock."""

    def at_moment(at):
        app.extensions["clock"] = lambda: at

    return at_moment


def form(**changes):
    given = {
        "plate": PLATE,
        "kind": "visitor",
        "household": "3-501",
        "valid_from": "2026-12-01T17:00",
        "valid_to": "2026-12-01T20:30",
    }
    return {**given, **changes}


def errors_of(response):
    return re.findall(r'id="(\w+)-error"', response.text)


def test_the_form_offers_the_next_hours_by_the_communitys_clock(representative):
    offered = fields_of(representative.get("/visits/new"))
    assert (offered["valid_from"], offered["valid_to"]) == ("2026-12-01T16:30", "2026-12-01T20:30")


def test_a_representative_registers_a_visit_to_the_own_compound(representative, kept, town):
    other = town.compound("B").id
    answer = representative.post("/visits/new", data=form(plate="京a·12345", compound=other))
    [visit] = kept(select(VisitorPass))
    assert answer.location == f"/visits/{visit.id}"
    assert (visit.plate, visit.compound_id) == (PLATE, town.compound("A").id)
    # 17:00 in Shanghai.
    assert (visit.valid_from - AT, visit.valid_to - visit.valid_from) == (HOUR / 2, 3.5 * HOUR)


def test_a_guard_registers_a_visit_to_any_compound(guard, kept, town):
    sent = form(kind="tradesman", compound=town.compound("B").id)
    guard.post("/visits/new", data=sent)
    [visit] = kept(select(VisitorPass))
    assert (visit.kind, visit.compound_id) == (VisitKind.TRADESMAN, town.compound("B").id)


def test_a_guard_has_to_name_the_compound(guard, kept):
    assert errors_of(guard.post("/visits/new", data=form())) == ["compound"]
    assert kept(select(VisitorPass)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plate": ""}, "plate"),
        ({"plate": "京A1234O"}, "plate"),
        ({"plate": "粤EA234警"}, "plate"),
        ({"household": " "}, "household"),
        ({"valid_from": "yesterday"}, "valid_from"),
        ({"valid_to": ""}, "valid_to"),
        ({"valid_to": "2026-12-01T17:00"}, "valid_to"),
        ({"valid_from": "2026-11-01T10:00", "valid_to": "2026-11-01T12:00"}, "valid_to"),
        ({"valid_to": f"2026-12-{2 + LONGEST_VISIT.days:02d}T17:01"}, "valid_to"),
        ({"valid_from": "2027-12-01T10:00", "valid_to": "2027-12-01T12:00"}, "valid_to"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(
    representative, kept, changes, field
):
    answer = representative.post("/visits/new", data=form(**changes))
    assert (answer.status_code, errors_of(answer)) == (422, [field])
    assert fields_of(answer)["household"] == form(**changes)["household"].strip()
    assert kept(select(VisitorPass)) == []


def test_a_drop_off_is_no_kind_of_visit_to_a_flat(representative, kept):
    assert representative.post("/visits/new", data=form(kind="drop_off")).status_code == 422
    assert kept(select(VisitorPass)) == []


def test_a_flat_that_has_had_its_visits_is_told_so(representative, session, town, visit):
    town.compound("A").visits_per_month = 1
    session.commit()
    answer = representative.post("/visits/new", data=form())
    assert answer.status_code == 409
    assert "has had its 1 visits of the month" in words_of(answer)


def test_a_visits_page_shows_the_pass_large_with_plate_hours_and_host(representative, visit, app):
    page = representative.get(f"/visits/{visit.id}")
    words = words_of(page)
    assert "<svg" in page.text
    for said in ("京A · 12345", "1 Dec 2026, 16:30 – 1 Dec 2026, 20:30", "3-501"):
        assert said in words
    assert "/P/CE" in page.text


def test_what_is_over_or_cancelled_shows_no_pass(representative, visit, session, at_moment):
    at_moment(visit.valid_to)
    assert '<svg width="' not in representative.get(f"/visits/{visit.id}").text
    assert representative.get(f"/visits/{visit.id}/slip.pdf").status_code == 409
    at_moment(AT)
    cancel_visit(session, visit, actor=OFFICE, at=AT)
    session.commit()
    assert '<svg width="' not in representative.get(f"/visits/{visit.id}").text


def test_the_slip_is_a_pdf_that_no_cache_keeps(guard, visit):
    slip = guard.get(f"/visits/{visit.id}/slip.pdf")
    assert (slip.mimetype, slip.data[:5]) == ("application/pdf", b"%PDF-")
    assert slip.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.GUARD, Role.STAFF])
def test_a_cancelled_visit_is_refused_at_the_gate(sign_in, guard, visit, role):
    asked = {"plate": PLATE}
    assert guard.post("/gate/decide", data=asked).json["reasons"] == ["visitor_ok"]
    assert sign_in(role).post(f"/visits/{visit.id}/cancel").status_code == 302
    assert guard.post("/gate/decide", data=asked).json["reasons"] == ["visitor_over"]


def test_a_drop_off_asks_for_the_plate_only(guard, kept):
    answer = guard.post("/visits/drop-off", data={"plate": "京a12345"}, follow_redirects=True)
    [visit] = kept(select(VisitorPass))
    assert (visit.plate, visit.kind, visit.compound_id) == (PLATE, VisitKind.DROP_OFF, None)
    assert "may come in for 30 minutes" in words_of(answer)
    assert visit.valid_to - visit.valid_from == DROP_OFF


@pytest.mark.parametrize("typed", ["", "京A", "VB12345"])
def test_a_drop_off_of_no_car_is_refused_in_words(guard, kept, typed):
    answer = guard.post("/visits/drop-off", data={"plate": typed})
    assert (answer.status_code, errors_of(answer)) == (422, ["plate"])
    assert kept(select(VisitorPass)) == []


def test_lists_are_the_communitys_for_guards_and_staff_and_the_compounds_for_others(
    sign_in, guard, session, town, visit
):
    theirs = make_visit(session, town.compound("B"), "京B00002")
    register_drop_off(session, town.community, plate="京C00003", actor=OFFICE, at=AT)
    session.commit()
    for client in (guard, sign_in(Role.STAFF)):
        page = client.get("/visits/").text
        assert all(plate in page for plate in ("12345", "00002", "00003"))
    ours = sign_in(Role.REPRESENTATIVE)
    assert "12345" in ours.get("/visits/").text
    assert "00002" not in ours.get("/visits/").text
    assert "00003" not in ours.get("/visits/").text
    assert ours.get(f"/visits/{theirs.id}").status_code == 404


def test_a_visit_is_found_by_a_posted_part_of_its_plate(guard, session, town, visit):
    make_visit(session, town.compound("A"), "京B00002")
    session.commit()
    found = guard.post("/visits/", data={"text": "12345"})
    assert "12345" in words_of(found)
    assert "00002" not in words_of(found)


def test_what_is_over_is_listed_apart(guard, visit, at_moment):
    at_moment(visit.valid_to)
    assert "No visit" in words_of(guard.get("/visits/"))
    assert "12345" in words_of(guard.get("/visits/?when=over"))
    assert guard.get("/visits/?when=sometime").status_code == 200


def test_a_visitor_who_stays_too_long_stands_on_the_guards_list(
    guard, sign_in, session, town, visit, at_moment
):
    gate = town.community.gates[0]
    more = {"kind": PassKind.VISITOR, "visit": visit, "compound": visit.compound}
    make_pass(session, gate, PLATE, **more)
    session.commit()
    at_moment(visit.valid_to + HOUR)
    for address in ("/visits/", "/inside/"):
        words = words_of(guard.get(address))
        assert "Still inside, although the visit is over" in words
        assert "1 Dec 2026, 20:30" in words
    ours, theirs = (sign_in(Role.REPRESENTATIVE, letter) for letter in "AB")
    assert "Still inside" in words_of(ours.get("/visits/"))
    assert "Still inside" not in words_of(theirs.get("/visits/"))


def path_of(address):
    return f"/P/{address.rpartition('/')[2]}"


@pytest.fixture
def public_page(app, client, town, visit):
    """The page that the pass's symbol leads to, in the visitor's browser."""
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return path_of(pass_url(visit, town.community, town.keys, "https://x.example"))


def test_the_public_page_of_a_pass_shows_its_hours_and_the_code_for_the_gate(client, public_page):
    page = client.get(public_page)
    words = words_of(page)
    assert page.status_code == 200
    assert "1 Dec 2026, 16:30 – 1 Dec 2026, 20:30" in words
    assert "Show this code at the gate" in words
    assert '<svg width="' in page.text


def test_the_public_page_tells_neither_the_plate_nor_the_flat(client, public_page):
    page = client.get(public_page).text
    assert "京A·12345" not in page
    assert "12345" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    assert "3-501" not in page


def test_a_pass_that_is_over_or_cancelled_has_no_code_any_more(
    client, public_page, visit, session, at_moment
):
    at_moment(visit.valid_to)
    assert "The visit is over" in words_of(client.get(public_page))
    assert '<svg width="' not in client.get(public_page).text
    at_moment(AT)
    cancel_visit(session, visit, actor=OFFICE, at=AT)
    session.commit()
    assert "The visit is over" in words_of(client.get(public_page))


def test_a_pass_says_from_when_it_is_good(client, public_page, at_moment):
    at_moment(AT - HOUR)
    page = client.get(public_page)
    assert "Not valid yet" in words_of(page)
    assert '<svg width="' in page.text
