import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.infringement import InfringementReport, ReportState
from permits.passes import GateEvent
from permits.verdicts import Verdict
from records.people import Role
from tests.app.pages import words_of
from tests.factories import (
    AT,
    make_community,
    make_gate,
    make_pass,
    make_report,
    make_user,
    make_vehicle,
    make_zone,
    photo_file,
    plate,
)

PLATE = "粤E12345"


@pytest.fixture
def guard(sign_in):
    return sign_in(Role.GUARD)


@pytest.fixture
def staff(sign_in):
    return sign_in(Role.STAFF)


@pytest.fixture
def zone(session, town):
    zone = make_zone(session, town.community, "F1")
    session.commit()
    return zone


@pytest.fixture
def send(guard, zone):
    """Send a report as a guard does."""

    def send(photo=None, **changes):
        given = {"plate": PLATE, "zone": zone.id, "kind": "fire_lane", "note": "by the hydrant"}
        file = {} if photo is None else {"photo": (io.BytesIO(photo), "IMG_0001.jpg")}
        return guard.post("/reports/new", data={**given, **changes, **file})

    return send


@pytest.fixture
def report(send, kept):
    """A report with a photo."""
    send(photo_file(comment=b"at home"))
    [report] = kept(select(InfringementReport))
    return report


def test_a_guard_reports_a_car_with_a_photo(report, zone, guard):
    assert (report.plate, report.zone_id, report.kind) == (PLATE, zone.id, "fire_lane")
    assert (report.note, report.state, report.at) == ("by the hydrant", ReportState.OPEN, AT)
    assert "by the hydrant" in words_of(guard.get(f"/reports/{report.id}"))


def test_the_photo_is_shown_to_guards_and_staff_as_a_jpeg_and_nothing_else(
    report, guard, staff, sign_in
):
    for client in (guard, staff):
        photo = client.get(f"/reports/{report.id}/photo")
        assert (photo.status_code, photo.mimetype) == (200, "image/jpeg")
        assert photo.headers["X-Content-Type-Options"] == "nosniff"
        assert photo.headers["Cache-Control"] == "no-store"
        assert b"at home" not in photo.data
    stranger = sign_in(Role.REPRESENTATIVE)
    assert stranger.get(f"/reports/{report.id}/photo").status_code == 404
    assert stranger.get(f"/reports/{report.id}").status_code == 404


def test_a_report_without_a_photo_or_whose_file_is_gone_has_none(app, report, send, staff, kept):
    send(plate="粤E00001")
    without = max(kept(select(InfringementReport)), key=lambda one: one.id)
    assert staff.get(f"/reports/{without.id}/photo").status_code == 404
    app.extensions["files"].path(report.photo_sha256).unlink()
    assert staff.get(f"/reports/{report.id}/photo").status_code == 404
    assert staff.get(f"/reports/{report.id}").status_code == 200


@pytest.mark.parametrize(
    ("photo", "changes", "said"),
    [
        (None, {"plate": ""}, "Give the plate or a photo"),
        (None, {"plate": "粤E1234"}, "A plate has seven characters"),
        (b"<svg></svg>", {}, "This is no photo"),
        (b"\xff" * (8 * 1024 * 1024 + 1), {}, "8 MB at most"),
    ],
    ids=["nothing", "no plate", "no photo", "too large"],
)
def test_what_cannot_be_reported_is_said_in_words(send, kept, photo, changes, said):
    answer = send(photo, **changes)
    assert answer.status_code in (413, 422)
    assert said in words_of(answer)
    assert kept(select(InfringementReport)) == []


def test_a_car_may_stand_outside_of_all_zones_but_in_no_other_communitys(send, kept, session):
    foreign = make_zone(session, make_community(session, "A", number=2), "X1")
    session.commit()
    assert send(zone=foreign.id).status_code == 422
    assert send(zone=0).status_code == 302
    assert [one.zone_id for one in kept(select(InfringementReport))] == [None]


def test_every_guard_and_staff_see_a_report_and_the_compound_of_its_car_does(
    report, staff, sign_in, session, town
):
    make_vehicle(session, town.compound("A"), "粤E00007")
    make_report(session, town.community, "粤E00007", compound=town.compound("A"))
    other_guard = sign_in(make_user(session, town.community, Role.GUARD))
    for client in (staff, other_guard):
        assert f'src="/reports/{report.id}/photo"' in client.get("/reports/").text
    own = words_of(sign_in(Role.REPRESENTATIVE, "A").get("/reports/"))
    assert "00007" in own
    assert "12345" not in own
    assert "No report" in words_of(sign_in(Role.REPRESENTATIVE, "B").get("/reports/"))


