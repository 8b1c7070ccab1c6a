"""The front of a permit: what a compound's permits share is drawn once, the rest each time."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.layouts import Field, Layout
from permits.printing.printed import PrintedPermit
from permits.printing.shapes import draw_shape
from permits.printing.symbols import rectangles, symbol
from permits.printing.typefaces import BOLD, CAP_HEIGHT, MEDIUM, REGULAR, fitted_pt, width_mm

DOT_EM = 0.3
"""Room of the dot in a plate, in em."""

INK = "#16181D"
LABEL_GREY = "#5B6067"
LINE_MM_PER_PT = 0.46
"""Distance of two lines of a value for each point of its size."""


def draw_shared(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    """Draw what every permit of the compound shows: band, labels, compound, zones."""
    _draw_band(canvas, layout, permit)
    canvas.setFillColor(LABEL_GREY)
    for field, label in (
        (layout.plate, "车牌 PLATE"),
        (layout.compound, "小区 COMPOUND"),
        (layout.zones, f"停车区域 ZONES · 方案 {permit.plan_number}"),
        (layout.validity, "有效期 VALID"),
        (layout.serial, "编号 SERIAL"),
    ):
        _draw_label(canvas, layout, field, label)
    if layout.caption_pt:
        canvas.setFont(REGULAR, layout.caption_pt)
        canvas.drawCentredString(
            layout.symbol.middle * mm, layout.serial.y * mm, "扫码核验 · scan to verify"
        )
    canvas.setFillColor(INK)
    _draw_value(canvas, layout.compound, [permit.compound])
    _draw_english(canvas, layout, permit)
    _draw_value(canvas, layout.zones, zone_lines(permit.zones, layout.zones))


def _draw_band(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    band = layout.band
    canvas.setFillColor(permit.colour.hex)
    canvas.rect(band.x * mm, band.y * mm, band.width * mm, band.height * mm, stroke=0, fill=1)
    canvas.setFillColor(permit.colour.large_hex)
    if layout.title_pt:
        room = band.width - 6
        for row, text in enumerate((permit.community, "车辆出入证")):
            canvas.setFont(BOLD, fitted_pt(text, BOLD, layout.title_pt, room))
            y = band.top - 10.5 - row * 7
            canvas.drawCentredString(band.middle * mm, y * mm, text)
    size_pt = layout.letter_cap * mm / CAP_HEIGHT
    canvas.setFont(BOLD, size_pt)
    canvas.drawCentredString(band.middle * mm, layout.letter_y * mm, permit.letter)
    left = band.middle - layout.shape / 2
    draw_shape(canvas, permit.colour.shape, left * mm, layout.shape_y * mm, layout.shape * mm)


def _draw_label(canvas: Canvas, layout: Layout, field: Field, label: str) -> None:
    canvas.setFont(REGULAR, fitted_pt(label, REGULAR, layout.label_pt, field.width))
    canvas.drawString(field.x * mm, label_y(layout, field) * mm, label)


def label_y(layout: Layout, field: Field) -> float:
    """Return the baseline of a field's label: over its first line, in millimetres."""
    return field.y + field.size_pt * CAP_HEIGHT / float(mm) + layout.label_gap


def _draw_english(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    field = layout.compound
    canvas.setFillColor(LABEL_GREY)
    canvas.setFont(MEDIUM, fitted_pt(permit.compound_en, MEDIUM, layout.label_pt, field.width))
    y = field.y - layout.label_pt * 0.45
    canvas.drawString(field.x * mm, y * mm, permit.compound_en)
    canvas.setFillColor(INK)


def _draw_value(canvas: Canvas, field: Field, lines: Sequence[str]) -> None:
    size = min(fitted_pt(line, BOLD, field.size_pt, field.width) for line in lines)
    canvas.setFont(BOLD, size)
    for row, line in enumerate(lines):
        canvas.drawString(field.x * mm, (field.y - row * field.size_pt * LINE_MM_PER_PT) * mm, line)


def zone_lines(zones: str, field: Field) -> list[str]:
    """Return the zones in as many lines as the field has, each as short as can be.

    Zones with hours stay whole; long lists break between zones.
    """
    if width_mm(zones, BOLD, field.size_pt) <= field.width or field.lines == 1:
        return [zones]
    all_day, _, timed = zones.partition(" · ")
    if timed and width_mm(all_day, BOLD, field.size_pt) <= field.width:
        return [all_day, timed]
    words = zones.split(" ")
    half = min(
        range(1, len(words)),
        key=lambda cut: max(len(" ".join(words[:cut])), len(" ".join(words[cut:]))),
        default=1,
    )
    return [line for line in (" ".join(words[:half]), " ".join(words[half:])) if line]


def draw_own(canvas: Canvas, layout: Layout, permit: PrintedPermit) -> None:
    """Draw what only this permit shows: plate, days, serial and symbol."""
    draw_plate(canvas, layout.plate, permit.plate)
    _draw_value(canvas, layout.validity, [f"{permit.valid_from}", f"至 {permit.valid_to}"])
    _draw_value(canvas, layout.serial, [permit.serial])
    draw_symbol(canvas, layout, rectangles_of(permit.token_url))


def draw_plate(canvas: Canvas, field: Field, plate: str) -> None:
    """Draw a plate as large as its field allows, with a narrow dot.

    The typeface's own `·` is as wide as a Chinese character and would tear the plate apart.
    """
    head, _, tail = plate.partition("·")
    em_mm = width_mm(head, BOLD, 1) + width_mm(tail, BOLD, 1) + DOT_EM / mm
    size = min(field.size_pt, field.width / em_mm)
    canvas.setFont(BOLD, size)
    x, y = field.x * mm, field.y * mm
    canvas.drawString(x, y, head)
    x += width_mm(head, BOLD, size) * mm
    canvas.circle(x + size * DOT_EM / 2, y + size * CAP_HEIGHT / 2, size * 0.065, stroke=0, fill=1)
    canvas.drawString(x + size * DOT_EM, y, tail)


def rectangles_of(text: str) -> tuple[int, str]:
    """Return a symbol's modules on a side and its path operators."""
    one = symbol(text)
    return one.size, rectangles(one)


def draw_symbol(canvas: Canvas, layout: Layout, ready: tuple[int, str]) -> None:
    """Fill a symbol's modules as one path."""
    size, path = ready
    box = layout.symbol
    scale = box.width * mm / size
    canvas.addLiteral(f"q {scale:.4f} 0 0 {scale:.4f} {box.x * mm:.3f} {box.y * mm:.3f} cm")
    canvas.addLiteral(path)
    canvas.addLiteral("f Q")
