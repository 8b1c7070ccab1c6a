"""Layouts as data: paper, cells and the place of each field, in mm from the lower left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

A4_LANDSCAPE_MM = (297.0, 210.0)
A4_PORTRAIT_MM = (210.0, 297.0)

PAPERS_MM: Mapping[str, tuple[float, float]] = {
    "a3": (297.0, 420.0),
    "a4": A4_PORTRAIT_MM,
    "a5": (148.0, 210.0),
}
"""Width and height of each paper, upright (ISO 216)."""

HIDEABLE = ("title", "compound", "zones", "validity", "serial", "caption")
"""What a layout may leave out. Band, letter, shape, plate and symbol make the permit."""


@dataclass(frozen=True)
class Box:
    """A rectangle in millimetres."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends on the right."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Where it ends above."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half way from left to right."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Field:
    """A label, and its value hanging under it.

    Attributes:
        label_y: baseline of the label.
        lowest: lowest baseline that the value may have.
        width: room for label and value.
        size_pt: largest size of the value; it shrinks to fit.
    """

    x: float
    label_y: float
    lowest: float
    width: float
    size_pt: float


@dataclass(frozen=True)
class Title:
    """The community's name and what this is, centred on the band.

    Attributes:
        x: the middle.
        y: baseline of the first line.
        is_one_line: whether name and kind stand beside each other.
    """

    x: float
    y: float
    room: float
    size_pt: float
    is_one_line: bool = False


@dataclass(frozen=True)
class Letter:
    """The letter on the band: its middle, baseline and the height of the capital."""

    x: float
    y: float
    cap: float


@dataclass(frozen=True)
class Back:
    """Where the rules stand on the back, and the size of their Chinese."""

    area: Box
    size_pt: float


