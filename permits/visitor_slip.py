"""A visitor's pass on a slip of a 58 mm receipt printer, black only."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.front import fill_modules
from permits.printing.inks import INK
from permits.printing.layouts import Box
from permits.printing.plate_text import fitted_plate_pt, set_plate
from permits.printing.shapes import draw_shape
from permits.printing.symbols import QUIET_MODULES, rectangles, symbol
from permits.printing.typefaces import BOLD, CAP_HEIGHT, MEDIUM, fitted_pt, register, tight

PAPER_MM = 58.0
PRINTED_MM = 48.0
"""Receipt printers for 58 mm paper print 384 dots, 8 to a millimetre (203 dpi)."""

DOTS_PER_MM = 8
LEFT_MM = (PAPER_MM - PRINTED_MM) / 2
FOOT_MM = 8.0
"""Paper below the last line, where it is torn off."""


@dataclass(frozen=True)
class Slip:
    """What stands on a slip: nothing of the household, for it lies behind a windscreen.

    Attributes:
        pass_url: what the symbol holds, in QR alphanumeric characters.
        plate: as people read it, `粤E·12345`.
        shape: of the host compound's colour, see `zones.shapes`.
        valid_from, valid_to: local times.
    """

    pass_url: str
    plate: str
    letter: str
    shape: str
    compound: str
    compound_en: str
    community: str
    number: int
    valid_from: datetime
    valid_to: datetime


def visitor_slip(slip: Slip, fonts: Path) -> bytes:
    """Return the slip as a PDF of one page, 58 mm wide.

    Every module of the symbol is a whole number of the printer's dots, so that it stays sharp.

    Raises:
        FontMissing: see `permits.printing.typefaces.register`.
    """
    register(fonts)
    code = symbol(slip.pass_url)
    dots = int(PRINTED_MM * DOTS_PER_MM) // (code.size + 2 * QUIET_MODULES)
    side = code.size * dots / DOTS_PER_MM
    quiet = QUIET_MODULES * dots / DOTS_PER_MM
    height = 62.0 + side + 2 * quiet + FOOT_MM
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(PAPER_MM * mm, height * mm))
    canvas.setTitle(f"{slip.number}")
    canvas.setFillGray(INK)
    top = height
    _line(canvas, top - 7, slip.community, BOLD, 11)
    _line(canvas, top - 12, "访客证 VISITOR PASS", MEDIUM, 9)
    canvas.rect(LEFT_MM * mm, (top - 14.5) * mm, PRINTED_MM * mm, 0.375 * mm, stroke=0, fill=1)
    size = fitted_plate_pt(slip.plate, 30, PRINTED_MM)
    text = canvas.beginText()
    set_plate(text, slip.plate, LEFT_MM * mm, (top - 25) * mm, size)
    canvas.drawText(text)
    _sign(canvas, top - 39, slip)
    for row, line in enumerate(
        (
            f"{slip.valid_from:%Y-%m-%d  %H:%M}",
            f"至 UNTIL {slip.valid_to:%Y-%m-%d  %H:%M}",
            f"编号 No. {slip.number}",
        )
    ):
        _line(canvas, top - 46 - row * 5.5, line, BOLD if row < 2 else MEDIUM, 10.5)
    # On the printer's grid: half a dot to the side would blur every edge.
    left = round((PAPER_MM - side) / 2 * DOTS_PER_MM) / DOTS_PER_MM
    box = Box(left, FOOT_MM + quiet, side, side)
    fill_modules(canvas, box, code.size, rectangles(code))
    _line(canvas, FOOT_MM - 2, "扫码核验 SCAN TO VERIFY", MEDIUM, 8)
    canvas.save()
    return file.getvalue()


def _line(
    canvas: Canvas,
    baseline_mm: float,
    words: str,
    font: str,
    largest_pt: float,
    x_mm: float = LEFT_MM,
) -> None:
    shown = tight(words)
    size = fitted_pt(shown, font, largest_pt, LEFT_MM + PRINTED_MM - x_mm)
    canvas.setFont(font, size)
    canvas.drawString(x_mm * mm, baseline_mm * mm, shown)


def _sign(canvas: Canvas, bottom_mm: float, slip: Slip) -> None:
    """Draw letter, shape and name of the host's compound."""
    cap = 9.0
    size = cap * mm / CAP_HEIGHT
    canvas.setFont(BOLD, size)
    canvas.drawString(LEFT_MM * mm, bottom_mm * mm, slip.letter)
    after = LEFT_MM + canvas.stringWidth(slip.letter, BOLD, size) / mm + 1
    draw_shape(canvas, slip.shape, after * mm, bottom_mm * mm, cap * mm)
    _line(canvas, bottom_mm + 5, slip.compound, BOLD, 11, after + cap + 2)
    _line(canvas, bottom_mm + 0.6, slip.compound_en, MEDIUM, 8, after + cap + 2)
