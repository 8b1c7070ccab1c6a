"""What machines at a gate ask and record: by a device's own direction and confidence limit."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy.orm import Session

from permits.confidence import doubted
from permits.deciding import decide_in
from permits.devices import KnownDevice
from permits.gate import Decision
from permits.gate_device import GateDevice
from permits.passes import Direction
from permits.recording import DevicePass, Recorded, record_passes
from permits.register import CLOCK_TOLERANCE
from permits.verdicts import Reason, Verdict
from records.errors import DomainError

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""No pass was recorded before: a clock that shows less has never been set."""

FURTHEST_AHEAD = timedelta(days=1)
"""How far a machine's clock may run ahead."""


class DirectionMissing(DomainError):
    """It is not said which way the car goes, and the device has no direction of its own."""

    code: ClassVar[str] = "direction_missing"


class TimeImplausible(DomainError):
    """A moment lies before 2020 or more than a day ahead."""

    code: ClassVar[str] = "time_implausible"


@dataclass(frozen=True, slots=True)
class Question:
    """What a machine read, and when.

    Attributes:
        scanned, plate: at least one of them.
        confidence: of the plate, from 0 to 1; None where the machine is sure.
    """

    at: datetime
    scanned: str | None = None
    plate: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class MachinePass:
    """A pass as a machine tells it.

    Attributes:
        direction: None for the device's own.
        verdict, reasons: what the machine decided by itself, None where it leaves that to us.
        let_through: None where it does as the verdict says.
        offline: None where its moment tells.
    """

    uuid: str
    question: Question
    direction: Direction | None = None
    let_through: bool | None = None
    verdict: Verdict | None = None
    reasons: tuple[Reason, ...] = ()
    offline: bool | None = None


def event_uuid(device: KnownDevice | GateDevice, key: str) -> str:
    """Return the UUID of a device's event by what names it there, always the same for the same."""
    name = hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()
    return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:parking:device:{device.id}"), name))


def is_plausible(at: datetime, now: datetime) -> bool:
    """Return whether a machine's moment can be meant."""
    return EARLIEST <= at <= now + FURTHEST_AHEAD


def decide_for(
    session: Session, device: KnownDevice | GateDevice, question: Question, *, now: datetime
) -> Decision:
    """Return the gate decision on what a device read.

    Raises:
        TimeImplausible: its moment cannot be meant.
    """
    if not is_plausible(question.at, now):
        raise TimeImplausible
    decision = decide_in(
        session,
        device.community_id,
        at=question.at,
        scanned=question.scanned,
        plate=question.plate,
    )
    return doubted(decision) if _is_doubtful(device, question) else decision


def record_for(
    session: Session,
    device: KnownDevice | GateDevice,
    passes: Iterable[MachinePass],
    *,
    now: datetime,
) -> Recorded:
    """Record what a device tells, each UUID once.

    Passes that have no direction or no plausible moment are refused, each with its error.
    """
    refused: dict[str, DomainError] = {}
    kept = []
    for one in passes:
        direction = one.direction or device.direction
        if direction is None:
            refused[one.uuid] = DirectionMissing()
        elif not is_plausible(one.question.at, now):
            refused[one.uuid] = TimeImplausible()
        else:
            kept.append(_device_pass(device, one, Direction(direction), now))
    recorded = record_passes(
        session,
        device.community_id,
        kept,
        gates={device.gate_id},
        received_at=now,
        device_id=device.id,
    )
    return replace(recorded, refused={**recorded.refused, **refused})


def _device_pass(
    device: KnownDevice | GateDevice, one: MachinePass, direction: Direction, now: datetime
) -> DevicePass:
    asked = one.question
    late = now - asked.at > CLOCK_TOLERANCE
    return DevicePass(
        uuid=one.uuid,
        gate_id=device.gate_id,
        direction=direction,
        at=asked.at,
        let_through=one.let_through,
        verdict=one.verdict,
        reasons=one.reasons,
        scanned=asked.scanned,
        plate=asked.plate,
        offline=late if one.offline is None else one.offline,
        doubtful=_is_doubtful(device, asked),
    )


def _is_doubtful(device: KnownDevice | GateDevice, asked: Question) -> bool:
    # A symbol that reads at all reads rightly: its signature says so.
    if asked.confidence is None or asked.scanned is not None:
        return False
    return asked.confidence < device.least_confidence
