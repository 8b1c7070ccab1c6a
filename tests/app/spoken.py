"""What a page says in words, and which of them went through the catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from flask_babel import Domain, get_locale

_BEGINS = {"zh": "\ue000", "en": "\ue001"}
_END = "\ue002"
_PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%%)")
_MARKED = re.compile(f"[{''.join(_BEGINS.values())}][^{_END}]*{_END}")
"""Marks from Unicode's private use area: no page has a use for them."""

_SPOKEN = ("title", "aria-label", "placeholder", "alt", "label", "data-label")
_SILENT = {"script", "style", "textarea"}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Marking:
    """A catalogue that marks whatever it is asked for, except the facts that are filled in."""

    def __init__(self, catalogue: Any, language: str) -> None:
        self._catalogue = catalogue
        self._begin = _BEGINS[language]

    def __getattr__(self, name: str) -> Any:
        look_up = getattr(self._catalogue, name)

        def marked(*arguments: object) -> str:
            parts = _PLACEHOLDER.split(look_up(*arguments))
            return "".join(
                f"{self._begin}{part}{_END}" if place % 2 == 0 and part else part
                for place, part in enumerate(parts)
            )

        return marked


def mark_translations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything that comes from the catalogue be marked with its language."""
    find = Domain.get_translations

    def get_translations(domain: Domain) -> _Marking:
        return _Marking(find(domain), str(get_locale())[:2])

    monkeypatch.setattr(Domain, "get_translations", get_translations)


@dataclass(frozen=True)
class Said:
    """A text that a reader sees or hears.

    Attributes:
        language: what the page says it is written in, two letters.
    """

    text: str
    language: str

    @property
    def unmarked(self) -> str:
        """What of it did not come from the catalogue."""
        return " ".join(_MARKED.sub(" ", self.text).split())

    def is_marked_as(self, language: str) -> bool:
        """Return whether some of it came from the catalogue of a language."""
        return _BEGINS[language] in self.text


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[Said] = []
        self._open = [("", "", True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        _, language, is_said = self._open[-1]
        language = (given.get("lang") or language)[:2]
        is_said = is_said and given.get("translate") != "no" and tag not in _SILENT
        texts = [given.get(name) for name in _SPOKEN]
        if given.get("type") in ("submit", "button"):
            texts.append(given.get("value"))
        self.said += [Said(text, language) for text in texts if text and is_said]
        if tag not in _VOID:
            self._open.append((tag, language, is_said))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        _, language, is_said = self._open[-1]
        if is_said and data.strip():
            self.said.append(Said(data.strip(), language))


def read_aloud(html: str) -> list[Said]:
    """Return what a page says, without what it marks as `translate="no"`."""
    reading = _Reading()
    reading.feed(html)
    return reading.said
