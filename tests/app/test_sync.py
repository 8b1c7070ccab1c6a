"""A guard's phone asks for what it needs, and sends what it kept: each item once."""

import base64
import gzip
import io
import json
import uuid
from datetime import timedelta
from threading import Thread

import pytest
from PIL import Image
from sqlalchemy import select

from app.config import Home, Settings
from app.extensions import db, limiter
from app.factory import create_app
from app.outbox import MOST_BYTES, MOST_ITEMS, MOST_PHOTOS
from permits.ending import revoke
from permits.infringement import InfringementReport
from permits.passes import GateEvent
from permits.permit import PermitState
from permits.shift_note import ShiftNote
from permits.visitor_pass import VisitorPass
from records.people import Role
from records.sign_ins import begin_sign_in
from tests.app.world import post_at_gate
from tests.factories import (
    AT,
    OFFICE,
    make_gate,
    make_permit,
    make_user,
    make_vehicle,
    plate,
)

JSON = {"Accept": "application/json"}
EARLIER = (AT - timedelta(hours=2)).isoformat()


@pytest.fixture
def guard(session, town):
    guard = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, guard)
    return guard


@pytest.fixture
def gate(town):
    return town.community.gates[0]


@pytest.fixture
def phone(sign_in, guard):
    """The guard's phone."""
    return sign_in(guard)


@pytest.fixture
def permit(session, town):
    permit = make_permit(
        session, make_vehicle(session, town.compound("A"), plate(1)), PermitState.HANDED_OVER
    )
    permit.issued_at = permit.vehicle.added_at = AT - timedelta(days=1)
    session.commit()
    return permit


def send(phone, *items):
    return phone.post("/gate/outbox", json={"items": list(items)}, headers=JSON)


def item(kind, **fields):
    return {"uuid": str(uuid.uuid4()), "kind": kind, "at": EARLIER, **fields}


def a_pass(gate, /, **fields):
    shown = {"verdict": "admit", "reasons": ["ok"], "offline": True}
    usual = {"gate": gate.id, "direction": "in", "let_through": True, "plate": plate(1)}
    return item("pass", **{**usual, **shown, **fields})


def a_visit(gate, /, **fields):
    usual = {"gate": gate.id, "plate": "京A88888", "visit_kind": "visitor", "compound": 1}
    return item("visit", **{**usual, "household": "3-501", "hours": 3, **fields})


def a_note(gate, /, **fields):
    return item("note", **{"gate": gate.id, "text": "东门灯坏了", **fields})


def a_report(**fields):
    usual = {"zone": "A1", "plate": "京A77777", "report_kind": "wrong_zone", "note": "挡道"}
    return item("report", **{**usual, "photo": None, **fields})


def photo():
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "JPEG")
    return base64.b64encode(file.getvalue()).decode()


def test_a_phone_gets_what_it_needs_and_then_only_what_changed(phone, session, guard, permit):
    first = phone.get("/gate/sync", headers=JSON).json
    assert (first["full"], first["guard"], first["community"]) == (True, guard.id, 1)
    assert [one["code"] for one in first["gates"]] == ["east"]
    assert first["plates"]
    assert first["csrf"]
    again = phone.get(f"/gate/sync?cursor={first['cursor']}", headers=JSON).json
    assert (again["full"], again["plates"], again["cursor"]) == (False, "", first["cursor"])
    revoke(session, permit, "sold", actor=OFFICE, at=AT)
    session.commit()
    news = phone.get(f"/gate/sync?cursor={first['cursor']}", headers=JSON).json
    assert news["ended"] == [[permit.number, "revoked", None]]


def test_a_phone_is_told_of_its_guards_gates_only(phone, session, town):
    make_gate(session, town.community, "west")
    session.commit()
    assert [one["code"] for one in phone.get("/gate/sync").json["gates"]] == ["east"]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1e3", str(10**30)])
def test_a_cursor_that_is_none_gets_everything(phone, cursor):
    assert phone.get("/gate/sync", query_string={"cursor": cursor}).json["full"] is True


def test_the_answer_is_packed_for_whoever_reads_that(phone):
    packed = phone.get("/gate/sync", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)).keys() == phone.get("/gate/sync").json.keys()
    assert packed.headers["Cache-Control"] == "no-store"


def test_an_ended_session_is_told_so(client, town):
    for response in (client.get("/gate/sync", headers=JSON), send(client)):
        assert response.status_code == 401
        assert response.mimetype == "application/problem+json"


