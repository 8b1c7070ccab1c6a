from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.cameras.hikvision import readings
from app.cameras.message import LARGEST_DATA, LARGEST_MESSAGE, MOST_PARTS, MessageTooLarge
from app.cameras.reading import FieldWrong, MessageUnreadable, Moves, PlateNotRead
from tests.app.cameras.messages import BOUNDARY, MULTIPART, among_pictures, sample

pytestmark = pytest.mark.anywhere

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
XML = "application/xml"
ANPR = sample("hikvision-anpr.xml")


def read(body, content_type=XML):
    return readings(body, content_type, SHANGHAI)


def changed(old, new):
    text = ANPR.decode()
    assert old in text
    return text.replace(old, new).encode()


def test_a_message_gives_plate_confidence_moment_and_movement():
    [reading] = read(ANPR)
    assert (reading.plate, reading.confidence, reading.at) == ("粤E12345", 0.97, AT)
    assert reading.moves is Moves.TOWARDS_CAMERA
    assert reading.key == "7f8b2c1e-9d34-11ef-8a6c-00005e005301"


def test_a_message_among_pictures_reads_the_same():
    body = among_pictures("anpr.xml", ANPR)
    assert read(body, MULTIPART) == read(ANPR)
    assert read(body, f"multipart/mixed; boundary={BOUNDARY}") == read(ANPR)


def test_an_older_firmware_has_another_name_space_no_offset_and_the_colour_before_the_plate():
    [reading] = read(sample("hikvision-old-firmware.xml"))
    assert (reading.plate, reading.at, reading.moves) == ("粤E12345", AT, None)
    assert "00:00:5e:00:53:02" in reading.key


def test_without_a_uuid_the_same_event_has_the_same_key_and_another_one_another():
    old = sample("hikvision-old-firmware.xml").decode()
    again = old.replace("<activePostCount>2", "<activePostCount>3")
    later = old.replace("16:30:00", "16:30:01")
    keys = [read(text.encode())[0].key for text in (old, again, later)]
    assert keys[0] == keys[1] != keys[2]


def test_a_uuid_of_noughts_is_none():
    zeros = changed("7f8b2c1e-9d34-11ef-8a6c-00005e005301", "0" * 8 + "-0000" * 3 + "-" + "0" * 12)
    assert "|" in read(zeros)[0].key


def test_a_heartbeat_reads_nothing():
    assert read(sample("hikvision-heartbeat.xml")) == []
    assert read(changed("<eventState>active", "<eventState>inactive")) == []


@pytest.mark.parametrize(
    ("told", "moves"),
    [("forward", Moves.TOWARDS_CAMERA), ("reverse", Moves.AWAY), ("unknown", None), ("", None)],
)
def test_forward_is_towards_the_camera_and_reverse_away(told, moves):
    assert read(changed("<direction>forward", f"<direction>{told}"))[0].moves is moves


@pytest.mark.parametrize("plate", ["unknown", "Unknown", "UNKNOWN", "无车牌", "", " ", "未识别"])
def test_a_car_without_a_plate_is_told_apart(plate):
    with pytest.raises(PlateNotRead):
        read(changed("粤E12345", plate))


def test_a_message_without_the_element_of_the_plate_read_none():
    with pytest.raises(PlateNotRead):
        read(changed("<licensePlate>粤E12345</licensePlate>", ""))


def test_without_confidence_or_moment_the_message_still_counts():
    [reading] = read(changed("<confidenceLevel>97</confidenceLevel>", ""))
    assert reading.confidence is None
    [reading] = read(changed("<dateTime>2026-12-01T16:30:00+08:00</dateTime>", ""))
    assert reading.at is None


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("<confidenceLevel>97", "<confidenceLevel>101", "confidenceLevel"),
        ("<confidenceLevel>97", "<confidenceLevel>-1", "confidenceLevel"),
        ("<confidenceLevel>97", "<confidenceLevel>NaN", "confidenceLevel"),
        ("<confidenceLevel>97", "<confidenceLevel>1e1", "confidenceLevel"),
        ("2026-12-01T16:30:00+08:00", "yesterday", "dateTime"),
        ("2026-12-01T16:30:00+08:00", "2026-13-01T16:30:00", "dateTime"),
        ("ANPR>", "Other>", "ANPR"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(old, new, field):
    with pytest.raises(FieldWrong) as refused:
        read(changed(old, new).replace(b"<eventType>Other", b"<eventType>ANPR"))
    assert refused.value.facts == {"field": field}


@pytest.mark.parametrize("encoding", ["GB2312", "GBK", "gb18030"])
def test_a_chinese_encoding_is_read(encoding):
    text = ANPR.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')
    assert read(text.encode("gb18030")) == read(ANPR)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_unicode_with_a_mark_is_read(encoding):
    text = ANPR.decode().replace('encoding="UTF-8"', f'encoding="{encoding[:6].strip("-")}"')
    assert read(text.replace("utf-8", "UTF-8").encode(encoding))[0].plate == "粤E12345"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(),
    "a file of ours": b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>',
    "a document type": b"<!DOCTYPE EventNotificationAlert>" + ANPR[ANPR.index(b"<Event") :],
    "nothing": b"",
    "noughts": b"\0" * 100,
    "no XML": b"licensePlate=1",
    "cut off": ANPR[: len(ANPR) // 2],
    "another document": b"<html/>",
    "a wrong encoding": ANPR.decode().encode("gb18030"),
    "an unknown encoding": ANPR.replace(b"UTF-8", b"EBCDIC-7"),
    "GBK that is none": b'<?xml version="1.0" encoding="GBK"?><a>\xff\xff</a>',
    "deep": b"<a>" * 50_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_refused(body):
    with pytest.raises(MessageUnreadable):
        read(body)
    with pytest.raises(MessageUnreadable):
        read(among_pictures("anpr.xml", body), MULTIPART)


def test_a_message_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(MessageTooLarge):
        read(b"<" + b" " * LARGEST_MESSAGE)
    with pytest.raises(MessageTooLarge):
        read(ANPR + b" " * LARGEST_DATA)
    with pytest.raises(MessageTooLarge):
        read(among_pictures("anpr.xml", ANPR + b" " * LARGEST_DATA), MULTIPART)


def test_a_message_of_too_many_parts_is_refused():
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'.encode()
    with pytest.raises(MessageTooLarge):
        read(part * (MOST_PARTS + 1) + f"--{BOUNDARY}--\r\n".encode(), MULTIPART)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (ANPR, MULTIPART),
        (among_pictures("anpr.xml", ANPR)[:300], MULTIPART),
        (among_pictures("anpr.xml", ANPR), "multipart/form-data"),
        (among_pictures("note", b"no XML", None), MULTIPART),
        (among_pictures("note", b"", None).replace(b'; name="note"', b""), MULTIPART),
    ],
)
def test_a_broken_multipart_message_is_refused(body, content_type):
    with pytest.raises(MessageUnreadable):
        read(body, content_type)
