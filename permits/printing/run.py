"""A print run: permits sorted and laid on sheets, behind a cover that counts them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from reportlab.lib.units import mm

from permits.printing.back import draw_back
from permits.printing.cover import Section, draw_cover
from permits.printing.front import SymbolDrawer, draw_own, draw_shared, draw_symbol
from permits.printing.inks import INK
from permits.printing.layouts import LAYOUTS, Layout
from permits.printing.printed import PrintedPermit
from permits.printing.spooling import SpoolingCanvas
from permits.printing.typefaces import register

CROP_MARK_MM = 4.0
PROGRESS_EVERY = 50


@dataclass(frozen=True)
class PrintResult:
    """A printed file.

    Attributes:
        sheets: sheets of paper that hold permits; the cover is not counted.
        pages: pages of the file.
    """

    path: Path
    sha256: str
    permits: int
    sheets: int
    pages: int


def print_permits(
    permits: Iterable[PrintedPermit],
    *,
    layout: str,
    out: Path,
    fonts: Path,
    report_url: str,
    progress: Callable[[int, int], None] | None = None,
    symbols: SymbolDrawer = draw_symbol,
) -> PrintResult:
    """Print permits into one PDF: a cover, then each compound on sheets of its own.

    Sorted by letter, household and serial. The same permits give the same bytes: nothing in the
    file depends on a clock. The file appears under its name only when it is complete.

    Args:
        layout: a name in `LAYOUTS`.
        fonts: folder with the Noto Sans SC files.
        report_url: printed on the backs.
        progress: told of (done, total) permits.
        symbols: draws the symbols; `scripts/bench` compares others with ours.

    Raises:
        KeyError: an unknown layout.
        FontMissing: a font file is not there.
        ValueError: no permits.
    """
    chosen = LAYOUTS[layout]
    register(fonts)
    ordered = sorted(permits, key=lambda one: (one.letter, one.sort_key, one.serial))
    if not ordered:
        raise ValueError("a print run needs permits")
    sections = [
        Section(group, -(-len(group) // chosen.per_sheet))
        for group in (list(members) for _, members in groupby(ordered, key=lambda one: one.letter))
    ]
    scratch = out.with_name(f".{out.name}.part")
    pages = _Run(chosen, scratch, report_url, progress, symbols).draw(sections)
    digest = hashlib.sha256()
    with scratch.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    os.replace(scratch, out)
    return PrintResult(
        out,
        digest.hexdigest(),
        len(ordered),
        sum(section.sheets for section in sections),
        pages,
    )


class _Run:
    def __init__(
        self,
        layout: Layout,
        path: Path,
        report_url: str,
        progress: Callable[[int, int], None] | None,
        symbols: SymbolDrawer,
    ) -> None:
        self.layout = layout
        self.report_url = report_url
        self.progress = progress
        self.symbols = symbols
        page = (layout.page[0] * mm, layout.page[1] * mm)
        self.canvas = SpoolingCanvas(path, page, language="zh-CN")

    def draw(self, sections: Sequence[Section]) -> int:
        """Draw the whole run and return its number of pages."""
        canvas = self.canvas
        sample = sections[0].sample
        canvas.describe(f"{sample.community} 车辆出入证 · Parking access permits", sample.community)
        canvas.setSubject(self.layout.name)
        canvas.setViewerPreference("PrintScaling", "None")
        self._bookmark("cover", "封面 · Cover")
        draw_cover(canvas, self.layout, sections)
        canvas.showPage()
        if self.layout.has_back:
            # The cover's own back: without it fronts and backs would change places.
            canvas.showPage()
            self._make_form(
                "back", partial(draw_back, canvas, self.layout, sample, self.report_url)
            )
        total = sum(len(section.permits) for section in sections)
        done = 0
        for section in sections:
            letter = section.sample.letter
            one = section.sample
            self._make_form(letter, partial(draw_shared, canvas, self.layout, one))
            self._bookmark(letter, f"{letter} {one.compound} · {len(section.permits)}")
            for sheet in _sheets(section.permits, self.layout.per_sheet):
                self._draw_sheet(sheet)
                done += len(sheet)
                if self.progress and (done % PROGRESS_EVERY < len(sheet) or done == total):
                    self.progress(done, total)
        canvas.showOutline()
        pages = int(canvas.getPageNumber()) - 1
        canvas.write()
        return pages

    def _bookmark(self, key: str, title: str) -> None:
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(title, key, level=0)

    def _make_form(self, name: str, draw: Callable[[], None]) -> None:
        width, height = self.layout.cell
        self.canvas.beginForm(name, 0, 0, width * mm, height * mm)
        draw()
        self.canvas.endForm()

    def _draw_sheet(self, permits: Sequence[PrintedPermit]) -> None:
        canvas = self.canvas
        self._draw_crop_marks()
        for place, permit in enumerate(permits):
            self._in_cell(place, permit)
        canvas.showPage()
        if self.layout.has_back:
            for place in range(len(permits)):
                x, y = self.layout.cell_at(self.layout.behind(place))
                canvas.saveState()
                canvas.translate(x * mm, y * mm)
                canvas.doForm("back")
                canvas.restoreState()
            canvas.showPage()

    def _in_cell(self, place: int, permit: PrintedPermit) -> None:
        canvas = self.canvas
        x, y = self.layout.cell_at(place)
        canvas.saveState()
        canvas.translate(x * mm, y * mm)
        canvas.doForm(permit.letter)
        draw_own(canvas, self.layout, permit, self.symbols)
        canvas.restoreState()

    def _draw_crop_marks(self) -> None:
        """Draw short lines where the cuts begin and end, outside of what is kept."""
        layout, canvas = self.layout, self.canvas
        x0, y0 = layout.origin
        x1, y1 = x0 + layout.columns * layout.cell[0], y0 + layout.rows * layout.cell[1]
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(0.25)
        for column in range(layout.columns + 1):
            x = x0 + column * layout.cell[0]
            if 1 < x < layout.page[0] - 1:
                self._mark(x, y0, 0, -1)
                self._mark(x, y1, 0, 1)
        for row in range(layout.rows + 1):
            y = y0 + row * layout.cell[1]
            if 1 < y < layout.page[1] - 1:
                self._mark(x0, y, -1, 0)
                self._mark(x1, y, 1, 0)

    def _mark(self, x: float, y: float, dx: int, dy: int) -> None:
        # Cells that fill the sheet leave no room outside: the mark then points inwards.
        page = self.layout.page
        outside = min(x, page[0] - x) if dx else min(y, page[1] - y)
        sign, gap = (1, 1.0) if outside > CROP_MARK_MM + 1 else (-1, 0.0)
        reach = CROP_MARK_MM + (0 if sign > 0 else 4)
        self.canvas.line(
            (x + sign * dx * gap) * mm,
            (y + sign * dy * gap) * mm,
            (x + sign * dx * (gap + reach)) * mm,
            (y + sign * dy * (gap + reach)) * mm,
        )


def _sheets(permits: Sequence[PrintedPermit], per_sheet: int) -> Iterator[Sequence[PrintedPermit]]:
    for start in range(0, len(permits), per_sheet):
        yield permits[start : start + per_sheet]
