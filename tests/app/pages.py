"""What a page says and what its forms hold, read from its HTML."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from werkzeug.test import TestResponse


def words_of(response: TestResponse) -> str:
    """Return a page's text without its tags, white space made single."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name:
            kind = given.get("type")
            if kind not in ("radio", "checkbox") or "checked" in given:
                self.fields[name] = value
        elif tag in ("select", "textarea") and name:
            self._open = name
            self.fields.setdefault(name, "")
        elif tag == "option" and self._open and "selected" in given:
            self.fields[self._open] = value

    def handle_data(self, data: str) -> None:
        if self._open and self.lasttag == "textarea":
            self.fields[self._open] += data.removeprefix("\r\n").removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._open = ""


def fields_of(response: TestResponse) -> dict[str, str]:
    """Return what a browser would send of the page's forms as they were shown."""
    parser = _Fields()
    parser.feed(response.text)
    return parser.fields
