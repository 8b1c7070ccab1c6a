"""Why a text is no plate, which character is at fault, and which plate was likely meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from permits.plate_forms import (
    FORMS,
    LETTERS,
    NEW_ENERGY_LETTERS,
    PROVINCES,
    SUFFIXES,
    kind_of,
    normalise,
)

REFUSALS = (
    "empty",
    "province_missing",
    "unknown_province",
    "bad_authority_letter",
    "letter_o_or_i",
    "bad_character",
    "hong_kong_macao_needs_yue_z",
    "not_new_energy",
    "wrong_length",
)
"""Every reason for which a text is refused."""

LONGEST_MENDED = 40
"""Longer texts, in characters, are notes and get no suggestion."""

_MISTAKEN_PROVINCES = dict(
    zip(
        "粵奥奧越滬泸瀘護护遼吉晉普蘇魯贛閩陝峡峽貴雲瓊寧冀翼湘皖渝愉喻豫预預桂津律浙淅",
        "粤粤粤粤沪沪沪沪沪辽吉晋晋苏鲁赣闽陕陕陕贵云琼宁冀冀湘皖渝渝渝豫豫豫桂津津浙浙",
        strict=True,
    )
)
"""Provinces as they are mistaken: traditional characters and those that look or sound alike."""

_ALIKE = str.maketrans(
    "АВЕКМНОРСТУХЅІЈԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ學掛領臨應",
    "ABEKMHOPCTYXSIJQWABEZHIKMNOPTYX学挂领临应",
)
"""Cyrillic and Greek capitals that look like Latin ones, and suffixes in traditional characters."""

_O_AND_I = str.maketrans("OI", "01")
_DIGITS = str.maketrans("OQDILZSGB", "000112568")
_NEW_ENERGY_MARKS = str.maketrans("O08", "DDB")
_WITHIN = re.compile(
    rf"(?<![A-Z0-9{PROVINCES}])(?=[{PROVINCES}使民])(?:{'|'.join(form for _, form in FORMS)})"
    rf"(?![A-Z0-9{SUFFIXES}])"
)
_NOTE = re.compile(f"[^A-Z0-9{PROVINCES}{SUFFIXES}使民航应急]")
"""A character that no plate has."""


@dataclass(frozen=True, slots=True)
class PlateRefusal:
    """Why a text is no plate.

    Attributes:
        raw: the text as given.
        reason: a code in `REFUSALS`.
        position: place of the wrong character from 1, after separators are taken out; None where
            no single character is at fault (`empty`, `wrong_length`).
        character: that character, in capitals and half width.
        suggestion: the plate that was likely meant, canonical and valid, where there is one.
    """

    raw: str
    reason: str
    position: int | None = None
    character: str | None = None
    suggestion: str | None = None


def refuse(raw: str, text: str, province: str | None) -> PlateRefusal:
    """Return the refusal of a text that is no plate.

    Args:
        text: `raw` normalised.
        province: the local province's character, for suggestions where none was written.
    """
    if not text:
        return PlateRefusal(raw, "empty")
    suggestion = _suggestion(raw, text, province or "")
    fault = _fault(text)
    if fault is None:
        return PlateRefusal(raw, "wrong_length", suggestion=suggestion)
    reason, index = fault
    return PlateRefusal(raw, reason, index + 1, text[index], suggestion)


def _fault(text: str) -> tuple[str, int] | None:
    """Return the first thing wrong with a text and where, None where only its length is wrong."""
    start = _serial_start(text)
    if start is None:
        missing = text[0].isascii() and text[0].isalnum()
        return ("province_missing" if missing else "unknown_province"), 0
    if text[0] in PROVINCES:
        if len(text) > 1 and text[1] not in LETTERS:
            return "bad_authority_letter", 1
        if text[-1] in "港澳" and not text.startswith("粤Z"):
            return "hong_kong_macao_needs_yue_z", len(text) - 1
    end = _serial_end(text)
    for index in range(start, end):
        if text[index] in "OI":
            return "letter_o_or_i", index
        if text[index] not in LETTERS and not _is_digit(text[index]):
            return "bad_character", index
    return _place_fault(text, end)


def _serial_start(text: str) -> int | None:
    """Return where the serial begins, None for a text that begins like no plate."""
    if text.startswith("民航"):
        return 2
    if text.startswith("WJ"):
        return 3 if len(text) > 2 and text[2] in PROVINCES else 2
    if text[0] == "使":
        return 1
    if text[0] in PROVINCES:
        return 2
    return 0 if text[-1] == "使" else None


def _serial_end(text: str) -> int:
    if text.endswith("应急"):
        return len(text) - 2
    return len(text) - 1 if text[-1] in SUFFIXES else len(text)


def _place_fault(text: str, end: int) -> tuple[str, int] | None:
    """Return the first letter where only a digit or another letter may stand."""
    if text[0] in PROVINCES:
        if text.endswith("应急"):
            if text[1] not in "XS":
                return "bad_authority_letter", 1
            return _first_letter(text, 3, end) if len(text) == 8 else None
        return _new_energy_fault(text) if end == len(text) == 8 else None
    if "使" in (text[0], text[-1]):
        return _first_letter(text, 0 if text[-1] == "使" else 1, end) if len(text) == 7 else None
    if text.startswith("WJ"):
        length = 8 if text[2:3] in tuple(PROVINCES) else 7
        if len(text) == length:
            return _first_letter(text, length - 5, length - 1) or ("bad_character", length - 1)
    return None


def _first_letter(text: str, start: int, end: int) -> tuple[str, int] | None:
    letters = (index for index in range(start, end) if not _is_digit(text[index]))
    return next((("bad_character", index) for index in letters), None)


def _new_energy_fault(text: str) -> tuple[str, int]:
    """Return what is wrong with eight characters that are no new energy plate."""
    if text[7] in LETTERS:
        return _first_letter(text, 2, 7) or ("not_new_energy", 7)
    if text[2] not in NEW_ENERGY_LETTERS:
        return "not_new_energy", 2
    return _first_letter(text, 4, 8) or ("not_new_energy", 2)


def _is_digit(character: str) -> bool:
    return character in "0123456789"


def _suggestion(raw: str, text: str, province: str) -> str | None:
    """Return the first likely reading that is a plate."""
    if len(text) > LONGEST_MENDED:
        return None
    return next((one for one in _readings(raw, text, province) if kind_of(one)), None)


def _readings(raw: str, text: str, province: str) -> Iterator[str]:
    """Yield what may have been meant, the likeliest first; not all of it is a plate."""
    alike = _look_alike(text)
    for start in dict.fromkeys((text, alike)):
        known = start[0] in PROVINCES or not province
        for whole in [start] if known else [province + start, start]:
            yield whole
            yield from _mended(whole)
    yield from _only(_within(raw, alike))
    yield from _only(
        {
            alike[:index] + alike[index + 1 :]
            for index in range(1, len(alike))
            if alike[index] == alike[index - 1] and kind_of(alike[:index] + alike[index + 1 :])
        }
    )


def _look_alike(text: str) -> str:
    """Return a text with other scripts' look-alikes and mistaken provinces replaced."""
    folded = normalise(unicodedata.normalize("NFKC", text).upper()).translate(_ALIKE)
    digits = "".join(
        character if character.isascii() else str(unicodedata.decimal(character, character))
        for character in folded
    )
    return _MISTAKEN_PROVINCES.get(digits[:1], digits[:1]) + digits[1:] or text


