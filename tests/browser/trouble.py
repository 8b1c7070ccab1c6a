"""What goes wrong in a browser while nobody looks: errors, failed requests, foreign hosts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

_OF_THE_NETWORK = "Failed to load resource"
"""Chromium's own line for an answer of 400 and above; `_answered` judges those."""

REFUSED = 422
"""What was sent is not sound: the page says why, and the test looks at that."""


_NOT_OURS = (_OF_THE_NETWORK, "Service Worker registration blocked by Playwright")


class Trouble:
    """Collects all that went wrong in a context since it was opened.

    The answer to a navigation may be an error page: that is a page like any other.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.found: list[str] = []
        self._host = urlsplit(address).netloc
        self._context = context
        self._heard: dict[Any, Callable[..., None]] = {
            "console": self._said,
            "weberror": self._broke,
            "request": self._asked,
            "requestfailed": self._failed,
            "response": self._answered,
        }
        for event, hear in self._heard.items():
            context.on(event, hear)

    def stop(self) -> None:
        """Collect no more: the context goes to somebody else."""
        for event, hear in self._heard.items():
            self._context.remove_listener(event, hear)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_NOT_OURS):
            self.found.append(f"console {message.type}: {message.text}")

    def _broke(self, error: WebError) -> None:
        self.found.append(f"script error: {error.error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc.lower() != self._host:
            self.found.append(f"asked another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left, and a download, end their requests so.
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"failed: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status == REFUSED and response.request.method == "POST":
            return
        if response.status >= 400 and not response.request.is_navigation_request():
            self.found.append(f"{response.status}: {response.url}")
