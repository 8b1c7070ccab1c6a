"""Requests that only read take no write lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from records.database import reading

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


def _only_reads(environ: WSGIEnvironment) -> bool:
    return environ["REQUEST_METHOD"] in SAFE_METHODS or environ["PATH_INFO"] in READING_POSTS
