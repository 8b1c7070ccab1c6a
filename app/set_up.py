"""The administrator's pages."""

from __future__ import annotations

from flask import Blueprint

from app.rights import Right, needs

blueprint = Blueprint("set_up", __name__, url_prefix="/set-up")


@blueprint.get("/home")
@needs(Right.SET_UP_COMMUNITY)
def home() -> str:
    """Stub."""
    return "home"


@blueprint.get("/users")
@needs(Right.MANAGE_USERS)
def users() -> str:
    """Stub."""
    return "users"


@blueprint.get("/keys")
@needs(Right.MANAGE_KEYS)
def keys() -> str:
    """Stub."""
    return "keys"
