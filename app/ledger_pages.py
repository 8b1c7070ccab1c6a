"""The ledger."""

from __future__ import annotations

from flask import Blueprint

from app.rights import Right, needs

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")


@blueprint.get("/entries")
@needs(Right.SEE_LEDGER)
def entries() -> str:
    """Stub."""
    return "entries"
