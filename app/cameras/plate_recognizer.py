"""Plate Recognizer Stream: its webhook's JSON, bare or as the field `json` beside the picture."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from typing import Any, NoReturn

from app.cameras.message import data_of, moment
from app.cameras.reading import (
    FieldWrong,
    MessageUnreadable,
    Moves,
    PlateNotRead,
    Reading,
    plate_of,
    share,
)

MOST_RESULTS = 50
"""Cars in one message; a gate has one or two."""

_EVENT = "recognition"
"""Everything else that Stream sends reads no plate."""


def readings(body: bytes, content_type: str, zone: tzinfo) -> list[Reading]:
    """Return what a message tells of each car whose plate was read.

    Args:
        zone: the community's, for a moment without an offset.

    Raises:
        MessageTooLarge, MessageUnreadable, FieldWrong: see `app.cameras.reading`.
        PlateNotRead: there are cars, and none of their plates was read.
    """
    message = _parsed(data_of(body, content_type, _is_json))
    hook = message.get("hook")
    if isinstance(hook, dict) and hook.get("event", _EVENT) != _EVENT:
        return []
    data = message.get("data")
    if not isinstance(data, dict):
        raise FieldWrong(field="data")
    results = data.get("results", [])
    if not isinstance(results, list) or len(results) > MOST_RESULTS:
        raise FieldWrong(field="data.results")
    found = []
    for place, result in enumerate(results):
        if not isinstance(result, dict):
            raise FieldWrong(field=f"data.results.{place}")
        try:
            found.append(_reading(data, result, place, zone))
        except PlateNotRead:
            continue
    if results and not found:
        raise PlateNotRead
    return found


def _is_json(name: str, _content: bytes) -> bool:
    return name == "json"


def _no_number(_text: str) -> NoReturn:
    raise ValueError


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        message = json.loads(data, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise MessageUnreadable(why="encoding") from None
    except (ValueError, RecursionError):
        raise MessageUnreadable(why="broken") from None
    if not isinstance(message, dict):
        raise MessageUnreadable(why="form")
    return message


def _reading(data: dict[str, Any], result: dict[str, Any], place: int, zone: tzinfo) -> Reading:
    at, text = _at(data, zone)
    plate, score = result.get("plate"), result.get("score")
    if isinstance(plate, dict):
        plate, score = _best(plate)
    if plate is None:
        raise PlateNotRead
    if not isinstance(plate, str):
        raise FieldWrong(field=f"data.results.{place}.plate")
    return Reading(
        plate=plate_of(plate),
        confidence=_confidence(score, f"data.results.{place}.score"),
        at=at,
        moves=_moves(result.get("direction")),
        key=f"{data.get('camera_id')}|{text}|{place}|{plate}",
    )


def _best(plate: dict[str, Any]) -> tuple[Any, Any]:
    """Return the likeliest text and its score where Stream looks for vehicles first."""
    props = plate.get("props")
    texts = props.get("plate") if isinstance(props, dict) else None
    if not isinstance(texts, list) or not texts or not isinstance(texts[0], dict):
        return None, None
    return texts[0].get("value"), texts[0].get("score")


def _at(data: dict[str, Any], zone: tzinfo) -> tuple[datetime | None, str]:
    for name in ("timestamp", "timestamp_local"):
        text = data.get(name)
        if isinstance(text, str) and text:
            return moment(text, zone, f"data.{name}"), text
    return None, ""


def _confidence(score: Any, field: str) -> float | None:
    if score is None:
        return None
    if isinstance(score, bool) or not isinstance(score, int | float):
        raise FieldWrong(field=field)
    return share(score, field)


def _moves(direction: Any) -> Moves | None:
    """Return which way a car moves by its angle: 90° is up the picture, 270° down and nearer."""
    if isinstance(direction, bool) or not isinstance(direction, int | float):
        return None
    angle = direction % 360
    if angle in (0, 180):
        return None
    return Moves.TOWARDS_CAMERA if angle > 180 else Moves.AWAY
