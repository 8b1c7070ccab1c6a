"""The front of a permit: what a compound's permits share is drawn once, the rest each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Box, Field, Layout
from permits.printing.plate_text import fitted_plate_pt, set_plate
from permits.printing.printed import PrintedPermit
from permits.printing.shapes import draw_shape
from permits.printing.symbols import rectangles, symbol
from permits.printing.typefaces import (
    ASCENT,
    BOLD,
    CAP_HEIGHT,
    MEDIUM,
    REGULAR,
    fitted_pt,
    tight,
    width_mm,
)
from permits.printing.zone_lines import fitted_zones

SymbolDrawer = Callable[[Canvas, Box, str], None]
"""Draws the symbol of a text in a box."""

LINE_EM = 1.3
"""Distance of two lines of a value, in em."""

LARGE_PT = 14.0
"""Bold text of this size is large in the sense of WCAG 2.2, 1.4.3."""


def draw_shared(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    """Draw what every permit of the compound shows: band, labels, compound, zones."""
    _draw_band(canvas, layout, permit)
    canvas.setFillGray(LABEL_GREY)
    for field, label in (
        (layout.plate, "车牌 PLATE"),
        (layout.compound, "小区 COMPOUND"),
        (layout.zones, f"停车区域 ZONES · 方案 PLAN {permit.plan_number}"),
        (layout.validity, "有效期 VALID"),
        (layout.serial, "编号 SERIAL"),
    ):
        _draw_label(canvas, layout, (field.x, field.label_y), label, field.width)
    if layout.caption:
        _draw_label(canvas, layout, layout.caption, "扫码核验 SCAN TO VERIFY", layout.symbol.width)
    _draw_english(canvas, layout, permit)
    canvas.setFillGray(INK)
    compound = layout.compound
    size = fitted_pt(permit.compound, BOLD, compound.size_pt, compound.width)
    canvas.setFont(BOLD, size)
    canvas.drawString(compound.x * mm, compound.lowest * mm, permit.compound)
    _draw_zones(canvas, layout, permit.zones)


def _draw_band(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    band = layout.band
    canvas.setFillColor(permit.colour.hex)
    canvas.rect(band.x * mm, band.y * mm, band.width * mm, band.height * mm, stroke=0, fill=1)
    if layout.title_pt:
        _draw_title(canvas, layout, permit)
    canvas.setFillColor(permit.colour.large_hex)
    canvas.setFont(BOLD, layout.letter_cap * mm / CAP_HEIGHT)
    canvas.drawCentredString(band.middle * mm, layout.letter_y * mm, permit.letter)
    left = band.middle - layout.shape / 2
    draw_shape(canvas, permit.colour.shape, left * mm, layout.shape_y * mm, layout.shape * mm)


def _draw_title(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    band, name = layout.band, permit.community
    room = band.width - 6
    half = -(-len(name) // 2)
    whole = width_mm(name, BOLD, layout.title_pt) <= room
    for row, text in enumerate([*([name] if whole else [name[:half], name[half:]]), "车辆出入证"]):
        size = fitted_pt(text, BOLD, layout.title_pt, room)
        colour = permit.colour
        canvas.setFillColor(colour.large_hex if size >= LARGE_PT else colour.text_hex)
        canvas.setFont(BOLD, size)
        canvas.drawCentredString(band.middle * mm, (band.top - 9.5 - row * 6.4) * mm, text)


def _draw_label(
    canvas: Canvas, layout: Layout, at: tuple[float, float], label: str, width: float
) -> None:
    text = tight(label)
    canvas.setFont(REGULAR, fitted_pt(text, REGULAR, layout.label_pt, width))
    canvas.drawString(at[0] * mm, at[1] * mm, text)


def _draw_english(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    field = layout.compound
    canvas.setFont(MEDIUM, fitted_pt(permit.compound_en, MEDIUM, layout.label_pt, field.width))
    y = field.lowest - layout.label_pt * 0.46
    canvas.drawString(field.x * mm, y * mm, permit.compound_en)


def _draw_zones(canvas: Canvas, layout: Layout, zones: str) -> None:
    field = layout.zones
    size, lines = fitted_zones(zones, field, layout.label_gap, LINE_EM)
    canvas.setFont(BOLD, size)
    for row, line in enumerate(lines):
        y = _hanging(field, layout, size) - row * size * LINE_EM
        canvas.drawString(field.x * mm, y, tight(line))


def _hanging(field: Field, layout: Layout, size: float) -> float:
    """Return the baseline, in points, of a value of this size that hangs under its label."""
    return float((field.label_y - layout.label_gap) * mm - ASCENT * size)


def draw_own(
    canvas: Canvas, layout: Layout, permit: PrintedPermit, draw_symbol: SymbolDrawer
) -> None:
    """Draw what only this permit shows: plate, days, serial and symbol."""
    text = canvas.beginText()
    _set_plate(text, layout, permit.plate)
    _set_value(text, layout, layout.validity, (f"{permit.valid_from}", f"至 {permit.valid_to}"))
    _set_value(text, layout, layout.serial, (permit.serial,))
    canvas.drawText(text)
    draw_symbol(canvas, layout.symbol, permit.token_url)


def _set_value(text: PDFTextObject, layout: Layout, field: Field, lines: Sequence[str]) -> None:
    size = field.size_pt
    y = _hanging(field, layout, size)
    text.setFont(BOLD, size)
    for row, line in enumerate(lines):
        text.setTextOrigin(field.x * mm, y - row * size * LINE_EM)
        text.textOut(line)


def _set_plate(text: PDFTextObject, layout: Layout, plate: str) -> None:
    """Set a plate as large as its field allows."""
    field = layout.plate
    size = fitted_plate_pt(plate, field.size_pt, field.width)
    set_plate(text, plate, field.x * mm, _hanging(field, layout, size), size)


def draw_symbol(canvas: Canvas, box: Box, text: str) -> None:
    """Fill the modules of a text's symbol as one path."""
    one = symbol(text)
    fill_modules(canvas, box, one.size, rectangles(one))


def fill_modules(canvas: Canvas, box: Box, size: int, path: str) -> None:
    """Fill a path of modules, `size` on a side."""
    scale = box.width * mm / size
    canvas.addLiteral(
        f"q {scale:.4f} 0 0 {scale:.4f} {box.x * mm:.3f} {box.y * mm:.3f} cm\n{path}f Q"
    )