def test_a_blocked_fire_lane_is_on_top_of_every_page_of_who_answers(
    report, guard, staff, client, session, town
):
    make_report(session, town.community, "粤E00001", at=AT - timedelta(days=2))
    session.commit()
    for page in (staff.get("/reports/"), guard.get("/reports/")):
        words = words_of(page)
        assert words.index("12345") < words.index("00001")
        assert "1 fire lanes blocked" in words
    assert "Fire lane blocked · F1" in words_of(staff.get("/office/"))
    client.post("/language/en")
    board = words_of(client.get("/"))
    assert board.index("Blocks the fire lane") < board.index("Wrong zone")
    assert "12345" not in board


def test_an_answered_report_closes_after_a_look_back_with_a_photo(app, report, guard, staff, kept):
    address = f"/reports/{report.id}"
    assert guard.post(f"{address}/answer", data={"answer": "owner rung"}).status_code == 302
    assert "Look back from" in words_of(staff.get("/reports/?state=answered"))
    early = guard.post(f"{address}/look-back", data={"found": "gone", "photo": picture()})
    assert early.status_code == 409
    app.extensions["clock"] = lambda: AT + timedelta(hours=1)
    assert "Look back now" in words_of(guard.get("/reports/?state=answered"))
    bare = guard.post(f"{address}/look-back", data={"found": "gone"})
    assert (bare.status_code, "Add a photo" in words_of(bare)) == (422, True)
    guard.post(f"{address}/look-back", data={"found": "gone", "photo": picture()})
    [closed] = kept(select(InfringementReport))
    assert closed.state == ReportState.CLOSED
    page = staff.get(address)
    assert "owner rung" in words_of(page)
    [shown] = re.findall(r"/reports/look-backs/\d+/photo", page.text)
    assert b"at home" not in staff.get(shown).data
    assert staff.post(f"{address}/answer", data={"answer": "again"}).status_code == 409


def picture():
    return (io.BytesIO(photo_file(comment=b"at home")), "IMG_0002.jpg")


def test_a_report_is_not_answered_without_words(report, staff, kept):
    assert staff.post(f"/reports/{report.id}/answer", data={"answer": " "}).status_code == 422
    assert [one.state for one in kept(select(InfringementReport))] == [ReportState.OPEN]


def test_only_staff_confirm_and_the_compound_reads_the_step(
    report, staff, guard, sign_in, session, town
):
    make_vehicle(session, town.compound("A"), PLATE)
    session.commit()
    address = f"/reports/{report.id}/confirm"
    assert "Confirm the report" not in words_of(guard.get(f"/reports/{report.id}"))
    assert guard.post(address).status_code == 403
    assert "Reminder" in words_of(staff.post(address, follow_redirects=True))
    assert "Reminder" in words_of(sign_in(Role.REPRESENTATIVE, "A").get("/warnings/"))
    assert "No car was warned" in words_of(sign_in(Role.REPRESENTATIVE, "B").get("/warnings/"))


@pytest.fixture
def passes(session, town):
    """Two passes of two minutes that would have been decided differently, and one as shown."""
    gate = town.community.gates[0]
    make_pass(session, gate, plate(1), known=Verdict.REFUSE)
    make_pass(
        session,
        gate,
        plate(2),
        at=AT - timedelta(minutes=1),
        shown=Verdict.REFUSE,
        known=Verdict.ADMIT,
        let_through=False,
    )
    make_pass(session, gate, plate(3))
    elsewhere = make_gate(session, make_community(session, "A", number=2))
    make_pass(session, elsewhere, plate(4), known=Verdict.REFUSE)
    session.commit()


def test_passes_that_would_have_been_decided_differently_are_listed_with_both_verdicts(
    staff, passes
):
    words = words_of(staff.get("/reports/passes"))
    assert words.index("00002") < words.index("00001")
    assert "Admit Compare the plate with the car Refuse This permit is revoked" in words
    assert "Refuse This permit is revoked Admit Compare the plate with the car" in words
    assert "00003" not in words
    assert "00004" not in words
    assert "Passes to look at 2" in words_of(staff.get("/office/"))


def test_a_pass_that_staff_have_seen_leaves_the_list_and_the_first_look_is_kept(
    staff, passes, kept, sign_in, session, town
):
    [event] = kept(select(GateEvent).where(GateEvent.plate == plate(1)))
    staff.post(f"/reports/passes/{event.id}/seen")
    [seen] = kept(select(GateEvent).where(GateEvent.id == event.id))
    assert seen.reviewed_at == AT
    assert "00001" not in words_of(staff.get("/reports/passes"))
    sign_in(make_user(session, town.community)).post(f"/reports/passes/{event.id}/seen")
    assert [one.reviewed_by for one in kept(select(GateEvent).where(GateEvent.id == event.id))] == [
        seen.reviewed_by
    ]


def test_an_empty_list_says_what_would_stand_there(staff):
    assert "No pass to look at" in words_of(staff.get("/reports/passes"))
