"""The least that Flask and SQLAlchemy can answer, served like the product: what it is held to."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, jsonify, request
from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from permits.passes import Direction, GateEvent
from permits.vehicles import Vehicle
from permits.verdicts import Reason, Verdict
from records.database import open_engine, reading

app = Flask(__name__)
engine = open_engine(os.environ["BENCH_DATABASE_URL"])

_GATE_ID = _COMMUNITY_ID = 1


def _vehicle(session: Session, plate: str) -> dict[str, Any]:
    query = select(Vehicle.id, Vehicle.plate, Vehicle.state).where(
        Vehicle.community_id == _COMMUNITY_ID, Vehicle.plate == plate
    )
    return dict(session.execute(query).one()._mapping)


@app.get("/vehicles/<plate>")
def vehicle(plate: str) -> Response:
    """Answer with one indexed SELECT."""
    with reading(), Session(engine) as session:
        return jsonify(_vehicle(session, plate))


@app.post("/passes")
def record() -> Response:
    """Answer with one indexed SELECT and one INSERT."""
    sent, at = request.get_json(), datetime.now(UTC)
    with Session(engine) as session:
        found = _vehicle(session, sent["plate"])
        values = {
            "uuid": sent["uuid"],
            "gate_id": _GATE_ID,
            "kind": "car",
            "plate": found["plate"],
            "direction": Direction.IN,
            "verdict": Verdict.ADMIT,
            "reasons": [Reason.OK],
            "known_verdict": Verdict.ADMIT,
            "known_reasons": [Reason.OK],
            "differs": False,
            "offline": False,
            "let_through": True,
            "at": at,
            "received_at": at,
        }
        session.execute(insert(GateEvent.__table__).values(values))
        session.commit()
    return jsonify(found)
