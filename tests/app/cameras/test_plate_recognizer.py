import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.cameras.message import LARGEST_DATA, MessageTooLarge
from app.cameras.plate_recognizer import MOST_RESULTS, readings
from app.cameras.reading import FieldWrong, MessageUnreadable, Moves, PlateNotRead
from tests.app.cameras.messages import MULTIPART, among_pictures, sample

pytestmark = pytest.mark.anywhere

AT = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
PLAIN = sample("plate-recognizer.json")
JSON = "application/json"


def read(body, content_type=JSON):
    body = json.dumps(body).encode() if isinstance(body, dict) else body
    return readings(body, content_type, ZoneInfo("Asia/Shanghai"))


def message(**result):
    """Return the sample with one result, some of whose fields are changed."""
    told = json.loads(PLAIN)
    told["data"]["results"][0] |= result
    return told


def test_a_message_gives_plate_score_moment_and_movement():
    [reading] = read(PLAIN)
    assert (reading.plate, reading.confidence, reading.at) == ("粤E12345", 0.903, AT)
    assert reading.moves is Moves.TOWARDS_CAMERA


def test_a_message_beside_its_picture_reads_the_same():
    assert read(among_pictures("json", PLAIN, None), MULTIPART) == read(PLAIN)


def test_where_vehicles_are_looked_for_first_the_likeliest_text_counts():
    [reading] = read(sample("plate-recognizer-vehicles.json"))
    assert (reading.plate, reading.confidence, reading.moves) == ("粤E12345", 0.95, Moves.AWAY)


def test_the_same_message_has_the_same_key_and_another_car_another():
    assert read(PLAIN)[0].key == read(PLAIN)[0].key
    assert read(PLAIN)[0].key != read(message(plate="粤E12346"))[0].key


@pytest.mark.parametrize(
    ("angle", "moves"),
    [
        (90, Moves.AWAY),
        (1, Moves.AWAY),
        (270, Moves.TOWARDS_CAMERA),
        (-90, Moves.TOWARDS_CAMERA),
        (359.5, Moves.TOWARDS_CAMERA),
        (0, None),
        (180, None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_down_the_picture_is_towards_the_camera_and_up_is_away(angle, moves):
    assert read(message(direction=angle))[0].moves is moves


def test_several_cars_give_several_readings_without_those_that_have_no_plate():
    told = message()
    told["data"]["results"] = [{"plate": "粤E12345"}, {"plate": "unknown"}, {"plate": "粤E12346"}]
    assert [one.plate for one in read(told)] == ["粤E12345", "粤E12346"]


def test_other_events_and_no_cars_read_nothing():
    heartbeat = {"hook": {"event": "heartbeat"}, "data": {"camera_id": "camera-1"}}
    assert read(heartbeat) == []
    assert read({"data": {"results": []}}) == []


@pytest.mark.parametrize("plate", ["unknown", "无车牌", "", None, {}, {"props": {"plate": []}}])
def test_a_car_without_a_plate_is_told_apart(plate):
    with pytest.raises(PlateNotRead):
        read(message(plate=plate))


def test_without_utc_the_local_moment_counts_and_without_both_none():
    told = message()
    del told["data"]["timestamp"]
    assert read(told)[0].at == AT
    del told["data"]["timestamp_local"]
    assert read(told)[0].at is None


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "data"),
        ({"data": []}, "data"),
        ({"data": {"results": {}}}, "data.results"),
        ({"data": {"results": [{"plate": "x"}] * (MOST_RESULTS + 1)}}, "data.results"),
        ({"data": {"results": ["粤E12345"]}}, "data.results.0"),
        (message(plate=7), "data.results.0.plate"),
        (message(score="0.9"), "data.results.0.score"),
        (message(score=1.1), "data.results.0.score"),
        (message(score=True), "data.results.0.score"),
        ({"data": {"timestamp": "noon", "results": [{"plate": "x"}]}}, "data.timestamp"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(told, field):
    with pytest.raises(FieldWrong) as refused:
        read(told)
    assert refused.value.facts == {"field": field}


HOSTILE = {
    "nothing": b"",
    "no JSON": b"<xml/>",
    "cut off": PLAIN[:-20],
    "a list": b"[]",
    "no number": b'{"data": NaN}',
    "a wrong encoding": PLAIN.decode().encode("gb18030"),
    "deep": b'{"a":' * 20_000,
    "a huge number": b'{"data": ' + b"1" * 10_000 + b"}",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_refused(body):
    with pytest.raises(MessageUnreadable):
        read(body)


def test_a_message_without_the_field_for_json_is_refused():
    with pytest.raises(MessageUnreadable):
        read(among_pictures("other", PLAIN, None), MULTIPART)


def test_a_message_that_is_too_large_is_refused():
    with pytest.raises(MessageTooLarge):
        read(PLAIN + b" " * LARGEST_DATA)
    with pytest.raises(MessageTooLarge):
        read(among_pictures("json", PLAIN + b" " * LARGEST_DATA, None), MULTIPART)
