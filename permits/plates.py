"""Plates by the rules of GA 36-2018 and its first amendment.

A canonical plate is written in capitals, half width and without separators: `粤E12345`.
`docs/plates.md` has the table of forms with the clauses they come from.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from records.errors import DomainError

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
"""The 31 provinces' characters (GA 36-2018, 5.8.1)."""

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters of serials and of issuing authorities: I and O are left out (GA 36-2018, 5.8.2)."""

NEW_ENERGY_LETTERS = "ABCDEFGHJK"
"""Letters that mark new energy vehicles (GA 36-2018, 5.8.4)."""

ELECTRIC_LETTERS = "DABCE"
"""Of those, the ones of purely electric vehicles (GA 36-2018, 5.8.4)."""

SEPARATORS = " \t\r\n\f\v\u00a0\u2002\u2003\u2009\u200b\u202f\u3000\ufeff·•・･‧∙⋅.．-‐‑‒–—―－﹣_＿"
"""What people put between the parts of a plate; it never changes which plate is meant."""

_FOLDED = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{code: chr(code - 0xFEE0 - 32) for code in range(0xFF41, 0xFF5B)},
    **{ord(separator): None for separator in SEPARATORS},
}
_SUFFIXES = "警学挂领港澳临使"
_MENDED = str.maketrans("OI", "01")


class PlateKind(enum.StrEnum):
    """The kinds of plates that the standard knows, and those of forces outside of it."""

    ORDINARY = "ordinary"
    NEW_ENERGY_SMALL = "new_energy_small"
    NEW_ENERGY_LARGE = "new_energy_large"
    POLICE = "police"
    TRAINER = "trainer"
    TRAILER = "trailer"
    CONSULATE = "consulate"
    EMBASSY = "embassy"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    EMERGENCY = "emergency"
    ARMED_POLICE = "armed_police"
    MILITARY = "military"
    CIVIL_AVIATION = "civil_aviation"
    TEMPORARY = "temporary"

    @property
    def is_service(self) -> bool:
        """Whether cars of this kind are let through at once: police, rescue and armed forces."""
        return self in _SERVICE

    @property
    def is_new_energy(self) -> bool:
        """Whether the plate is one of a new energy vehicle."""
        return self in (PlateKind.NEW_ENERGY_SMALL, PlateKind.NEW_ENERGY_LARGE)


_SERVICE = frozenset(
    {PlateKind.POLICE, PlateKind.EMERGENCY, PlateKind.ARMED_POLICE, PlateKind.MILITARY}
)

_P, _L, _S = f"[{PROVINCES}]", f"[{LETTERS}]", f"[{LETTERS}0-9]"
_N = f"[{NEW_ENERGY_LETTERS}]"

FORMS: tuple[tuple[PlateKind, str], ...] = (
    (PlateKind.ORDINARY, f"{_P}{_L}{_S}{{5}}"),
    (PlateKind.NEW_ENERGY_SMALL, f"{_P}{_L}{_N}{_S}[0-9]{{4}}"),
    (PlateKind.NEW_ENERGY_LARGE, f"{_P}{_L}[0-9]{{5}}{_N}"),
    (PlateKind.POLICE, f"{_P}{_L}{_S}{{4}}警"),
    (PlateKind.TRAINER, f"{_P}{_L}{_S}{{4}}学"),
    (PlateKind.TRAILER, f"{_P}{_L}{_S}{{4}}挂"),
    (PlateKind.CONSULATE, f"{_P}{_L}{_S}{{4}}领"),
    (PlateKind.EMBASSY, "使[0-9]{6}|[0-9]{6}使"),
    (PlateKind.HONG_KONG, f"粤Z{_S}{{4}}港"),
    (PlateKind.MACAO, f"粤Z{_S}{{4}}澳"),
    (PlateKind.EMERGENCY, f"{_P}[XS]{_S}[0-9]{{3}}应急"),
    (PlateKind.ARMED_POLICE, f"WJ{_P}?[0-9]{{4}}[0-9TDSHBXJ]"),
    (PlateKind.MILITARY, "[BCEGHJKLNQSVZ][A-DJ-NP-TVY][0-9]{5}"),
    (PlateKind.CIVIL_AVIATION, f"民航{_S}{{5}}"),
    (PlateKind.TEMPORARY, f"{_P}{_L}{_S}{{4,5}}临"),
)
"""Every form as a pattern of the whole canonical plate."""

_ANY = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in FORMS))
_KINDS = {kind.value: kind for kind in PlateKind}


class Plate(NamedTuple):
    """A canonical plate and its kind; only `parse` and `canonical` make one."""

    text: str
    kind: PlateKind

    @property
    def shown(self) -> str:
        """The plate as people read it, with the narrow middle dot: `粤E·12345`."""
        cut = _dot_place(self)
        return f"{self.text[:cut]}·{self.text[cut:]}"

    @property
    def masked(self) -> str:
        """The plate with its middle masked, for everybody's eyes: `粤E·1**45`."""
        hidden = f"{self.text[:3]}{'*' * (len(self.text) - 5)}{self.text[-2:]}"
        cut = _dot_place(self)
        return f"{hidden[:cut]}·{hidden[cut:]}"

    @property
    def is_electric(self) -> bool:
        """Whether the plate is one of a purely electric vehicle (GA 36-2018, 5.8.4)."""
        if self.kind is PlateKind.NEW_ENERGY_SMALL:
            return self.text[2] in ELECTRIC_LETTERS
        return self.kind is PlateKind.NEW_ENERGY_LARGE and self.text[-1] in ELECTRIC_LETTERS


