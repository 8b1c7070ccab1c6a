"""Every refusal of the API is a problem document (RFC 9457) that names what to mend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import (
    BadRequest,
    RequestEntityTooLarge,
    UnprocessableEntity,
    UnsupportedMediaType,
)

from app.errors import problem
from app.extensions import db
from app.words import error_words
from records.errors import DomainError


def register(blueprint: Blueprint) -> None:
    """Let the API's refusals be told in more detail than a page's."""

    @blueprint.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        db.session.rollback()
        words = error_words(error)
        field = error.facts.get("field")
        errors = {"errors": [{"field": field, "detail": words}]} if field else {}
        response = problem(error.status, error.code, words, **errors)
        if error.status == 401:
            response.headers["WWW-Authenticate"] = _challenge()
        return response

    @blueprint.errorhandler(UnprocessableEntity)
    def invalid(error: UnprocessableEntity) -> Response:
        found = getattr(error, "data", {}).get("messages", {}).get("json", {})
        errors = [{"field": field, "detail": detail} for field, detail in _flat(found)]
        return problem(422, "invalid", _("Some fields are wrong: see “errors”."), errors=errors)

    @blueprint.errorhandler(BadRequest)
    def unreadable(_error: BadRequest) -> Response:
        return problem(400, "unreadable", _("This request cannot be understood."))

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        return problem(413, "request_too_large", _("The request is too large."))

    @blueprint.errorhandler(UnsupportedMediaType)
    def not_json(_error: UnsupportedMediaType) -> Response:
        words = _("This address takes JSON only: Content-Type application/json.")
        return problem(415, "unsupported_media_type", words)


def _challenge() -> str:
    # A browser asks its user for a password where Basic is offered, so only cameras hear of it.
    offers = ['Bearer realm="parking"']
    if "/cameras/" in request.path:
        offers.append('Basic realm="parking"')
    return ", ".join(offers)


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field's path with what is wrong with it."""
    if isinstance(messages, dict):
        for key, below in messages.items():
            step = "" if key == "_schema" else str(key)
            yield from _flat(below, ".".join(filter(None, (path, step))))
    elif isinstance(messages, list):
        for one in messages:
            yield path, str(one)
