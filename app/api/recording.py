"""Recording passes: one, or all that a machine kept while it had no network."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from app import context
from app.api.asking import MOST_BYTES, machines_facts, question_of
from app.api.blueprint import blueprint
from app.api.device_token import for_devices, this_device
from app.api.schemas import MOST_PASSES, BatchSchema, PassesSchema, PassSchema, RecordedSchema
from app.extensions import db
from app.words import error_words
from permits.machine_passes import MachinePass, record_for

MOST_BYTES_OF_BATCH = MOST_PASSES * 2 * 1024
"""A pass with a symbol takes about 700 bytes."""


def pass_of(sent: dict[str, Any]) -> MachinePass:
    """Return a pass as the schema loaded it."""
    return MachinePass(
        uuid=str(sent["uuid"]),
        question=question_of(sent),
        direction=sent.get("direction"),
        let_through=sent.get("let_through"),
        verdict=sent.get("verdict"),
        reasons=tuple(sent.get("reasons", ())) if sent.get("verdict") else (),
        offline=sent.get("offline"),
    )


def record_and_decide(passes: list[MachinePass]) -> list[dict[str, Any]]:
    """Record passes, all or none, and return each with the decision on it.

    Raises:
        DirectionMissing, TimeImplausible: one of them cannot be kept.
    """
    recorded = record_for(db.session, this_device(), passes, now=context.now())
    for error in recorded.refused.values():
        raise error
    db.session.commit()
    return [
        {
            "uuid": one.uuid,
            "at": one.question.at.isoformat(),
            "decision": machines_facts(recorded.decisions[one.uuid]),
        }
        for one in passes
    ]


@for_devices(most_bytes=MOST_BYTES)
@blueprint.arguments(PassSchema())
@blueprint.response(200, RecordedSchema)
def record_one(sent: dict[str, Any]) -> Response:
    """Record a pass, and tell what the gate decides on it.

    A barrier opens by the decision's verdict. Sending the same UUID again records nothing new.
    """
    [recorded] = record_and_decide([pass_of(sent)])
    return jsonify(recorded)


@for_devices(most_bytes=MOST_BYTES_OF_BATCH)
@blueprint.arguments(PassesSchema())
@blueprint.response(200, BatchSchema)
def record_many(sent: dict[str, Any]) -> dict[str, Any]:
    """Record passes that a machine kept, up to 1,000, in any order.

    Each is decided by what the register knew at its moment; where the machine decided otherwise
    by itself, the community office is shown the pass.
    """
    passes = [pass_of(one) for one in sent["passes"]]
    recorded = record_for(db.session, this_device(), passes, now=context.now())
    db.session.commit()
    return {
        "taken": list(recorded.taken),
        "refused": [
            {"uuid": uuid, "code": error.code, "title": error_words(error)}
            for uuid, error in recorded.refused.items()
        ],
    }
