"""Households as people write them: `3栋2单元501`, `3-2-501`, `A座1203房` name a flat."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST_PART = 20
"""How many characters of a part are kept: of a longer text its end, which tells flats apart."""

_FOLD = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {ord("\u3000"): " "}
_HAN_DIGITS = {character: str(value) for value, character in enumerate("零一二三四五六七八九")}
_HAN_DIGITS["〇"] = "0"

_NAMED = re.compile(
    r"(?:(?P<building>[0-9A-Z一二三四五六七八九十]+?)(?:号楼|号院|栋|幢|座|楼|#))?"
    r"(?:(?P<unit>[0-9A-Z一二三四五六七八九十]+?)(?:单元|梯|门))?"
    r"(?:[0-9]{1,2}(?:层|楼|F))?"
    r"(?P<room>[0-9]{1,5}[A-Z]?|[A-Z][0-9]{1,5}|[0-9]{1,3}[A-Z])?(?:号房|房|室|号|户)?"
)
_DASHED = re.compile(r"[-－—–_/、\s]+")
_PART = re.compile(r"[0-9A-Z]{1,6}")
_TENS = re.compile(r"[一二三四五六七八九]?十[一二三四五六七八九]?")
_NAMED_PART = re.compile(
    r"第?(?P<value>[0-9A-Z一二三四五六七八九十]+)"
    r"(?:号楼|号院|栋|幢|座|楼|单元|梯|门|号房|房|室|号|户|#)?"
)


class HouseholdText(NamedTuple):
    """Building, unit and room; what is not named is empty."""

    building: str
    unit: str
    room: str


def fold(text: str) -> str:
    """Return a text trimmed and half width, in capitals."""
    return " ".join(text.translate(_FOLD).split()).upper()


def parse_household(text: str) -> HouseholdText:
    """Return building, unit and room of one cell, so that `3栋501` and `3-501` are the same.

    A text of no known form becomes the room as it stands.
    """
    folded = fold(text)
    match = _NAMED.fullmatch(folded.replace(" ", ""))
    if match and match["room"] and (match["building"] or match["unit"]):
        return HouseholdText(
            _number(match["building"] or ""), _number(match["unit"] or ""), _number(match["room"])
        )
    parts = [part for part in _DASHED.split(folded) if part]
    if len(parts) in (2, 3):
        values = [canonical_part(part) for part in parts]
        if all(_PART.fullmatch(value) for value in values):
            unit = values[1] if len(values) == 3 else ""
            return HouseholdText(values[0], unit, values[-1])
    return HouseholdText("", "", canonical_part(folded))


def canonical_part(text: str) -> str:
    """Return one part without its word: `3栋` and `第3栋` and `三栋` are `3`."""
    folded = fold(text).replace(" ", "")
    match = _NAMED_PART.fullmatch(folded)
    return (_number(match["value"]) if match else folded)[-LONGEST_PART:]


def _number(text: str) -> str:
    """Return a number without leading zeros, whichever digits it was written in."""
    if _TENS.fullmatch(text):
        tens, _, ones = text.partition("十")
        text = f"{_HAN_DIGITS.get(tens, '1')}{_HAN_DIGITS.get(ones, '0')}"
    text = "".join(_HAN_DIGITS.get(character, character) for character in text)
    return text.lstrip("0") or text
