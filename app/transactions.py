"""Requests that only read take no write lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from records.database import reading

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""RFC 9110, 9.2.1."""


class ReadOnlyRequests:
    """WSGI middleware: safe methods begin their transactions as readers (see `reading`)."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return self.app(environ, start_response)
        with reading():
            return self.app(environ, start_response)
