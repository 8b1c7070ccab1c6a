"""Setting a plate with a small and narrow dot.

The typeface's own `·` is as wide as a Chinese character and would tear the plate apart.
"""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.pdfgen.textobject import PDFTextObject

from permits.printing.typefaces import BOLD, REGULAR, width_mm

DOT_EM = 0.3
"""Room of the dot in a plate, in em."""

DOT_SCALE = 0.62
"""Size of the dot beside that of the plate: on metal it is little wider than a stroke."""

DOT_RISE_EM = 0.145
"""Lifts the small dot to half the height of the capitals."""


def fitted_plate_pt(plate: str, largest_pt: float, room_mm: float) -> float:
    """Return the largest size, at most `largest_pt`, at which a plate fits its room."""
    head, _, tail = plate.partition("·")
    em_mm = width_mm(head, BOLD, 1) + width_mm(tail, BOLD, 1) + DOT_EM / mm
    return float(min(largest_pt, room_mm / em_mm))


def set_plate(
    text: PDFTextObject, plate: str, x_pt: float, baseline_pt: float, size_pt: float
) -> None:
    """Set a plate such as `粤E·12345` in bold, beginning at a point."""
    head, _, tail = plate.partition("·")
    text.setFont(BOLD, size_pt)
    text.setTextOrigin(x_pt, baseline_pt)
    text.textOut(head[:-1])
    text.setCharSpace((DOT_EM - DOT_SCALE) / 2 * size_pt)
    text.textOut(head[-1])
    text.setFont(REGULAR, DOT_SCALE * size_pt)
    text.setRise(DOT_RISE_EM * size_pt)
    text.textOut("·")
    text.setRise(0)
    text.setCharSpace(0)
    text.setFont(BOLD, size_pt)
    text.textOut(tail)
