"""The API's OpenAPI document, and the page that shows it without help from elsewhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, current_app, json, render_template
from flask_smorest import Api
from flask_smorest import Blueprint as ApiBlueprint

from app.api.schemas import ProblemSchema
from app.rights import open_to_all

VERSION = "1.0"

_SETTINGS = {
    "API_TITLE": "Parking permits: machines at the gate",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
}

_DESCRIPTION = """Barriers and number-plate cameras decide and record here.

Each device has a token, which the administrator makes at “Machines” and which is shown once. It
goes into the header: `Authorization: Bearer TOKEN`. Cameras that cannot set headers may use HTTP
Basic with the token as the password. It never belongs into an address."""

_BEARER: dict[str, list[str]] = {"token": []}
_BASIC: dict[str, list[str]] = {"camera": []}

_PROBLEM = "application/problem+json"

_EITHER = ("Question", "Pass")
"""Schemas of which `plate` or `scanned` must be there, which marshmallow cannot say."""

blueprint = Blueprint("api_docs", __name__, url_prefix="/api")


class _DescribedApi(Api):  # type: ignore[misc]
    """flask-smorest's, with our problem documents in place of its errors."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Leave errors to `app.errors` and `app.api.problems`."""


def describe(app: Flask, api_blueprint: ApiBlueprint) -> None:
    """Register the API's blueprint with its description."""
    app.config.from_mapping(_SETTINGS)
    api = _DescribedApi(app, spec_kwargs={"info": {"description": _DESCRIPTION}})
    schemes = api.spec.components.security_scheme
    schemes("token", {"type": "http", "scheme": "bearer"})
    schemes("camera", {"type": "http", "scheme": "basic"})
    api.register_blueprint(api_blueprint)
    app.extensions["api_document"] = _finished(api.spec.to_dict())


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with what the libraries cannot say."""
    components = document["components"]
    components["schemas"].pop("PaginationMetadata", None)
    for name in _EITHER:
        components["schemas"][name]["anyOf"] = [{"required": ["plate"]}, {"required": ["scanned"]}]
    for response in components["responses"].values():
        if "application/json" in response.get("content", {}):
            response["content"] = {_PROBLEM: response["content"]["application/json"]}
    for path, operations in document["paths"].items():
        accepted = [_BEARER, _BASIC] if "/cameras/" in path else [_BEARER]
        for operation in operations.values():
            operation["security"] = accepted
    return document


@blueprint.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    """Give the API's description, OpenAPI 3.1."""
    text = json.dumps(current_app.extensions["api_document"], sort_keys=False)
    return Response(text, mimetype="application/json")


@blueprint.get("/docs")
@open_to_all
def page() -> str:
    """Show the API's description with Swagger UI."""
    return render_template("api/docs.html")
