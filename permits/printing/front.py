"""The front of a permit: what a compound's permits share is drawn once, the rest each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Box, Field, Hook, Layout, Title
from permits.printing.options import AS_DESIGNED, Ink, PrintOptions
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

FRAME_MM = 1.2
"""Line of the band's frame where it is not filled."""

LARGE_PT = 14.0
"""Bold text of this size is large in the sense of WCAG 2.2, 1.4.3."""


def draw_shared(
    canvas: Canvas, layout: Layout, permit: PrintedPermit, options: PrintOptions = AS_DESIGNED
) -> None:
    """Draw what permits of the compound share: band, labels, compound, zones.

    Those with a space of their own share another form: it has the space's label, no zones.
    """
    draw_band(canvas, layout, permit, options.ink)
    canvas.setFillGray(LABEL_GREY)
    for name, field, label in (
        ("plate", layout.plate, "车牌 PLATE"),
        ("zones", layout.zones, _zones_label(permit)),
        ("validity", layout.validity, "有效期 VALID"),
        ("serial", layout.serial, "编号 SERIAL"),
    ):
        if layout.shows(name):
            _draw_label(canvas, layout, (field.x, field.label_y), label, field.width)
    if layout.caption and layout.shows("caption"):
        _draw_label(canvas, layout, layout.caption, "扫码核验 SCAN TO VERIFY", layout.symbol.width)
    if layout.shows("compound"):
        _draw_compound(canvas, layout, permit, options)
    canvas.setFillGray(INK)
    if layout.shows("zones") and permit.space is None:
        _draw_zones(canvas, layout, permit.zones)


def _zones_label(permit: PrintedPermit) -> str:
    if permit.space is not None:
        return "专用车位 OWN SPACE"
    return f"停车区域 ZONES · 方案 PLAN {permit.plan_number}"


def _draw_compound(
    canvas: Canvas, layout: Layout, permit: PrintedPermit, options: PrintOptions
) -> None:
    """Draw the compound, or the colour where a parked car is not to tell where it lives."""
    label, chinese, english = "小区 COMPOUND", permit.compound, permit.compound_en
    if not options.names_compound:
        label, chinese, english = "颜色 COLOUR", permit.colour.name_zh, permit.colour.name_en
    field = layout.compound
    canvas.setFillGray(LABEL_GREY)
    _draw_label(canvas, layout, (field.x, field.label_y), label, field.width)
    canvas.setFont(MEDIUM, fitted_pt(english, MEDIUM, layout.label_pt, field.width))
    canvas.drawString(field.x * mm, (field.lowest - layout.label_pt * 0.46) * mm, english)
    canvas.setFillGray(INK)
    canvas.setFont(BOLD, fitted_pt(chinese, BOLD, field.size_pt, field.width))
    canvas.drawString(field.x * mm, field.lowest * mm, chinese)


def draw_band(canvas: Canvas, layout: Layout, permit: PrintedPermit, ink: Ink) -> None:
    """Draw band, title, letter and shape; in black only, the band is a frame."""
    band, colour = layout.band, permit.colour
    if ink is Ink.BLACK:
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(FRAME_MM * mm)
        inset = FRAME_MM / 2
        canvas.rect(
            (band.x + inset) * mm,
            (band.y + inset) * mm,
            (band.width - FRAME_MM) * mm,
            (band.height - FRAME_MM) * mm,
        )
    else:
        canvas.setFillColor(colour.hex)
        canvas.rect(band.x * mm, band.y * mm, band.width * mm, band.height * mm, stroke=0, fill=1)
    if layout.title and layout.shows("title"):
        _draw_title(canvas, layout.title, permit, ink)
    _fill(canvas, ink, colour.large_hex)
    letter, shape = layout.letter, layout.shape
    canvas.setFont(BOLD, letter.cap * mm / CAP_HEIGHT)
    canvas.drawCentredString(letter.x * mm, letter.y * mm, permit.letter)
    draw_shape(canvas, colour.shape, shape.x * mm, shape.y * mm, shape.width * mm)
    if layout.hook:
        draw_hook(canvas, layout.hook, slit_to=0.0, filled=ink is not Ink.BLACK)


def draw_hook(canvas: Canvas, hook: Hook, *, slit_to: float, filled: bool) -> None:
    """Draw where the hole and its slit are cut.

    Args:
        slit_to: x of the edge at which the slit ends.
        filled: whether the hole lies in colour, which is left white.
    """
    edge = hook.x - hook.radius if slit_to < hook.x else hook.x + hook.radius
    if filled:
        canvas.setFillGray(1)
        canvas.circle(hook.x * mm, hook.y * mm, (hook.radius + 0.6) * mm, stroke=0, fill=1)
        canvas.rect(
            min(slit_to, edge) * mm,
            (hook.y - 0.7) * mm,
            abs(edge - slit_to) * mm,
            1.4 * mm,
            stroke=0,
            fill=1,
        )
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(0.25 * mm)
    canvas.setDash(2 * mm, 1.2 * mm)
    canvas.circle(hook.x * mm, hook.y * mm, hook.radius * mm)
    canvas.line(slit_to * mm, hook.y * mm, edge * mm, hook.y * mm)
    canvas.setDash()


def _draw_title(canvas: Canvas, title: Title, permit: PrintedPermit, ink: Ink) -> None:
    name, colour = permit.community, permit.colour
    kind = "临时出入证" if permit.is_temporary else "车辆出入证"
    if title.is_one_line:
        rows = [f"{name} {kind}"]
    else:
        half = -(-len(name) // 2)
        whole = width_mm(name, BOLD, title.size_pt) <= title.room
        rows = [*([name] if whole else [name[:half], name[half:]]), kind]
    for row, text in enumerate(rows):
        size = fitted_pt(text, BOLD, title.size_pt, title.room)
        _fill(canvas, ink, colour.large_hex if size >= LARGE_PT else colour.text_hex)
        canvas.setFont(BOLD, size)
        canvas.drawCentredString(title.x * mm, (title.y - row * 6.4) * mm, text)


def _fill(canvas: Canvas, ink: Ink, hex_colour: str) -> None:
    if ink is Ink.BLACK:
        canvas.setFillGray(INK)
    else:
        canvas.setFillColor(hex_colour)


def _draw_label(
    canvas: Canvas, layout: Layout, at: tuple[float, float], label: str, width: float
) -> None:
    text = tight(label)
    canvas.setFont(REGULAR, fitted_pt(text, REGULAR, layout.label_pt, width))
    canvas.drawString(at[0] * mm, at[1] * mm, text)


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
    """Draw what only this permit shows: plate, own space, days, serial and symbol."""
    text = canvas.beginText()
    _set_plate(text, layout, permit.plate)
    if permit.space is not None and layout.shows("zones"):
        _set_value(text, layout, layout.zones, (permit.space,))
    if layout.shows("validity"):
        until = f"至 {permit.valid_to}" + (" 临时" if permit.is_temporary else "")
        _set_value(text, layout, layout.validity, (f"{permit.valid_from}", until))
    if layout.shows("serial"):
        _set_value(text, layout, layout.serial, (permit.serial,))
    canvas.drawText(text)
    draw_symbol(canvas, layout.symbol, permit.token_url)


def _set_value(text: PDFTextObject, layout: Layout, field: Field, lines: Sequence[str]) -> None:
    widest = max(lines, key=len)
    size = fitted_pt(widest, BOLD, field.size_pt, field.width)
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
