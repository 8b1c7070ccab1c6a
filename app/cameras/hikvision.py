"""Hikvision cameras: ISAPI's `EventNotificationAlert` with `ANPR`, as their HTTP hosts push it.

XML, bare or as a part of multipart/form-data beside the pictures. The name space differs between
firmwares and is not looked at.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.cameras.message import data_of, moment
from app.cameras.reading import FieldWrong, MessageUnreadable, Moves, Reading, plate_of, share

_EVENT_TYPE = "anpr"
"""Everything else that a camera pushes, heartbeats first of all, reads no plate."""

_MOVES = {"forward": Moves.TOWARDS_CAMERA, "reverse": Moves.AWAY}

_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding=["']([A-Za-z0-9._-]+)["'][^>]*\?>""")

_CHINESE = frozenset({"gb2312", "gbk", "gb18030"})
"""Encodings that the XML parser does not know; the last one includes the others."""


def readings(body: bytes, content_type: str, zone: tzinfo) -> list[Reading]:
    """Return what a message tells: one reading, or none where it is about something else.

    Args:
        zone: the community's, for cameras that leave the offset out.

    Raises:
        MessageTooLarge, MessageUnreadable, FieldWrong, PlateNotRead: see `app.cameras.reading`.
    """
    root = _parsed(data_of(body, content_type, _is_xml))
    if _name(root) != "EventNotificationAlert":
        raise MessageUnreadable(why="form")
    if _text(root, "eventType").lower() != _EVENT_TYPE:
        return []
    if _text(root, "eventState").lower() == "inactive":
        return []
    event = _child(root, "ANPR")
    if event is None:
        raise FieldWrong(field="ANPR")
    plate_text = _text(event, "licensePlate")
    return [
        Reading(
            plate=plate_of(plate_text),
            confidence=_confidence(event),
            at=_at(root, zone),
            moves=_MOVES.get(_text(event, "direction").lower()),
            key=_key(root, event, plate_text),
        )
    ]


def _is_xml(name: str, content: bytes) -> bool:
    begins = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return name.lower().endswith(".xml") or begins.startswith(b"<")


def _parsed(data: bytes) -> Element:
    declared = _DECLARED.match(data)
    try:
        if declared and declared[1].decode().lower() in _CHINESE:
            data = data[declared.end() :].decode("gb18030").encode()
        # No message has a document type; without one there are no entities to blow up.
        root: Element = fromstring(data, forbid_dtd=True)
    except (UnicodeDecodeError, LookupError):
        raise MessageUnreadable(why="encoding") from None
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise MessageUnreadable(why="broken") from None
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(parent: Element, name: str) -> Element | None:
    return next((one for one in parent if _name(one) == name), None)


def _text(parent: Element, name: str) -> str:
    found = _child(parent, name)
    return (found.text or "").strip() if found is not None else ""


def _confidence(event: Element) -> float | None:
    text = _text(event, "confidenceLevel")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text):
        raise FieldWrong(field="confidenceLevel")
    return share(float(text), "confidenceLevel", whole=100)


def _at(root: Element, zone: tzinfo) -> datetime | None:
    text = _text(root, "dateTime")
    return moment(text, zone, "dateTime") if text else None


def _key(root: Element, event: Element, plate: str) -> str:
    given = _text(root, "UUID") or _text(event, "UUID")
    if given.strip("0-"):
        return given
    parts = (_text(root, name) for name in ("macAddress", "channelID", "dateTime"))
    return "|".join([*parts, _text(event, "line"), plate])
