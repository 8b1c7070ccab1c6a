"""The gate."""

from __future__ import annotations

from flask import Blueprint

from app.rights import Right, needs

blueprint = Blueprint("guard", __name__, url_prefix="/gate")


@blueprint.get("/gate")
@needs(Right.GUARD_GATE)
def gate() -> str:
    """Stub."""
    return "gate"


@blueprint.get("/passes")
@needs(Right.GUARD_GATE)
def passes() -> str:
    """Stub."""
    return "passes"
