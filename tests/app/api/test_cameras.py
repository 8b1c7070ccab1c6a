from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cameras.message import LARGEST_MESSAGE
from permits.passes import GateEvent
from tests.app.api.conftest import PLATE
from tests.app.api.problems import problem_of, wrong_fields
from tests.app.cameras.messages import MULTIPART, among_pictures, sample
from tests.factories import AT

HIKVISION, RECOGNIZER = "/cameras/hikvision", "/cameras/plate-recognizer"
ANPR = sample("hikvision-anpr.xml")
XML, JSON = "application/xml", "application/json"

MESSAGES = {
    "hikvision": (HIKVISION, ANPR, XML),
    "hikvision among pictures": (HIKVISION, among_pictures("anpr.xml", ANPR), MULTIPART),
    "hikvision, old": (HIKVISION, sample("hikvision-old-firmware.xml"), XML),
    "plate recognizer": (RECOGNIZER, sample("plate-recognizer.json"), JSON),
    "plate recognizer with picture": (
        RECOGNIZER,
        among_pictures("json", sample("plate-recognizer.json"), None),
        MULTIPART,
    ),
}


@pytest.fixture
def passes(kept):
    return lambda: kept(select(GateEvent).order_by(GateEvent.id))


def push(device, address, body, content_type):
    return device.post(address, data=body, content_type=content_type)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_becomes_a_pass(device, permit, passes, message):
    answer = push(device, *message)
    assert answer.status_code == 200
    [told] = answer.json["passes"]
    assert (told["decision"]["verdict"], told["decision"]["plate"]) == ("admit", PLATE)
    [event] = passes()
    assert (event.uuid, event.plate, event.at) == (told["uuid"], PLATE, AT)
    assert (event.direction, event.verdict, event.let_through) == ("in", "admit", True)
    assert event.device_id == device.device


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_message_that_is_pushed_again_records_once(device, permit, passes, message):
    first, second = push(device, *message), push(device, *message)
    assert first.json == second.json
    assert len(passes()) == 1


def test_the_same_event_of_two_devices_is_two_passes(device, new_device, permit, passes):
    for one in (device, new_device()):
        push(one, HIKVISION, ANPR, XML)
    assert len(passes()) == 2


def test_a_camera_may_use_http_basic(app, device, permit, passes):
    answer = app.test_client().post(
        f"/api/v1{HIKVISION}", data=ANPR, content_type=XML, headers=device.basic
    )
    assert answer.status_code == 200
    assert len(passes()) == 1


@pytest.mark.parametrize(("told", "direction"), [("forward", "in"), ("reverse", "out")])
def test_a_camera_of_both_ways_says_which(new_device, permit, passes, told, direction):
    body = ANPR.replace(b"<direction>forward", f"<direction>{told}".encode())
    assert push(new_device(None), HIKVISION, body, XML).status_code == 200
    assert [one.direction for one in passes()] == [direction]


def test_a_camera_of_both_ways_that_cannot_tell_is_refused(new_device, passes):
    response = push(new_device(None), HIKVISION, sample("hikvision-old-firmware.xml"), XML)
    assert problem_of(response) == (422, "direction_missing")
    assert passes() == []


def test_a_camera_at_the_exit_records_exits_whatever_it_sees(new_device, permit, passes):
    push(new_device("out"), HIKVISION, ANPR, XML)
    assert [one.direction for one in passes()] == ["out"]


def test_a_reading_below_the_limit_is_checked(new_device, permit, passes):
    answer = push(new_device(least_confidence=0.98), HIKVISION, ANPR, XML)
    assert answer.json["passes"][0]["decision"]["reasons"] == ["low_confidence", "ok"]
    assert [one.verdict for one in passes()] == ["check"]


def test_a_misread_plate_is_a_refusal_and_no_error(device, passes):
    body = ANPR.replace("粤E12345".encode(), "粤E1234O".encode())
    answer = push(device, HIKVISION, body, XML)
    assert answer.json["passes"][0]["decision"]["reasons"] == ["plate_invalid"]
    assert [one.plate for one in passes()] == [None]


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00+08:00", "2038-01-19T03:14:07+08:00"])
def test_a_camera_whose_clock_was_never_set_still_records(device, permit, passes, moment):
    body = ANPR.replace(b"2026-12-01T16:30:00+08:00", moment.encode())
    assert push(device, HIKVISION, body, XML).status_code == 200
    assert [one.at for one in passes()] == [AT]


def test_a_message_that_comes_late_counts_by_its_own_moment(device, permit, passes):
    body = ANPR.replace(b"T16:30:00+08:00", b"T15:30:00+08:00")
    push(device, HIKVISION, body, XML)
    [event] = passes()
    assert (event.at, event.received_at) == (AT - timedelta(hours=1), AT)
    assert event.offline


def test_a_heartbeat_is_answered_and_records_nothing(device, passes):
    answer = push(device, HIKVISION, sample("hikvision-heartbeat.xml"), XML)
    assert (answer.status_code, answer.json) == (200, {"passes": []})
    assert passes() == []


BOMB = b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>'
HOSTILE = {
    "billion laughs": (HIKVISION, BOMB, XML, (422, "message_unreadable")),
    "10 MB": (HIKVISION, b"<" * 10_000_000, XML, (413, "request_too_large")),
    "9 MB": (RECOGNIZER, b" " * (LARGEST_MESSAGE + 1), JSON, (413, "request_too_large")),
    "too long a document": (HIKVISION, b"<" * 1_000_000, XML, (413, "message_too_large")),
    "a wrong encoding": (
        HIKVISION,
        ANPR.decode().encode("gb18030"),
        XML,
        (422, "message_unreadable"),
    ),
    "no plate": (HIKVISION, ANPR.replace("粤E12345".encode(), b""), XML, (422, "plate_not_read")),
    "unknown": (
        HIKVISION,
        ANPR.replace("粤E12345".encode(), b"unknown"),
        XML,
        (422, "plate_not_read"),
    ),
    "无车牌": (
        HIKVISION,
        ANPR.replace("粤E12345".encode(), "无车牌".encode()),
        XML,
        (422, "plate_not_read"),
    ),
    "nothing": (HIKVISION, b"", XML, (422, "message_unreadable")),
    "a picture": (HIKVISION, b"\xff\xd8\xff", "image/jpeg", (422, "message_unreadable")),
    "a boundary of its own": (
        HIKVISION,
        ANPR,
        "multipart/form-data; boundary=\x01",
        (422, "message_unreadable"),
    ),
    "JSON that is none": (RECOGNIZER, b"{", JSON, (422, "message_unreadable")),
    "no plate in JSON": (
        RECOGNIZER,
        b'{"data": {"results": [{"plate": "unknown"}]}}',
        JSON,
        (422, "plate_not_read"),
    ),
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_told_what_is_wrong_and_changes_nothing(device, passes, hostile):
    *message, expected = hostile
    assert problem_of(push(device, *message)) == expected
    assert passes() == []


def test_a_wrong_field_is_named(device):
    body = ANPR.replace(b"<confidenceLevel>97", b"<confidenceLevel>997")
    response = push(device, HIKVISION, body, XML)
    assert problem_of(response) == (422, "message_field_wrong")
    assert wrong_fields(response) == {"confidenceLevel"}


def test_of_several_cars_all_are_recorded(device, passes):
    results = ",".join(f'{{"plate": "粤E1234{digit}"}}' for digit in range(3))
    body = f'{{"data": {{"camera_id": "1", "results": [{results}]}}}}'.encode()
    assert len(push(device, RECOGNIZER, body, JSON).json["passes"]) == 3
    assert len(passes()) == 3
