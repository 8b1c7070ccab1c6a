"""Machines at a gate: adding and closing them, and knowing one by its token."""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from permits.gate_device import GateDevice
from permits.passes import Direction
from records import ledger
from zones.communities import Gate, hold

TOKEN_LENGTH = 16
"""Characters: the longest password that common cameras can send by HTTP Basic."""

TOKEN_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # noqa: S105
"""Letters and digits without those that look alike: 93 bits in `TOKEN_LENGTH` of them."""

DEFAULT_CONFIDENCE = 0.8
"""The least confidence of a new device."""


def add_device(
    session: Session,
    gate: Gate,
    *,
    name: str,
    direction: Direction | None,
    least_confidence: float,
    actor: str,
    at: datetime,
) -> tuple[GateDevice, str]:
    """Return a new device of a gate, and its token, which is kept nowhere.

    Args:
        direction: which way every car passes it; None where it says so itself.
        least_confidence: from 0 to 1; what it reads less surely is checked.
    """
    hold(session, gate.community_id)
    token = "".join(secrets.choice(TOKEN_CHARACTERS) for _ in range(TOKEN_LENGTH))
    device = GateDevice(
        gate=gate,
        name=name.strip(),
        direction=direction,
        least_confidence=least_confidence,
        token_sha256=_digest(token),
        created_at=at,
    )
    session.add(device)
    session.flush()
    details = {
        "gate": gate.code,
        "direction": direction,
        # The ledger's canonical form has whole numbers only.
        "least_confidence_percent": round(least_confidence * 100),
    }
    act = ledger.Act("device.added", f"device:{device.id}", details)
    ledger.append(session, actor, [act], at)
    return device, token


def close_device(session: Session, device: GateDevice, *, actor: str, at: datetime) -> None:
    """Let a device's token be good for nothing from now on; what it recorded stays."""
    hold(session, device.gate.community_id, device)
    if device.closed_at is not None:
        return
    device.closed_at = at
    session.flush()
    _proven.pop(session.get_bind().engine, None)
    act = ledger.Act("device.closed", f"device:{device.id}", {"gate": device.gate.code})
    ledger.append(session, actor, [act], at)


class KnownDevice(NamedTuple):
    """A device in use, as its token proved it."""

    id: int
    gate_id: int
    community_id: int
    gate_code: str
    name: str
    direction: str | None
    least_confidence: float


# Columns of tables, made once: every request of a machine asks this.
_DEVICE, _GATE = GateDevice.__table__, Gate.__table__
_BY_TOKEN = (
    select(
        _DEVICE.c.id,
        _DEVICE.c.gate_id,
        _GATE.c.community_id,
        _GATE.c.code,
        _DEVICE.c.name,
        _DEVICE.c.direction,
        _DEVICE.c.least_confidence,
    )
    .join_from(_DEVICE, _GATE, _DEVICE.c.gate_id == _GATE.c.id)
    .where(_DEVICE.c.token_sha256 == bindparam("digest"), _DEVICE.c.closed_at.is_(None))
)


PROVEN_FOR_S = 2.0
"""How long a token that was looked up counts as proven: a barrier asks many times a second."""

_proven: WeakKeyDictionary[Engine, dict[str, tuple[float, KnownDevice]]] = WeakKeyDictionary()


def device_of_token(session: Session, token: str) -> KnownDevice | None:
    """Return the device that has a token, None where none has or it is closed.

    A device that is closed is refused at once in the process that closed it, and in every other
    one within `PROVEN_FOR_S` seconds.
    """
    digest, now = _digest(token), time.monotonic()
    here = _proven.setdefault(session.get_bind().engine, {})
    proven = here.get(digest)
    if proven is not None and now - proven[0] < PROVEN_FOR_S:
        return proven[1]
    session.flush()
    row = session.execute(_BY_TOKEN, {"digest": digest}).first()
    if row is None:
        here.pop(digest, None)
        return None
    device = KnownDevice(*row)
    # Only tokens that are good are kept, so there are never more than there are devices.
    here[digest] = now, device
    return device


def devices_at(session: Session, gate: Gate) -> list[GateDevice]:
    """Return a gate's devices, those in use first, each in the order they were added."""
    devices = session.scalars(
        select(GateDevice).where(GateDevice.gate_id == gate.id).order_by(GateDevice.id)
    )
    return sorted(devices, key=lambda one: one.closed_at is not None)


def _digest(token: str) -> str:
    # A token is random, so nobody can guess it from its digest and no slow hash is needed.
    return hashlib.sha256(token.encode()).hexdigest()