def _mended(text: str) -> Iterator[str]:
    """Yield a text with letters and digits that look alike put right for their places."""
    head = 2 if text[0] in PROVINCES else 0
    yield text[:head] + text[head:].translate(_O_AND_I)
    if text[0] in PROVINCES and len(text) == 8:
        start, mark, second, rest = text[:2], text[2], text[3].translate(_O_AND_I), text[4:]
        yield start + mark + second + rest.translate(_DIGITS)
        yield start + text[2:7].translate(_DIGITS) + text[7]
        yield start + mark.translate(_NEW_ENERGY_MARKS) + second + rest.translate(_DIGITS)
    elif text[-1] in "港澳":
        yield f"粤Z{text[2:]}"
    elif text.endswith("应急"):
        yield text[:3] + text[3:-2].translate(_DIGITS) + "应急"
    elif "使" in (text[0], text[-1]) or text.startswith("WJ"):
        head = 2 if text.startswith("WJ") else 0
        yield text[:head] + text[head:].translate(_DIGITS)


def _within(raw: str, text: str) -> set[str]:
    """Return the plates that stand within a longer text, such as one with a note behind it.

    Blanks part words only where one of them cannot belong to a plate: within a plate they mean
    nothing, wherever they stand.
    """
    words = {normalise(word) for word in raw.split()} if _NOTE.search(text) else set()
    return {word for word in words if kind_of(word)} or set(_WITHIN.findall(text))


def _only(found: set[str]) -> set[str]:
    return found if len(found) == 1 else set()
