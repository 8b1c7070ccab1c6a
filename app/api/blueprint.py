"""The API's blueprint, which its views describe themselves with."""

from __future__ import annotations

from flask_smorest import Blueprint

blueprint = Blueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    description="Deciding by plate or symbol, and recording passes.",
)
