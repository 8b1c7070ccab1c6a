"""Plates by the rules of GA 36-2018 and its first amendment.

A canonical plate is written in capitals, half width and without separators: `粤E12345`.
`docs/plates.md` has the table of forms with the clauses they come from.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from permits.plate_forms import (
    ELECTRIC_LETTERS,
    LETTERS,
    NEW_ENERGY_LETTERS,
    PROVINCES,
    PlateKind,
    kind_of,
    normalise,
)
from permits.plate_refusals import REFUSALS, PlateRefusal, refuse
from records.errors import DomainError

__all__ = (
    "LETTERS",
    "NEW_ENERGY_LETTERS",
    "PROVINCES",
    "REFUSALS",
    "Plate",
    "PlateError",
    "PlateKind",
    "PlateRefusal",
    "canonical",
    "normalise",
    "parse",
)


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


class PlateError(DomainError):
    """The text `raw` is no plate; `reason`, `position`, `character`, `suggestion` say why."""

    code: ClassVar[str] = "invalid_plate"


def parse(raw: str, province: str | None = None) -> Plate | PlateRefusal:
    """Return the plate that a text is, or why it is none; never raises.

    An O for 0 or an I for 1 is not mended but refused with the suggestion.

    Args:
        province: the local province's character, for suggestions where none was written.
    """
    text = normalise(raw)
    kind = kind_of(text)
    return refuse(raw, text, province) if kind is None else Plate(text, kind)


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
