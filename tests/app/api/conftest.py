"""A device at the town's gate, and calls with its token."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from permits.gate_device import GateDevice
from permits.passes import Direction
from permits.permit import Permit
from tests.factories import Town, make_device, make_permit, make_vehicle

PLATE = "粤E12345"
"""Compound A's car, with a permit in force."""

NOBODY = "粤E00000"
"""A plate that no compound has."""


@dataclass(frozen=True)
class Caller:
    """A device that calls the API.

    Attributes:
        device: as the database has it, by its id.
        token: goes into every call's header.
    """

    app: Flask
    device: int
    token: str

    def get(self, path: str) -> TestResponse:
        """Get a path below /api/v1."""
        return self.app.test_client().get(f"/api/v1{path}", headers=self.bearer)

    def post(self, path: str, sent: Any = None, **more: Any) -> TestResponse:
        """Post JSON, or what `more` says, to a path below /api/v1."""
        given = more if more else {"json": sent}
        headers = {**self.bearer, **given.pop("headers", {})}
        return self.app.test_client().post(f"/api/v1{path}", headers=headers, **given)

    @property
    def bearer(self) -> dict[str, str]:
        """The header with the token."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def basic(self) -> dict[str, str]:
        """The same as a camera's HTTP host sends it."""
        text = base64.b64encode(f"camera:{self.token}".encode()).decode()
        return {"Authorization": f"Basic {text}"}


@pytest.fixture
def new_device(app: Flask, session: Session, town: Town) -> Callable[..., Caller]:
    """Add devices to the town's gate."""

    def new_device(direction: Direction | None = Direction.IN, **more: Any) -> Caller:
        one, token = make_device(session, town.community.gates[0], direction, **more)
        key = one.id
        session.commit()
        return Caller(app, key, token)

    return new_device


@pytest.fixture
def device(new_device: Callable[..., Caller]) -> Caller:
    """A device at the entry that trusts readings of 0.8."""
    return new_device()


@pytest.fixture
def permit(session: Session, town: Town) -> Permit:
    """The permit of `PLATE`."""
    one = make_permit(session, make_vehicle(session, town.compound("A"), PLATE))
    session.commit()
    return one


@pytest.fixture
def row(session: Session) -> Callable[[Caller], GateDevice]:
    """Return the row of a caller's device."""
    return lambda caller: session.get_one(GateDevice, caller.device)
