"""What goes wrong in a browser while nobody looks: errors, failed requests, foreign hosts."""

from __future__ import annotations

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
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

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