def test_passes_are_taken_once_with_both_times(phone, guard, gate, permit, kept):
    sent = a_pass(gate)
    for _ in range(2):
        assert send(phone, sent).json == {"taken": [sent["uuid"]], "refused": []}
    [event] = kept(select(GateEvent))
    assert (event.uuid, event.guard_id, event.permit_id) == (sent["uuid"], guard.id, permit.id)
    assert (event.at.isoformat(), event.received_at, event.offline) == (EARLIER, AT, True)
    assert event.differs is False


def test_every_kind_of_item_is_taken_once(phone, guard, gate, permit, kept):
    items = [a_pass(gate), a_visit(gate), a_note(gate), a_report(photo=photo())]
    for order in (items, items[::-1]):
        answer = send(phone, *order).json
        assert sorted(answer["taken"]) == sorted(one["uuid"] for one in items)
        assert answer["refused"] == []
    for model, sent in zip(
        (GateEvent, VisitorPass, ShiftNote, InfringementReport), items, strict=True
    ):
        [row] = kept(select(model))
        assert (row.uuid, row.at.isoformat() if hasattr(row, "at") else EARLIER) == (
            sent["uuid"],
            EARLIER,
        )
        assert row.received_at == AT


def test_a_visitor_who_came_in_before_the_network_was_back_is_known_as_one(phone, gate, kept):
    seen = {"verdict": "admit", "reasons": ["visitor_ok"], "plate": "京A88888"}
    send(phone, a_pass(gate, **seen), a_visit(gate))
    [event] = kept(select(GateEvent))
    assert (event.kind, event.known_reasons, event.differs) == ("visitor", ["visitor_ok"], False)


def test_a_drop_off_needs_nothing_but_the_plate(phone, gate, kept):
    nothing = {"compound": None, "household": "", "hours": None}
    send(phone, a_visit(gate, visit_kind="drop_off", **nothing))
    [visit] = kept(select(VisitorPass))
    assert (visit.kind, visit.compound_id, visit.plate) == ("drop_off", None, "京A88888")


def test_a_pass_differs_where_the_register_knew_better(phone, session, gate, permit, kept):
    revoke(session, permit, "sold", actor=OFFICE, at=AT - timedelta(hours=3))
    session.commit()
    send(phone, a_pass(gate))
    [event] = kept(select(GateEvent))
    assert (event.differs, event.verdict, event.known_verdict) == (True, "admit", "refuse")


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        ({"kind": None}, "item_unreadable"),
        ({"kind": "gift"}, "item_unreadable"),
        ({"uuid": None}, "item_unreadable"),
        ({"uuid": "1"}, "item_unreadable"),
        ({"uuid": 7}, "item_unreadable"),
        ({"at": None}, "item_unreadable"),
        ({"at": "yesterday"}, "item_unreadable"),
        ({"at": "2026-12-01T08:00:00"}, "item_unreadable"),
        ({"at": "0001-01-01T00:00:00Z"}, "item_unreadable"),
        ({"gate": None}, "item_unreadable"),
        ({"gate": True}, "item_unreadable"),
        ({"gate": 999}, "not_your_gate"),
        ({"direction": "up"}, "item_unreadable"),
        ({"let_through": "yes"}, "item_unreadable"),
        ({"verdict": "perhaps"}, "item_unreadable"),
        ({"verdict": ["admit"]}, "item_unreadable"),
        ({"reasons": "ok"}, "item_unreadable"),
        ({"plate": 12345}, "item_unreadable"),
        ({"pass_kind": "bus"}, "item_unreadable"),
        ({"offline": "no"}, "item_unreadable"),
    ],
    ids=str,
)
def test_a_pass_that_cannot_be_kept_says_why_and_holds_up_no_other(phone, gate, kept, spoilt, code):
    good, bad = a_pass(gate), {**a_pass(gate), **spoilt}
    answer = send(phone, bad, good)
    assert answer.status_code == 200
    assert answer.json["taken"] == [good["uuid"]]
    [refused] = answer.json["refused"]
    assert refused["code"] == code
    assert refused["words"]
    assert refused["uuid"] == (bad["uuid"] if isinstance(bad["uuid"], str) else "")
    assert [event.uuid for event in kept(select(GateEvent))] == [good["uuid"]]


