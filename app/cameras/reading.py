"""What a camera read, whatever its make, and why a message can hold nothing of use."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from permits.plates import Plate, normalise, parse
from records.errors import DomainError

LONGEST_PLATE = 20
"""Characters that are looked at; the longest plate has eight."""

_NO_PLATE = frozenset({"", "UNKNOWN", "NOPLATE", "NONE", "NULL", "无车牌", "未识别", "未知"})
"""What cameras write where they see a car and no plate, as `normalise` gives it."""

_COLOURS = frozenset("蓝黄白黑绿")
"""Colours of a plate's ground, which some Chinese cameras write before the plate."""


class Moves(enum.StrEnum):
    """Which way a car moves in the picture."""

    TOWARDS_CAMERA = "towards_camera"
    AWAY = "away"


@dataclass(frozen=True)
class Reading:
    """One car before a camera.

    Attributes:
        plate: as the camera read it.
        confidence: from 0 to 1, None where the camera does not say.
        at: the moment by the camera's clock, time zone aware; None where it gives none.
        moves: None where the camera cannot tell.
        key: names the event among all of the same camera, the same when it is pushed again.
    """

    plate: str
    confidence: float | None
    at: datetime | None
    moves: Moves | None
    key: str


class MessageUnreadable(DomainError):
    """A message is none of its make's, for a reason in `why`: `broken`, `encoding` or `form`."""

    code: ClassVar[str] = "message_unreadable"
    status: ClassVar[int] = 422


class FieldWrong(DomainError):
    """The message's field `field` is missing or holds what it cannot."""

    code: ClassVar[str] = "message_field_wrong"
    status: ClassVar[int] = 422


class PlateNotRead(DomainError):
    """The camera saw a car and could not read its plate: there is nothing to decide."""

    code: ClassVar[str] = "plate_not_read"
    status: ClassVar[int] = 422


def plate_of(text: str) -> str:
    """Return the plate that a camera wrote, without the colour before it.

    Raises:
        PlateNotRead: it says that it read none.
    """
    plate = normalise(text[:LONGEST_PLATE])
    if plate in _NO_PLATE:
        raise PlateNotRead
    if plate[0] in _COLOURS and isinstance(parse(plate[1:]), Plate):
        return plate[1:]
    return plate


def share(value: float, field: str, whole: float = 1) -> float:
    """Return a confidence as a share of the whole.

    Raises:
        FieldWrong: it lies outside.
    """
    if not 0 <= value <= whole:
        raise FieldWrong(field=field)
    return value / whole
