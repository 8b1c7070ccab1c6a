from datetime import timedelta

import pytest
from sqlalchemy import event, select

from permits.passes import GateEvent
from permits.permit import permit_fields
from permits.token import sign
from records.ledger import LedgerEntry
from tests.app.api.conftest import NOBODY, PLATE
from tests.app.api.problems import problem_of, wrong_fields
from tests.factories import AT


def decided(device, **asked):
    response = device.post("/decisions", asked)
    assert response.status_code == 200, response.json
    return response.json["verdict"], response.json["reasons"]


def test_a_plate_is_decided_with_colour_zones_and_permit(device, permit):
    told = device.post("/decisions", {"plate": "粤E·12345"}).json
    assert (told["verdict"], told["reasons"]) == ("admit", ["ok"])
    assert (told["plate"], told["plate_shown"]) == (PLATE, "粤E·12345")
    assert (told["letter"], told["serial"]) == ("A", permit.serial)
    assert told["zones"] == ["A1", "S1"]
    assert told["windows"][1] == {
        "zone": "S1",
        "starts": "20:00",
        "ends": "07:00",
        "open_now": False,
    }


def test_a_symbol_is_decided(device, permit, town):
    signed = sign(permit_fields(permit, town.community), town.keys.private(permit.key_id))
    assert decided(device, scanned=f"HTTPS://EXAMPLE.ORG/P/{signed}") == ("admit", ["ok"])
    assert decided(device, scanned=signed, plate=NOBODY) == ("refuse", ["plate_mismatch"])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"plate": NOBODY}, ("refuse", ["plate_unknown"])),
        ({"plate": "粤E1234O"}, ("refuse", ["plate_invalid"])),
        ({"plate": "\x00\ud800"}, ("refuse", ["plate_invalid"])),
        ({"scanned": "no code!"}, ("refuse", ["malformed_token"])),
        ({"plate": "粤A1234警"}, ("admit", ["service_vehicle"])),
    ],
)
def test_nothing_that_is_read_is_an_error(device, asked, expected):
    assert decided(device, **asked) == expected


@pytest.mark.parametrize(
    ("confidence", "expected"),
    [
        (0.79, ("check", ["low_confidence", "ok"])),
        (0.8, ("admit", ["ok"])),
        (1, ("admit", ["ok"])),
        (0, ("check", ["low_confidence", "ok"])),
    ],
)
def test_below_the_devices_limit_an_admit_becomes_a_check(device, permit, confidence, expected):
    assert decided(device, plate=PLATE, confidence=confidence) == expected


def test_a_refusal_is_not_softened_by_a_poor_reading(device):
    assert decided(device, plate=NOBODY, confidence=0.1) == ("refuse", ["plate_unknown"])


def test_a_decision_about_the_past_is_by_what_was_known_then(device, permit):
    before = (AT - timedelta(days=1)).isoformat()
    assert decided(device, plate=PLATE, at=before) == ("refuse", ["plate_unknown"])


def test_a_decision_records_nothing_and_takes_no_write_lock(device, permit, app, kept):
    begun = []
    with app.app_context():
        from app.extensions import db

        listened = db.engine, "before_cursor_execute"

        def note(_connection, _cursor, statement, *_more):
            begun.append(statement)

        event.listen(*listened, note)
        decided(device, plate=PLATE)
        event.remove(*listened, note)
    assert begun
    assert not [one for one in begun if not one.lstrip().upper().startswith(("SELECT", "BEGIN"))]
    assert "BEGIN IMMEDIATE" not in begun
    assert kept(select(GateEvent)) == []
    assert not kept(select(LedgerEntry).where(LedgerEntry.act.startswith("pass")))


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, {"plate"}),
        ({"plate": ""}, {"plate"}),
        ({"plate": "粤" * 21}, {"plate"}),
        ({"plate": 12345}, {"plate"}),
        ({"scanned": "A" * 601}, {"scanned"}),
        ({"plate": PLATE, "confidence": 1.01}, {"confidence"}),
        ({"plate": PLATE, "confidence": "0.9"}, {"confidence"}),
        ({"plate": PLATE, "confidence": True}, {"confidence"}),
        ({"plate": PLATE, "at": "2026-12-01T10:00:00"}, {"at"}),
        ({"plate": PLATE, "at": "noon"}, {"at"}),
        ({"plate": PLATE, "plaet": PLATE}, {"plaet"}),
        ([], {""}),
        ("粤E12345", {""}),
    ],
)
def test_a_field_that_is_wrong_is_named(device, sent, fields):
    response = device.post("/decisions", sent)
    assert problem_of(response) == (422, "invalid")
    assert wrong_fields(response) == fields


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "2019-12-31T23:59:59Z"])
def test_a_moment_that_cannot_be_meant_is_refused(device, at):
    response = device.post("/decisions", {"plate": PLATE, "at": at})
    assert problem_of(response) == (422, "time_implausible")
    late = (AT + timedelta(days=1, seconds=1)).isoformat()
    response = device.post("/decisions", {"plate": PLATE, "at": late})
    assert problem_of(response) == (422, "time_implausible")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"data": "{", "content_type": "application/json"}, (400, "unreadable")),
        ({"data": b"\xff", "content_type": "application/json"}, (400, "unreadable")),
        ({"data": {"plate": PLATE}}, (415, "unsupported_media_type")),
        ({"data": "plate=1", "content_type": "text/plain"}, (415, "unsupported_media_type")),
        ({"data": b""}, (415, "unsupported_media_type")),
        ({"json": {"plate": "x" * 20_000}}, (413, "request_too_large")),
    ],
)
def test_what_is_no_question_is_refused_with_a_problem(device, sent, expected):
    assert problem_of(device.post("/decisions", **sent)) == expected


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", (404, "not_found")),
        ("GET", "/decisions", (405, "method_not_allowed")),
        ("DELETE", "/passes", (405, "method_not_allowed")),
    ],
)
def test_an_address_that_is_none_is_told_with_a_problem(client, device, method, path, expected):
    response = client.open(f"/api/v1{path}", method=method, headers=device.bearer)
    assert problem_of(response) == expected
