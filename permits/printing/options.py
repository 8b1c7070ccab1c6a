"""How a run goes on paper: ink, sides, the first free place, the printer's offsets."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar

from permits.printing.layouts import Layout
from records.errors import DomainError


class Ink(enum.StrEnum):
    """In colour, or in black only on paper that has the colour."""

    COLOUR = "colour"
    BLACK = "black"


class Flip(enum.StrEnum):
    """Over which edge the printer turns a sheet to print its back; `none` prints no backs."""

    LONG = "long"
    SHORT = "short"
    NONE = "none"


@dataclass(frozen=True)
class Offset:
    """How far everything on a side is moved, in millimetres to the right and upwards."""

    right_mm: float = 0.0
    up_mm: float = 0.0


NOWHERE = Offset()


class PlaceNotOnSheet(DomainError):
    """A sheet of the layout has `places` places, and `place` is none of them."""

    code: ClassVar[str] = "place_not_on_sheet"


@dataclass(frozen=True)
class PrintOptions:
    """What can be chosen for a run beside its layout.

    Attributes:
        first_place: the place, from 1, at which the first sheet begins; those before it are used.
        front, back: the printer's offsets.
        names_compound: whether the compound's name is printed; else the colour's stands there.
    """

    ink: Ink = Ink.COLOUR
    flip: Flip = Flip.LONG
    first_place: int = 1
    front: Offset = NOWHERE
    back: Offset = NOWHERE
    names_compound: bool = True

    def prints_backs(self, layout: Layout) -> bool:
        """Return whether every front page of a layout is followed by its back page."""
        return layout.back is not None and self.flip is not Flip.NONE

    def turns_sideways(self, layout: Layout) -> bool:
        """Return whether the sheet is turned as in a book: left and right change places."""
        return (self.flip is Flip.LONG) != layout.is_landscape

    def require_place(self, layout: Layout) -> None:
        """Accept a first place that is on the sheet.

        Raises:
            PlaceNotOnSheet: it is not.
        """
        if not 1 <= self.first_place <= layout.per_sheet:
            raise PlaceNotOnSheet(place=self.first_place, places=layout.per_sheet)


AS_DESIGNED = PrintOptions()
"""In colour, flipped on the long edge, from the first place, not moved."""