def _dot_place(plate: Plate) -> int:
    if plate.kind is PlateKind.EMBASSY:
        return 4 if plate.text[0] == "使" else 3
    if plate.kind is PlateKind.ARMED_POLICE and plate.text[2] in PROVINCES:
        return 3
    return 2


@dataclass(frozen=True, slots=True)
class PlateRefusal:
    """Why a text is no plate.

    Attributes:
        raw: the text as given.
        reason: a code in `REFUSALS`.
        position: place of the wrong character from 1, after separators are taken out.
        character: that character.
        suggestion: the plate that was likely meant, canonical and valid, where there is one.
    """

    raw: str
    reason: str
    position: int | None = None
    character: str | None = None
    suggestion: str | None = None


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


class PlateError(DomainError):
    """The text `raw` is no plate; `reason`, `position`, `character`, `suggestion` say why."""

    code: ClassVar[str] = "invalid_plate"


def normalise(raw: str) -> str:
    """Return the text in capitals, half width and without separators; twice equals once."""
    return raw.translate(_FOLDED)


def parse(raw: str, province: str | None = None) -> Plate | PlateRefusal:
    """Return the plate that a text is, or why it is none; never raises.

    An O for 0 or an I for 1 is not mended but refused with the suggestion.

    Args:
        province: the local province's character, for suggestions where none was written.
    """
    text = raw.translate(_FOLDED)
    plate = _whole(text)
    return plate if plate is not None else _refusal(raw, text, province)


def canonical(raw: str) -> Plate:
    """Return the plate that a text is.

    Raises:
        PlateError: it is none.
    """
    result = parse(raw)
    if isinstance(result, Plate):
        return result
    raise PlateError(
        raw=raw,
        reason=result.reason,
        position=result.position,
        character=result.character,
        suggestion=result.suggestion,
    )


def _whole(text: str) -> Plate | None:
    match = _ANY.fullmatch(text)
    return Plate(text, _KINDS[match.lastgroup or ""]) if match else None


def _refusal(raw: str, text: str, province: str | None) -> PlateRefusal:
    if not text:
        return PlateRefusal(raw, "empty")
    fault = _fault(text)
    if fault is None:
        return PlateRefusal(raw, "wrong_length", suggestion=_suggestion(text, province))
    reason, index = fault
    return PlateRefusal(raw, reason, index + 1, text[index], _suggestion(text, province))


def _fault(text: str) -> tuple[str, int] | None:
    """Return the first thing wrong with a text and where, None where only its length is wrong."""
    body = _body_start(text)
    if body is None:
        first = text[0]
        missing = first.isascii() and first.isalnum()
        return ("province_missing" if missing else "unknown_province"), 0
    if body == 2 and text[0] in PROVINCES:
        if len(text) < 2:
            return None
        if text[1] not in LETTERS:
            return "bad_authority_letter", 1
        if text[-1] in "港澳" and not text.startswith("粤Z"):
            return "hong_kong_macao_needs_yue_z", len(text) - 1
    end = _body_end(text)
    for index in range(body, end):
        if text[index] in "OI":
            return "letter_o_or_i", index
        if text[index] not in LETTERS and not _is_digit(text[index]):
            return "bad_character", index
    if body == 2 and end == len(text) == 8:
        return _new_energy_fault(text)
    return None


def _body_start(text: str) -> int | None:
    """Return where the serial begins, None for a text that begins like no plate."""
    if text.startswith("民航"):
        return 2
    if text[0] == "使":
        return 1
    if text.startswith("WJ"):
        return 3 if text[2:3] in PROVINCES and text[2:3] else 2
    return 2 if text[0] in PROVINCES else None


def _body_end(text: str) -> int:
    if text.endswith("应急"):
        return len(text) - 2
    return len(text) - 1 if text[-1] in _SUFFIXES else len(text)


def _new_energy_fault(text: str) -> tuple[str, int]:
    """Return what is wrong with eight characters that are no new energy plate."""
    if text[7] in LETTERS:
        wrong = next((i for i in range(2, 7) if not _is_digit(text[i])), 7)
        return ("bad_character" if wrong < 7 else "not_new_energy"), wrong
    if text[2] not in NEW_ENERGY_LETTERS:
        return "not_new_energy", 2
    return "bad_character", next(i for i in range(4, 8) if not _is_digit(text[i]))


def _is_digit(character: str) -> bool:
    return character in "0123456789"


def _suggestion(text: str, province: str | None) -> str | None:
    """Return the first likely reading that is a plate: O and I mended, the province added."""
    starts = [text] if text[0] in PROVINCES or not province else [province + text, text]
    for start in starts:
        head = 2 if start[0] in PROVINCES else 0
        for candidate in (start, start[:head] + start[head:].translate(_MENDED)):
            if candidate != text and _whole(candidate):
                return candidate
    return None
