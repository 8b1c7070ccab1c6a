"""A zone's plate on the map: its code, letter and shape of each colour, and a clock for hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapely.geometry import Polygon

from zones.colours import Colour
from zones.map_area import Position, Words
from zones.map_bands import fits, middles_of
from zones.map_items import BLACK, WHITE, Circle, Item, Outline, Text
from zones.map_signs import CLOCK, placed
from zones.shapes import POLYGONS

CODE_SIZE = 34.0
"""Of a zone's code, in plan units: 12 pixels on a phone 390 pixels wide."""

_SCALES = (1.0, 0.86, 0.74)
_MOST_COVERED = 0.5
"""Of a zone with several colours, by its plate: the rest shows the bands."""
_FITS = 0.99
"""Of a plate, within its zone: a cut corner may lie on the outline."""
_BETWEEN = 12.0
_ROW = CODE_SIZE * 1.06
_SHAPE = 27.0
_LETTER_WIDTH = 0.62
"""Of a bold capital or digit, in em (Noto Sans SC)."""
_PAD = 9.0
_CORNER = 4.0

ZoneColours = Sequence[tuple[Colour, str, bool]]
"""The colours that may park in a zone, each with its compound's letter and whether all day."""


@dataclass(frozen=True)
class _Plate:
    """A zone's plate: its code, letter and shape of each colour that may park there, and a clock.

    Attributes:
        rows: which parts stand in each row; part 0 is the code.
        scale: of all sizes.
    """

    code: str
    allowed: ZoneColours
    rows: Sequence[Sequence[int]]
    scale: float

    @property
    def size(self) -> float:
        """Height of an em."""
        return CODE_SIZE * self.scale

    @property
    def side(self) -> float:
        """Of a shape."""
        return _SHAPE * self.scale

    def width_of(self, part: int) -> float:
        """Return how wide a part is."""
        if part == 0:
            return len(self.code) * self.size * _LETTER_WIDTH
        if part > len(self.allowed):
            return self.side
        return len(self.allowed[part - 1][1]) * self.size * _LETTER_WIDTH + 3 + self.side

    def width_of_row(self, row: Sequence[int]) -> float:
        """Return how wide a row is."""
        return sum(map(self.width_of, row)) + _BETWEEN * self.scale * (len(row) - 1)

    @property
    def width(self) -> float:
        """Of the whole plate."""
        return max(map(self.width_of_row, self.rows)) + 2 * _PAD * self.scale

    @property
    def height(self) -> float:
        """Of the whole plate."""
        return (len(self.rows) * _ROW + _PAD) * self.scale

    def items(self, middle: Position) -> list[Item]:
        """Return the plate around a place."""
        x, y = middle
        corner = x - self.width / 2, y - self.height / 2
        outline = rounded(*corner, self.width, self.height)
        items: list[Item] = [Outline([outline], fill=WHITE, stroke=BLACK, width=1.4)]
        line = y + (self.height - (_PAD + _ROW) * self.scale) / 2
        for row in self.rows:
            left = x - self.width_of_row(row) / 2
            for part in row:
                items += self._part(part, left, line)
                left += self.width_of(part) + _BETWEEN * self.scale
            line -= _ROW * self.scale
        return items

    def _part(self, part: int, left: float, line: float) -> list[Item]:
        width = self.width_of(part)
        if part == 0:
            code = Words(self.code, self.code)
            return [Text((left + width / 2, line), code, self.size, bold=True)]
        bottom = line - self.side / 2
        if part > len(self.allowed):
            return placed(CLOCK, left, bottom, self.side)
        colour, letter, _whole = self.allowed[part - 1]
        shape = left + width - self.side
        return [
            Text(((left + shape - 3) / 2, line), Words(letter, letter), self.size),
            *colour_shape(colour, shape, bottom, self.side),
        ]


def plate_on(room: Polygon, code: str, allowed: ZoneColours) -> list[Item]:
    """Return a zone's plate where and how it fits best."""
    parts = 1 + len(allowed) + any(not whole for _colour, _letter, whole in allowed)
    best: tuple[tuple[float, float], _Plate, Position] | None = None
    for scale in _SCALES:
        for rows in _arrangements(parts):
            plate = _Plate(code, allowed, rows, scale)
            covered = plate.width * plate.height / room.area
            for middle in middles_of(room):
                share = min(fits(room, middle, plate.width, plate.height), _FITS)
                if share == _FITS and (covered < _MOST_COVERED or len(allowed) < 2):
                    return plate.items(middle)
                if best is None or (share, -covered) > best[0]:
                    best = (share, -covered), plate, middle
    return best[1].items(best[2]) if best else []


def _arrangements(parts: int) -> Iterator[list[list[int]]]:
    """Yield a plate's rows: all in one, or the code above and the rest in rows of some."""
    yield [list(range(parts))]
    rest = list(range(1, parts))
    for per_row in range(len(rest), 0, -1):
        yield [[0], *(rest[at : at + per_row] for at in range(0, len(rest), per_row))]


def colour_shape(colour: Colour, left: float, bottom: float, side: float) -> list[Item]:
    """Return a colour's shape in a square, with a seam that holds pale colours on white."""
    seam = side * 0.06
    if colour.shape == "circle":
        disc = Circle((0.5, 0.5), 0.5, fill=colour.hex, stroke=BLACK, width=seam / side)
        return placed([disc], left, bottom, side)
    corners = list(POLYGONS[colour.shape])
    outline = Outline([[*corners, corners[0]]], fill=colour.hex, stroke=BLACK, width=seam / side)
    return placed([outline], left, bottom, side)


def rounded(left: float, bottom: float, width: float, height: float) -> list[Position]:
    """Return a rectangle whose corners are cut a little."""
    right, top, cut = left + width, bottom + height, _CORNER
    return [
        (left + cut, bottom),
        (right - cut, bottom),
        (right, bottom + cut),
        (right, top - cut),
        (right - cut, top),
        (left + cut, top),
        (left, top - cut),
        (left, bottom + cut),
        (left + cut, bottom),
    ]
