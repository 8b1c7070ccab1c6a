"""Zone plans."""

from __future__ import annotations

from flask import Blueprint

from app.rights import Right, needs

blueprint = Blueprint("plans", __name__, url_prefix="/plans")


@blueprint.get("/all_plans")
@needs(Right.SEE_PLANS)
def all_plans() -> str:
    """Stub."""
    return "all_plans"
