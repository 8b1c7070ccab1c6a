"""Pictures of what a run would print, drawn by the very code that prints."""

from __future__ import annotations

import enum
import io
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import pypdfium2

from permits.printing.layouts import Layout
from permits.printing.options import PrintOptions
from permits.printing.printed import PrintedPermit
from permits.printing.run import print_permits

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72

_pdfium = threading.Lock()
"""PDFium may be used by one thread at a time."""


class Part(enum.StrEnum):
    """What of a run is shown: the first permit, its back, or the whole first sheet."""

    PERMIT = "permit"
    BACK = "back"
    SHEET = "sheet"


_PX_PER_MM = {Part.PERMIT: 5.0, Part.BACK: 5.0, Part.SHEET: 2.5}


def preview_png(
    permits: Sequence[PrintedPermit],
    layout: Layout,
    options: PrintOptions,
    part: Part,
    *,
    fonts: Path,
    report_url: str,
) -> bytes:
    """Return a part of a run as a PNG; a part that is not printed is the first permit.

    Args:
        permits: the first ones of the run, at least one.

    Raises:
        PlaceNotOnSheet, FontMissing: see `print_permits`.
    """
    has_back = options.prints_backs(layout)
    if part is Part.BACK and not has_back:
        part = Part.PERMIT
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "preview.pdf"
        print_permits(
            permits, layout=layout, out=out, fonts=fonts, report_url=report_url, options=options
        )
        # Behind the cover, and behind its back.
        page = (2 if has_back else 1) + (part is Part.BACK)
        return _png(out, page, layout, options, part)


def _png(pdf: Path, page: int, layout: Layout, options: PrintOptions, part: Part) -> bytes:
    px_per_mm = _PX_PER_MM[part]
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            scale = px_per_mm * MM_PER_INCH / POINTS_PER_INCH
            picture = document[page].render(scale=scale).to_pil()
        finally:
            document.close()
    if part is not Part.SHEET:
        place = options.first_place - 1
        x, y = layout.cell_at(place)
        if part is Part.BACK:
            sideways = options.turns_sideways(layout)
            x, y = layout.cell_behind(place, sideways=sideways)
            if layout.hook and not sideways:
                # Shown as one reads it.
                picture = picture.rotate(180)
                x, y = (
                    layout.page[0] - x - layout.cell[0],
                    layout.page[1] - y - layout.cell[1],
                )
        top = layout.page[1] - y - layout.cell[1]
        edges = (x, top, x + layout.cell[0], top + layout.cell[1])
        left, upper, right, lower = (round(edge * px_per_mm) for edge in edges)
        picture = picture.crop((left, upper, right, lower))
    file = io.BytesIO()
    # Few colours: a quarter of the bytes.
    picture.convert("RGB").quantize(64).save(file, "PNG")
    return file.getvalue()
