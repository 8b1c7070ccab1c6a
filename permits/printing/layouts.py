"""Layouts as data: paper, cells and the place of each field, in mm from the lower left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

A4_LANDSCAPE_MM = (297.0, 210.0)
A4_PORTRAIT_MM = (210.0, 297.0)


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
class Layout:
    """One kind of permit and how it lies on a sheet.

    Attributes:
        cell: width and height of one permit.
        band: the coloured band with letter and shape.
        title_pt: size of the community's name on the band, 0 for none.
        letter_cap, shape: heights on the band of the letter's capital and of the shape.
        caption: label over the symbol, outside of its quiet zone; None where there is no room.
        symbol: the QR symbol without its quiet zone.
        has_back: whether every front page is followed by its back page.
    """

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    cell: tuple[float, float]
    band: Box
    title_pt: float
    letter_cap: float
    letter_y: float
    shape: float
    shape_y: float
    plate: Field
    compound: Field
    zones: Field
    validity: Field
    serial: Field
    caption: tuple[float, float] | None
    symbol: Box
    label_pt: float
    label_gap: float
    has_back: bool

    @property
    def per_sheet(self) -> int:
        """Permits on one sheet."""
        return self.columns * self.rows

    @property
    def origin(self) -> tuple[float, float]:
        """Lower left of the cells: they stand in the middle of the page."""
        return (
            (self.page[0] - self.columns * self.cell[0]) / 2,
            (self.page[1] - self.rows * self.cell[1]) / 2,
        )

    def cell_at(self, place: int) -> tuple[float, float]:
        """Return the lower left of a cell; places count from the upper left, row by row."""
        row, column = divmod(place, self.columns)
        x, y = self.origin
        return (x + column * self.cell[0], y + (self.rows - 1 - row) * self.cell[1])

    def behind(self, place: int) -> int:
        """Return the place on the back page that lies behind a place of the front page.

        The sheet is turned over its long edge: over the top edge in landscape, so rows swap;
        over the side in portrait, so columns do.
        """
        row, column = divmod(place, self.columns)
        if self.page[0] > self.page[1]:
            return (self.rows - 1 - row) * self.columns + column
        return row * self.columns + self.columns - 1 - column


# Printers leave 4 to 6 mm of a sheet's edge white, and four A6 cards fill an A4 sheet: so nothing
# is drawn within 6 mm of a card's edge, and a cut that is a little off spoils nothing.
CARD = Layout(
    name="card",
    page=A4_LANDSCAPE_MM,
    columns=2,
    rows=2,
    cell=(148.5, 105.0),
    band=Box(6, 6, 45, 93),
    title_pt=14,
    letter_cap=30,
    letter_y=41.5,
    shape=22,
    shape_y=13,
    plate=Field(57, 96.8, 79, 85.5, 54),
    compound=Field(57, 68, 62, 85.5, 16),
    zones=Field(57, 51, 33.8, 40.5, 13),
    validity=Field(57, 29, 18, 40.5, 13),
    serial=Field(57, 11.05, 6, 40.5, 13),
    caption=(101.5, 51),
    symbol=Box(101.5, 6, 41, 41),
    label_pt=7.5,
    label_gap=1.1,
    has_back=True,
)

STICKER = Layout(
    name="sticker",
    page=A4_PORTRAIT_MM,
    columns=2,
    rows=4,
    cell=(90.0, 60.0),
    band=Box(3, 3, 25, 54),
    title_pt=0,
    letter_cap=22,
    letter_y=28,
    shape=14,
    shape_y=8,
    plate=Field(31.5, 55.7, 44.3, 55.5, 35),
    compound=Field(31.5, 40.8, 36.9, 55.5, 9),
    zones=Field(31.5, 31.4, 19.8, 24.4, 8),
    validity=Field(31.5, 16.9, 10.1, 24.4, 8),
    serial=Field(31.5, 6.1, 3, 24.4, 8),
    caption=None,
    symbol=Box(58.5, 3, 28.5, 28.5),
    label_pt=5,
    label_gap=0.7,
    has_back=False,
)

LAYOUTS: Mapping[str, Layout] = {layout.name: layout for layout in (CARD, STICKER)}
"""The layouts that there are, by name."""
