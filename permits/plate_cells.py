"""Several plates in one cell."""

import re

from permits.plates import Plate, parse

_SEPARATORS = re.compile(r"[、，,/／;；|\n\r\t]+")
_SPACES = re.compile(r"[ \u3000\u00a0]+")


def split_cell(text: str) -> list[str]:
    """Return the plates that one cell names, as typed, in order.

    Commas, slashes, semicolons and line breaks part plates. Blanks do so only where each part is
    a plate of its own, because `粤E 12345` is one.
    """
    parts: list[str] = []
    for piece in _SEPARATORS.split(text):
        words = _SPACES.split(piece.strip())
        if len(words) > 1 and all(isinstance(parse(word), Plate) for word in words):
            parts.extend(words)
        elif piece.strip():
            parts.append(piece.strip())
    return parts