@pytest.mark.parametrize(
    ("make", "spoilt", "code"),
    [
        (a_visit, {"plate": "粤E1234O"}, "invalid_plate"),
        (a_visit, {"plate": "VB12345"}, "pass_not_needed"),
        (a_visit, {"household": ""}, "host_missing"),
        (a_visit, {"compound": 77}, "item_unreadable"),
        (a_visit, {"compound": None}, "item_unreadable"),
        (a_visit, {"hours": None}, "item_unreadable"),
        (a_visit, {"hours": float("inf")}, "item_unreadable"),
        (a_visit, {"hours": 24 * 30}, "visit_too_long"),
        (a_visit, {"gate": 999}, "not_your_gate"),
        (a_note, {"text": " "}, "note_empty"),
        (a_note, {"gate": 999}, "not_your_gate"),
        (lambda _gate, **fields: a_report(**fields), {"zone": "Z9"}, "item_unreadable"),
        (lambda _gate, **fields: a_report(**fields), {"photo": "?"}, "item_unreadable"),
        (lambda _gate, **fields: a_report(**fields), {"photo": "AAAA"}, "not_a_photo"),
        (lambda _gate, **fields: a_report(**fields), {"plate": ""}, "nothing_to_see"),
        (lambda _gate, **fields: a_report(**fields), {"report_kind": "ufo"}, "item_unreadable"),
    ],
)
def test_what_the_register_refuses_says_why_and_holds_up_no_other(
    phone, gate, kept, make, spoilt, code
):
    bad, good = make(gate, **spoilt), a_note(gate)
    answer = send(phone, bad, a_pass(gate), good).json
    assert [(one["uuid"], one["code"]) for one in answer["refused"]] == [(bad["uuid"], code)]
    assert len(answer["taken"]) == 2
    assert [note.uuid for note in kept(select(ShiftNote))] == [good["uuid"]]
    assert len(kept(select(GateEvent))) == 1


def test_texts_that_no_database_keeps_are_kept_as_far_as_they_can_be(phone, gate, kept):
    items = a_note(gate, text="夜\0班\ud800"), a_pass(gate, plate="粤\0E\ud800", scanned=None)
    assert len(send(phone, *items).json["taken"]) == 2
    [note] = kept(select(ShiftNote))
    assert note.text == "夜\ufffd班?"


def test_reasons_that_only_the_phone_knows_are_left_out(phone, gate, kept):
    send(phone, a_pass(gate, reasons=["ok", "by_feeling", 7]))
    [event] = kept(select(GateEvent))
    assert event.reasons == ["ok"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "null", '{"items": 1}', "{", '{"items": {"0": 1}}']
)
def test_what_is_no_outbox_is_refused(phone, body):
    response = phone.post("/gate/outbox", data=body, content_type="application/json", headers=JSON)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_items_that_are_no_objects_are_refused(phone):
    answer = send(phone, 1, "x", None, [])
    assert answer.status_code == 200
    assert len(answer.json["refused"]) == 4


@pytest.mark.parametrize(
    "items",
    [
        [{}] * (MOST_ITEMS + 1),
        [{"photo": "x"}] * (MOST_PHOTOS + 1),
        ["x" * MOST_BYTES],
    ],
    ids=["items", "photos", "bytes"],
)
def test_too_much_at_once_is_refused_as_a_whole_with_the_limits(phone, items):
    response = send(phone, *items)
    assert (response.status_code, response.json["code"]) == (413, "outbox_too_large")
    assert "1000 entries, 10 photos or 2 MB" in response.json["title"]


def test_as_much_as_is_allowed_is_taken(phone, gate, kept):
    items = [a_pass(gate) for _ in range(MOST_ITEMS)]
    answer = send(phone, *items).json
    assert sorted(answer["taken"]) == sorted(one["uuid"] for one in items)
    assert len(kept(select(GateEvent))) == MOST_ITEMS


def test_phones_that_come_back_at_once_leave_each_pass_once(sign_in, guard, gate, kept):
    queues = [[a_pass(gate) for _ in range(50)] for _ in range(6)]
    phones = [sign_in(guard) for _ in queues]
    answers = []

    def come_back(phone, queue):
        # Each sends its queue twice: the first answer was lost on the way.
        answers.extend(send(phone, *queue).status_code for _ in range(2))

    threads = [Thread(target=come_back, args=pair) for pair in zip(phones, queues, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {200}
    sent = [one["uuid"] for queue in queues for one in queue]
    assert sorted(event.uuid for event in kept(select(GateEvent))) == sorted(sent)


def test_an_outbox_without_end_is_slowed_down_for_one_guard_only(database_url, session, town):
    flask = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True}
    app = create_app(Settings(Home(town.folder), database_url, flask=flask))
    users = [make_user(session, town.community, Role.GUARD) for _ in range(2)]
    for user in users:
        begin_sign_in(session, user, "", AT)
    session.commit()
    phones = [app.test_client() for _ in users]
    for phone, user in zip(phones, users, strict=True):
        with phone.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
    # A new minute may begin half way, but not twice.
    codes = (send(phones[0]).status_code for _ in range(601))
    assert next(code for code in codes if code != 200) == 429
    assert send(phones[1]).status_code == 200
    with app.app_context():
        db.engine.dispose()
        limiter.reset()
