"""Asking: which device is this, and what does the gate decide."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from app import context
from app.api.blueprint import blueprint
from app.api.device_token import for_devices, this_device
from app.api.schemas import DecisionSchema, DeviceSchema, QuestionSchema
from app.decision_facts import decision_facts
from app.extensions import db
from permits.gate import Decision
from permits.machine_passes import Question, decide_for
from permits.passes import Direction

MOST_BYTES = 16 * 1024
"""Of one question."""


def question_of(sent: dict[str, Any]) -> Question:
    """Return what was read, now unless it says when."""
    return Question(
        at=sent.get("at") or context.now(),
        scanned=sent.get("scanned"),
        plate=sent.get("plate"),
        confidence=sent.get("confidence"),
    )


def machines_facts(decision: Decision) -> dict[str, Any]:
    """Return what a machine is told of a decision: a visit is the guard's business.

    It is as `DecisionSchema` describes it, so that nothing need walk through the schema again.
    """
    facts = decision_facts(decision)
    del facts["visit"]
    return facts


@for_devices(most_bytes=MOST_BYTES)
@blueprint.response(200, DeviceSchema)
def device() -> dict[str, Any]:
    """Tell which device this is.

    To try a token, and to set a machine's clock by ours.
    """
    one = this_device()
    return {
        "name": one.name,
        "gate": one.gate_code,
        "direction": Direction(one.direction) if one.direction else None,
        "least_confidence": one.least_confidence,
        "time": context.now().isoformat(),
    }


@for_devices(most_bytes=MOST_BYTES)
@blueprint.arguments(QuestionSchema())
@blueprint.response(200, DecisionSchema)
def decide(sent: dict[str, Any]) -> Response:
    """Decide by plate or symbol; nothing is recorded.

    Of a moment well before now it is decided by what the register knew then.
    """
    now = context.now()
    decision = decide_for(db.session, this_device(), question_of(sent), now=now)
    return jsonify(machines_facts(decision))
