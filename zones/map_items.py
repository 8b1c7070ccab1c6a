"""What a map is made of for a renderer: outlines, circles and lines of text, in groups.

All lengths are in the map's units, y upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zones.map_area import AreaKind, Position, Words

BLACK, WHITE = "#16181D", "#FFFFFF"
DARK, MIDDLE, LIGHT, PALE = "#4A4D55", "#8C9098", "#D5D7DB", "#F1F2F3"
"""The greys of everything that is no permit colour."""


@dataclass(frozen=True)
class Outline:
    """A filled or stroked shape, in plan units.

    Attributes:
        rings: outline and holes (even-odd rule); an open ring is a line.
        fill, stroke: `#RRGGBB` or None.
        dash: lengths of dash and gap, or None.
    """

    rings: Sequence[Sequence[Position]]
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0
    dash: tuple[float, float] | None = None
    is_open: bool = False


@dataclass(frozen=True)
class Circle:
    """A filled or stroked circle, in plan units."""

    centre: Position
    radius: float
    fill: str | None = None
    stroke: str | None = None
    width: float = 0.0


@dataclass(frozen=True)
class Text:
    """A line of text, its middle at `place`.

    Attributes:
        size: height of an em, in plan units.
        halo: colour of a seam around the letters, or None.
    """

    place: Position
    words: Words
    size: float
    bold: bool = False
    fill: str = BLACK
    halo: str | None = None


Item = Outline | Circle | Text


@dataclass(frozen=True)
class Group:
    """What is drawn for one thing, so that pages can point at it.

    Attributes:
        kind: of the area; None for lettering and ornaments.
        code: the zone's code, for zones.
        words: what it is, for readers who do not see it; None for what carries no meaning.
    """

    items: Sequence[Item]
    kind: AreaKind | None = None
    code: str = ""
    words: Words | None = None
