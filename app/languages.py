"""Chinese by default, English by a switch, and dates in the community's time."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask import request, session
from flask_babel import force_locale

LANGUAGES = {"zh": "中文", "en": "English"}
"""Language codes and what each is called by those who read it."""


def chosen_language() -> str:
    """Return the language of the present request: the one switched to, else Chinese."""
    if not request:
        return "zh"
    chosen = session.get("language", "zh")
    return chosen if chosen in LANGUAGES else "zh"


def is_english() -> bool:
    """Return whether the present reader reads English."""
    return chosen_language() == "en"


def written_day(day: date, language: str) -> str:
    """Return a day as the readers of a language write it: `2026-12-01`, or `1 Dec 2026`."""
    return format_date(day, "d MMM yyyy" if language == "en" else "yyyy-MM-dd", locale=language)


def name_of(thing: object) -> str:
    """Return the name of a compound, zone, gate, community or colour in the reader's language."""
    chinese: str = getattr(thing, "name", "") or getattr(thing, "name_zh", "")
    english: str = getattr(thing, "name_en", "")
    return (english or chinese) if is_english() else chinese


def both(words: object) -> tuple[str, str]:
    """Return lazy words in Chinese and in English, for pages that show both at once."""
    with force_locale("zh"):
        chinese = str(words)
    with force_locale("en"):
        english = str(words)
    return chinese, english
