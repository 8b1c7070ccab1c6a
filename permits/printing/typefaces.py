"""Noto Sans SC in three weights, embedded as subsets, and how wide texts are in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import ClassVar

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from records.errors import DomainError

REGULAR, MEDIUM, BOLD = "NotoSansSC", "NotoSansSC-Medium", "NotoSansSC-Bold"

FILES = {
    REGULAR: "NotoSansSC-Regular.ttf",
    MEDIUM: "NotoSansSC-Medium.ttf",
    BOLD: "NotoSansSC-Bold.ttf",
}

CAP_HEIGHT = 0.733
"""Height of capitals, in em (the fonts' OS/2 table)."""

ASCENT = 0.86
"""Height of Chinese characters above the baseline, in em."""


class FontMissing(DomainError):
    """The font `file` is not in the fonts folder; set-up brings it."""

    code: ClassVar[str] = "font_missing"
    status: ClassVar[int] = 409


@cache
def register(fonts: Path) -> None:
    """Make the three weights known to reportlab.

    Raises:
        FontMissing: a file is not there.
    """
    for name, file in FILES.items():
        path = fonts / file
        if not path.exists():
            raise FontMissing(file=file)
        pdfmetrics.registerFont(TTFont(name, str(path)))


def width_mm(text: str, font: str, size_pt: float) -> float:
    """Return the width of a text, in millimetres."""
    return float(pdfmetrics.stringWidth(text, font, size_pt)) * 25.4 / 72


def fitted_pt(text: str, font: str, largest_pt: float, room_mm: float) -> float:
    """Return the largest size, at most `largest_pt`, at which a text fits its room."""
    width = width_mm(text, font, largest_pt)
    return largest_pt if width <= room_mm else largest_pt * room_mm / width


def tight(text: str) -> str:
    """Return a text whose separating dots stand without spaces.

    The typeface's `·` is as wide as a Chinese character: it brings its own room.
    """
    return text.replace(" · ", "·")
