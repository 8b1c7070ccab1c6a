"""Requests that only read take no write lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, request

from app.extensions import db
from records.database import is_sqlite, reading

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""RFC 9110, 9.2.1."""

READING_POSTS = frozenset({"/gate/decide", "/api/v1/decisions"})
"""Questions that are posted so that plates stay out of addresses; nothing is recorded."""


class ReadOnlyRequests:
    """WSGI middleware: what only reads begins its transactions as a reader (see `reading`)."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if _only_reads(environ):
            with reading():
                return self.app(environ, start_response)
        return self.app(environ, start_response)


def init_app(app: Flask) -> None:
    """Let the posts that only read do so without a transaction on PostgreSQL.

    There each statement sees what was committed when it began, within a transaction or without, so
    nothing is read differently, and two of three ways to the server are saved.
    """

    @app.before_request
    def read_without_a_transaction() -> None:
        if request.path in READING_POSTS and not is_sqlite(db.session):
            db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def _only_reads(environ: WSGIEnvironment) -> bool:
    return environ["REQUEST_METHOD"] in SAFE_METHODS or environ["PATH_INFO"] in READING_POSTS
