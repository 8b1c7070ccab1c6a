"""The API for machines at a gate: barriers and number-plate cameras, each with its own token.

`/api/v1` is described by the document at `/api/openapi.json`, which `/api/docs` shows.
"""

from __future__ import annotations

from flask import Flask, request

from app.api import asking, cameras, document, problems, recording
from app.api.blueprint import blueprint
from app.extensions import csrf, limiter

LIMIT = "1200 per minute"
"""Requests of one device: 20 a second, more than cars can pass a gate."""

blueprint.route("/device")(asking.device)
blueprint.route("/decisions", methods=["POST"])(asking.decide)
blueprint.route("/passes", methods=["POST"])(recording.record_one)
blueprint.route("/passes/batch", methods=["POST"])(recording.record_many)
blueprint.route("/cameras/hikvision", methods=["POST"])(cameras.from_hikvision)
blueprint.route("/cameras/plate-recognizer", methods=["POST"])(cameras.from_plate_recognizer)

problems.register(blueprint)
# A token in a header is sent by nobody's browser behind his back.
csrf.exempt(blueprint)
# Whoever calls is counted with his token, see `device_token`.
limiter.request_filter(lambda: request.blueprint == blueprint.name)


def init_app(app: Flask) -> None:
    """Register the API, its document and the page that shows it."""
    app.config.setdefault("API_LIMIT", LIMIT)
    document.describe(app, blueprint)
    app.register_blueprint(document.blueprint)
