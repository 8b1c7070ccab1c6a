"""The one place that turns refusals into pages, problem documents and exit codes."""

from __future__ import annotations

import contextlib
import traceback

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests

from app.extensions import db
from app.words import error_words
from records.errors import DomainError


def wants_json() -> bool:
    """Return whether the caller is a program: the API, or one that prefers JSON to HTML."""
    if request.path.startswith("/api/"):
        return True
    offers = ["text/html", "application/json", "application/problem+json"]
    return request.accept_mimetypes.best_match(offers) in offers[1:]


def problem(status: int, code: str, detail: str, **facts: object) -> Response:
    """Return a problem document (RFC 9457); `type` names the stable code."""
    body = {"type": f"urn:parking:{code}", "title": detail, "status": status, "code": code}
    response = jsonify({**body, **facts})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def answer(status: int, code: str, words: str) -> Response:
    """Return a refusal in the form that the caller reads: a page, a fragment or a document."""
    if wants_json():
        return problem(status, code, words)
    if status < 500:
        with contextlib.suppress(SQLAlchemyError):
            page = render_template("error.html", status=status, words_said=words, code=code)
            return make_response(page, status)
    # Rendered without the database, which may be what is broken.
    broken = current_app.jinja_env.get_template("broken.html")
    return make_response(broken.render(words=words), status)


def log_unexpected(error: BaseException) -> None:
    """Log what kind of error came from where.

    Its message is left out: a database names the row that it refused, with plate and flat.
    """
    lines = []
    link: BaseException | None = error
    while link is not None:
        lines += [*traceback.format_tb(link.__traceback__), f"{type(link).__qualname__}\n"]
        link = link.__cause__ or link.__context__
    current_app.logger.error("unexpected error\n%s", "".join(lines))


def init_app(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        db.session.rollback()
        return answer(error.status, error.code, error_words(error))

    @app.errorhandler(CSRFError)
    def no_csrf_token(_error: CSRFError) -> Response:
        return answer(400, "form_expired", _("This form has expired. Load the page again."))

    @app.errorhandler(TooManyRequests)
    def too_many(_error: TooManyRequests) -> Response:
        return answer(429, "too_many_tries", _("Too many tries. Wait a minute, then try again."))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        words = {
            400: _("This request cannot be understood."),
            401: _("Sign in first."),
            403: _("Your role may not do this."),
            404: _("There is no such page, or it is not yours to see."),
            405: _("This page cannot be used in this way."),
            413: _("The file is too large: 10 MB at most."),
            500: _("Something went wrong on our side."),
        }
        code = error.code or 500
        if code < 400 and error.response is not None:
            return error.get_response()  # type: ignore[return-value]
        name = error.name.lower().replace(" ", "_")
        shown = words.get(code) or words[400 if code < 500 else 500]
        response = answer(code, name, shown)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        db.session.rollback()
        log_unexpected(error)
        return answer(500, "server_error", _("Something went wrong on our side. Nothing changed."))
