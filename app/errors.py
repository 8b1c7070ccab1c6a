"""The one place that turns refusals into pages, problem documents and exit codes."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.extensions import db
from app.words import error_words
from records.errors import DomainError


def wants_json() -> bool:
    """Return whether the caller is a program: the API, or one that prefers JSON to HTML."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


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
    if status >= 500:
        # Rendered without the database, which may be what is broken.
        broken = current_app.jinja_env.get_template("broken.html")
        return make_response(broken.render(words=words), status)
    page = render_template("error.html", status=status, words_said=words, code=code)
    return make_response(page, status)


def init_app(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        db.session.rollback()
        return answer(error.status, error.code, error_words(error))

    @app.errorhandler(CSRFError)
    def no_csrf_token(_error: CSRFError) -> Response:
        return answer(400, "form_expired", _("This form has expired. Load the page again."))

    @app.errorhandler(RateLimitExceeded)
    def too_many(_error: RateLimitExceeded) -> Response:
        return answer(429, "too_many_tries", _("Too many tries. Wait a minute, then try again."))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        words = {
            400: _("This request cannot be understood."),
            403: _("Your role may not do this."),
            404: _("There is no such page, or it is not yours to see."),
            405: _("This page cannot be used in this way."),
            413: _("The file is too large: 10 MB at most."),
        }
        code = error.code or 500
        if code < 400 and error.response is not None:
            return error.get_response()  # type: ignore[return-value]
        name = error.name.lower().replace(" ", "_")
        return answer(code, name, words.get(code) or _("Something went wrong on our side."))

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        db.session.rollback()
        app.logger.exception("unexpected error", exc_info=error)
        return answer(500, "server_error", _("Something went wrong on our side. Nothing changed."))
