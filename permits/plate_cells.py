"""Several plates in one cell."""

import re

from permits.plates import PROVINCES, Plate, normalise, parse

NO_PLATE = frozenset(
    (
        *("无", "没", "没有", "暂无", "无车", "无车牌", "未有", "未上", "未上牌", "待上牌"),
        *("新车", "待定", "未定", "空", "NA", "N/A", "NONE", "NIL", "NULL"),
    )
)
"""What people write where there is no plate, in capitals."""

LONGEST = 200
"""How much of a plate as typed is kept, in characters."""

_SEPARATORS = re.compile(r"[、，,﹑/／\\;；|｜+＋&＆和及\n\r\t\v\f\u2028\u2029]+")
_SPACES = re.compile(r"[ \u3000\u00a0]+")
_GLUED = re.compile(rf"(?<=.)(?=[{PROVINCES}])")


def split_cell(text: str) -> list[str]:
    """Return the plates that one cell names, as typed, in order.

    Commas, slashes, semicolons and line breaks part plates. Blanks, or nothing at all, do so only
    where each part is meant as a plate of its own, because `粤E 12345` is one.
    """
    if text.strip().upper() in NO_PLATE:
        return []
    parts: list[str] = []
    for piece in _SEPARATORS.split(text):
        stripped = piece.strip()
        words = _SPACES.split(stripped)
        if len(words) > 1 and all(map(_is_meant_as_plate, words)):
            parts.extend(words)
            continue
        glued = _GLUED.split(stripped) if len(stripped) >= 14 else []
        if len(glued) > 1 and all(isinstance(parse(word), Plate) for word in glued):
            parts.extend(glued)
        elif normalise(stripped).upper() not in NO_PLATE and normalise(stripped):
            parts.append(stripped)
    return [part[:LONGEST] for part in parts]


def _is_meant_as_plate(word: str) -> bool:
    text = normalise(word)
    return (len(text) >= 6 and text[0] in PROVINCES) or isinstance(parse(word), Plate)
