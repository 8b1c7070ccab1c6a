"""What number-plate cameras push becomes passes, as if they had called the API themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from flask import request

from app import context
from app.api.blueprint import blueprint
from app.api.device_token import for_devices, this_device
from app.api.recording import record_and_decide
from app.api.schemas import CameraAnswerSchema
from app.cameras import hikvision, plate_recognizer
from app.cameras.message import LARGEST_MESSAGE
from app.cameras.reading import Moves, Reading
from app.extensions import db
from permits.machine_passes import MachinePass, Question, event_uuid, is_plausible
from permits.passes import Direction
from zones.communities import Community

Reader = Callable[[bytes, str, tzinfo], list[Reading]]

DIRECTIONS: dict[Moves | None, Direction] = {
    Moves.TOWARDS_CAMERA: Direction.IN,
    Moves.AWAY: Direction.OUT,
}
"""Which way a car goes, where the device has no direction of its own."""

_TEXT = {"type": "string"}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}


@for_devices(most_bytes=LARGEST_MESSAGE, json=False)
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {
            "application/xml": {"schema": _TEXT},
            "text/xml": {"schema": _TEXT},
            "multipart/form-data": {
                "schema": {"type": "object", "additionalProperties": _FILE},
            },
        },
    }
)
@blueprint.response(200, CameraAnswerSchema)
def from_hikvision() -> dict[str, Any]:
    """Take what a Hikvision camera pushes.

    ISAPI's EventNotificationAlert with ANPR, XML alone or among pictures. Other events, such as
    heartbeats, are answered and record nothing.
    """
    return _record(hikvision.readings)


@for_devices(most_bytes=LARGEST_MESSAGE, json=False)
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"json": _TEXT, "upload": _FILE},
                    "required": ["json"],
                },
            },
        },
    }
)
@blueprint.response(200, CameraAnswerSchema)
def from_plate_recognizer() -> dict[str, Any]:
    """Take what Plate Recognizer Stream sends to its webhook target.

    JSON alone, or the field json beside the picture.
    """
    return _record(plate_recognizer.readings)


def _record(read: Reader) -> dict[str, Any]:
    zone = db.session.get_one(Community, this_device().community_id).zone_info
    found = read(request.get_data(), request.content_type or "", zone)
    return {"passes": record_and_decide([_pass(one) for one in found]) if found else []}


def _pass(reading: Reading) -> MachinePass:
    device, now = this_device(), context.now()
    # A camera whose clock was never set still sees what passes: it passes now.
    at = reading.at if reading.at and is_plausible(reading.at, now) else now
    return MachinePass(
        uuid=event_uuid(device, reading.key),
        question=Question(at=at, plate=reading.plate, confidence=reading.confidence),
        direction=None if device.direction else DIRECTIONS.get(reading.moves),
    )