@dataclass(frozen=True)
class Hook:
    """A hole to be cut out, so that the permit hangs from the mirror; the slit goes to the left."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Layout:
    """One kind of permit and how it lies on a sheet.

    Attributes:
        cell: width and height of one permit.
        band: the coloured band with letter and shape.
        shape: the square that the shape fills.
        caption: label over the symbol, outside of its quiet zone; None where there is no room.
        symbol: the QR symbol without its quiet zone.
        back: None for a permit that is printed on one side.
        margin: from the paper's left and upper edge to the first cell; None: cells stand in the
            middle of the page.
        gap: between two columns and between two rows.
        hidden: which of `HIDEABLE` are left out.
    """

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    cell: tuple[float, float]
    band: Box
    title: Title | None
    letter: Letter
    shape: Box
    plate: Field
    compound: Field
    zones: Field
    validity: Field
    serial: Field
    caption: tuple[float, float] | None
    symbol: Box
    label_pt: float
    label_gap: float
    back: Back | None
    hook: Hook | None = None
    is_adhesive: bool = False
    margin: tuple[float, float] | None = None
    gap: tuple[float, float] = (0.0, 0.0)
    hidden: frozenset[str] = frozenset()

    @property
    def per_sheet(self) -> int:
        """Permits on one sheet."""
        return self.columns * self.rows

    @property
    def has_back(self) -> bool:
        """Whether it can be printed on both sides."""
        return self.back is not None

    @property
    def is_landscape(self) -> bool:
        """Whether the page is wider than high."""
        return self.page[0] > self.page[1]

    @property
    def paper(self) -> str:
        """Its key in `PAPERS_MM`."""
        upright = (min(self.page), max(self.page))
        return next(name for name, size in PAPERS_MM.items() if size == upright)

    @property
    def used(self) -> tuple[float, float]:
        """Width and height of all cells with the gaps between them."""
        return (
            self.columns * self.cell[0] + (self.columns - 1) * self.gap[0],
            self.rows * self.cell[1] + (self.rows - 1) * self.gap[1],
        )

    @property
    def origin(self) -> tuple[float, float]:
        """Lower left of the cells."""
        width, height = self.used
        if self.margin is None:
            return ((self.page[0] - width) / 2, (self.page[1] - height) / 2)
        return (self.margin[0], self.page[1] - self.margin[1] - height)

    def cell_at(self, place: int) -> tuple[float, float]:
        """Return the lower left of a cell; places count from the upper left, row by row."""
        row, column = divmod(place, self.columns)
        x, y = self.origin
        return (
            x + column * (self.cell[0] + self.gap[0]),
            y + (self.rows - 1 - row) * (self.cell[1] + self.gap[1]),
        )

    def cell_behind(self, place: int, *, sideways: bool) -> tuple[float, float]:
        """Return the lower left, on the back page, of what lies behind a cell of the front.

        Args:
            sideways: whether the sheet is turned as in a book; else it is turned over its top.
        """
        x, y = self.cell_at(place)
        if sideways:
            return (self.page[0] - x - self.cell[0], y)
        return (x, self.page[1] - y - self.cell[1])

    def shows(self, field: str) -> bool:
        """Return whether one of `HIDEABLE` is printed."""
        return field not in self.hidden

    def cuts(self) -> Iterator[tuple[str, float]]:
        """Yield the cuts: `x` or `y`, and where; cells without a gap share one."""
        for axis, count, index in (("x", self.columns, 0), ("y", self.rows, 1)):
            step, side = self.cell[index] + self.gap[index], self.cell[index]
            edges = {
                round(self.origin[index] + place * step + end, 4)
                for place in range(count)
                for end in (0.0, side)
            }
            yield from ((axis, edge) for edge in sorted(edges))


# Printers leave 4 to 6 mm of a sheet's edge white, and four A6 cards fill an A4 sheet: so nothing
# is drawn within 6 mm of a card's edge, and a cut that is a little off spoils nothing.
CARD = Layout(
    name="card",
    page=A4_LANDSCAPE_MM,
    columns=2,
    rows=2,
    cell=(148.5, 105.0),
    band=Box(6, 6, 45, 93),
    title=Title(28.5, 89.5, 39, 14),
    letter=Letter(28.5, 41.5, 30),
    shape=Box(17.5, 13, 22, 22),
    plate=Field(57, 96.8, 79, 85.5, 54),
    compound=Field(57, 68, 62, 85.5, 16),
    zones=Field(57, 51, 33.8, 40.5, 13),
    validity=Field(57, 29, 18, 40.5, 13),
    serial=Field(57, 11.05, 6, 40.5, 13),
    caption=(101.5, 51),
    symbol=Box(101.5, 6, 41, 41),
    label_pt=7.5,
    label_gap=1.1,
    back=Back(Box(10, 9, 128.5, 87), 10.5),
)

STICKER = Layout(
    name="sticker",
    page=A4_PORTRAIT_MM,
    columns=2,
    rows=4,
    cell=(90.0, 60.0),
    band=Box(3, 3, 25, 54),
    title=None,
    letter=Letter(15.5, 28, 22),
    shape=Box(8.5, 8, 14, 14),
    plate=Field(31.5, 55.7, 44.3, 55.5, 35),
    compound=Field(31.5, 40.8, 36.9, 55.5, 9),
    zones=Field(31.5, 31.4, 19.8, 24.4, 8),
    validity=Field(31.5, 16.9, 10.1, 24.4, 8),
    serial=Field(31.5, 6.1, 3, 24.4, 8),
    caption=None,
    symbol=Box(58.5, 3, 28.5, 28.5),
    label_pt=5,
    label_gap=0.7,
    back=None,
    is_adhesive=True,
)

# The mirror's stem is up to 30 mm thick, so the hole is 36 mm wide, in the middle of the colour:
# what hangs in front of the sky is then colour on all sides.
TAG = Layout(
    name="tag",
    page=A4_LANDSCAPE_MM,
    columns=3,
    rows=1,
    cell=(95.0, 180.0),
    band=Box(6, 91, 83, 83),
    title=Title(47.5, 125.6, 77, 14, is_one_line=True),
    letter=Letter(29, 95.5, 26),
    shape=Box(53, 96, 25, 25),
    plate=Field(6, 86.4, 68, 83, 54),
    compound=Field(6, 63, 57, 83, 14),
    zones=Field(6, 48.4, 32.4, 38, 12),
    validity=Field(6, 28.6, 17.4, 38, 12),
    serial=Field(6, 11, 6, 38, 12),
    caption=(50, 48.4),
    symbol=Box(50, 6, 38.5, 38.5),
    label_pt=7,
    label_gap=1,
    back=Back(Box(9, 9, 77, 117), 10.5),
    hook=Hook(47.5, 152, 18),
)

A5 = Layout(
    name="a5",
    page=A4_LANDSCAPE_MM,
    columns=2,
    rows=1,
    cell=(148.5, 210.0),
    band=Box(8, 134, 132.5, 68),
    title=Title(74.25, 191.4, 124, 18, is_one_line=True),
    letter=Letter(46, 140.5, 43),
    shape=Box(81, 141.5, 41, 41),
    plate=Field(8, 128, 98, 132.5, 90),
    compound=Field(8, 92, 83.5, 132.5, 20),
    zones=Field(8, 70, 46.5, 72, 17),
    validity=Field(8, 40.5, 24, 72, 17),
    serial=Field(8, 15, 8, 72, 17),
    caption=(88, 70),
    symbol=Box(88, 12, 52.5, 52.5),
    label_pt=9.5,
    label_gap=1.4,
    back=Back(Box(14, 16, 120.5, 176), 14),
)

LAYOUTS: Mapping[str, Layout] = {layout.name: layout for layout in (CARD, STICKER, TAG, A5)}
"""The layouts that come with the product, by name; each is also a design of a community's own."""
