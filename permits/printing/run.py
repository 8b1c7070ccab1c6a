"""A print run: permits sorted and laid on sheets, behind a cover that counts them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from permits.printing.options import AS_DESIGNED, NOWHERE, Offset, PrintOptions
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
    layout: str | Layout,
    out: Path,
    fonts: Path,
    report_url: str,
    options: PrintOptions = AS_DESIGNED,
    progress: Callable[[int, int], None] | None = None,
    symbols: SymbolDrawer = draw_symbol,
) -> PrintResult:
    """Print permits into one PDF: a cover, then each compound on sheets of its own.

    Sorted by letter, household and serial. The same permits give the same bytes: nothing in the
    file depends on a clock. The file appears under its name only when it is complete.

    Args:
        layout: a layout, or the name of one in `LAYOUTS`.
        fonts: folder with the Noto Sans SC files.
        report_url: printed on the backs.
        options: ink, sides, first place and the printer's offsets.
        progress: told of (done, total) permits.
        symbols: draws the symbols; `scripts/bench` compares others with ours.

    Raises:
        KeyError: an unknown layout.
        PlaceNotOnSheet: see `options`.
        FontMissing: a font file is not there.
        ValueError: no permits.
    """
    chosen = LAYOUTS[layout] if isinstance(layout, str) else layout
    options.require_place(chosen)
    register(fonts)
    ordered = sorted(permits, key=lambda one: (one.letter, one.sort_key, one.serial))
    if not ordered:
        raise ValueError("a print run needs permits")
    sections = list(_sections(ordered, chosen, options))
    scratch = out.with_name(f".{out.name}.part")
    pages = _Run(chosen, options, scratch, report_url, progress, symbols).draw(sections)
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


def _sections(
    ordered: Sequence[PrintedPermit], layout: Layout, options: PrintOptions
) -> Iterator[Section]:
    """Yield each compound's permits; only the first one begins on a used sheet."""
    sides = 2 if options.prints_backs(layout) else 1
    used, page = options.first_place - 1, sides + 1
    for _, members in groupby(ordered, key=lambda one: one.letter):
        group = list(members)
        sheets = -(-(len(group) + used) // layout.per_sheet)
        yield Section(group, sheets, (page, page + sheets * sides - 1))
        used, page = 0, page + sheets * sides


class _Run:
    def __init__(
        self,
        layout: Layout,
        options: PrintOptions,
        path: Path,
        report_url: str,
        progress: Callable[[int, int], None] | None,
        symbols: SymbolDrawer,
    ) -> None:
        self.layout = layout
        self.options = options
        self.has_back = options.prints_backs(layout)
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
        draw_cover(canvas, self.layout, sections, self.options)
        canvas.showPage()
        if self.has_back:
            # The cover's own back: without it fronts and backs would change places.
            canvas.showPage()
            self._make_form(
                "back", partial(draw_back, canvas, self.layout, sample, self.report_url)
            )
        self._make_form("marks", self._draw_crop_marks, self.layout.page)
        total = sum(len(section.permits) for section in sections)
        done, used = 0, self.options.first_place - 1
        for section in sections:
            letter = section.sample.letter
            one = section.sample
            # One of each kind stands for all that share its form.
            for kind in {_form_of(permit): permit for permit in section.permits}.values():
                self._make_form(
                    _form_of(kind),
                    partial(draw_shared, canvas, self.layout, kind, self.options),
                )
            self._bookmark(letter, f"{letter} {one.compound} · {len(section.permits)}")
            for sheet in _sheets(section.permits, self.layout.per_sheet, used):
                self._draw_sheet(sheet)
                done += len(sheet)
                if self.progress and (done % PROGRESS_EVERY < len(sheet) or done == total):
                    self.progress(done, total)
            used = 0
        canvas.showOutline()
        pages = int(canvas.getPageNumber()) - 1
        canvas.write()
        return pages

    def _bookmark(self, key: str, title: str) -> None:
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(title, key, level=0)

    def _make_form(
        self, name: str, draw: Callable[[], None], size: tuple[float, float] | None = None
    ) -> None:
        width, height = size or self.layout.cell
        self.canvas.beginForm(name, 0, 0, width * mm, height * mm)
        draw()
        self.canvas.endForm()

    def _draw_sheet(self, permits: Mapping[int, PrintedPermit]) -> None:
        canvas = self.canvas
        self._begin(self.options.front)
        for place, permit in permits.items():
            self._in_cell(place, permit)
        canvas.showPage()
        if self.has_back:
            self._begin(self.options.back)
            for place in permits:
                self._behind(place)
            canvas.showPage()

    def _begin(self, offset: Offset) -> None:
        if offset != NOWHERE:
            self.canvas.translate(offset.right_mm * mm, offset.up_mm * mm)
        self.canvas.doForm("marks")

    def _behind(self, place: int) -> None:
        canvas, layout = self.canvas, self.layout
        sideways = self.options.turns_sideways(layout)
        x, y = layout.cell_behind(place, sideways=sideways)
        canvas.saveState()
        if layout.hook and not sideways:
            # The hole is at one end: the back's lies behind it only where it is turned round.
            canvas.translate((x + layout.cell[0]) * mm, (y + layout.cell[1]) * mm)
            canvas.rotate(180)
        else:
            canvas.translate(x * mm, y * mm)
        canvas.doForm("back")
        canvas.restoreState()

    def _in_cell(self, place: int, permit: PrintedPermit) -> None:
        canvas = self.canvas
        x, y = self.layout.cell_at(place)
        canvas.saveState()
        canvas.translate(x * mm, y * mm)
        canvas.doForm(_form_of(permit))
        draw_own(canvas, self.layout, permit, self.symbols)
        canvas.restoreState()

    def _draw_crop_marks(self) -> None:
        """Draw short lines where the cuts begin and end, outside of what is kept."""
        layout, canvas = self.layout, self.canvas
        x0, y0 = layout.origin
        x1, y1 = x0 + layout.used[0], y0 + layout.used[1]
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(0.25)
        for axis, at in layout.cuts():
            if axis == "x" and 1 < at < layout.page[0] - 1:
                self._mark(at, y0, 0, -1)
                self._mark(at, y1, 0, 1)
            if axis == "y" and 1 < at < layout.page[1] - 1:
                self._mark(x0, at, -1, 0)
                self._mark(x1, at, 1, 0)

    def _mark(self, x: float, y: float, dx: int, dy: int) -> None:
        # Cells that reach the sheet's edge leave no room outside: the mark then points inwards.
        page = self.layout.page
        room = ((x, page[0] - x)[dx > 0]) if dx else ((y, page[1] - y)[dy > 0])
        sign, gap = (1, 1.0) if room > CROP_MARK_MM + 1 else (-1, 0.0)
        reach = CROP_MARK_MM + (0 if sign > 0 else 4)
        self.canvas.line(
            (x + sign * dx * gap) * mm,
            (y + sign * dy * gap) * mm,
            (x + sign * dx * (gap + reach)) * mm,
            (y + sign * dy * (gap + reach)) * mm,
        )


def _form_of(permit: PrintedPermit) -> str:
    """Name the form that a permit shares with others."""
    space = "" if permit.space is None else "-space"
    return permit.letter + space + ("-temporary" if permit.is_temporary else "")


def _sheets(
    permits: Sequence[PrintedPermit], per_sheet: int, used: int
) -> Iterator[Mapping[int, PrintedPermit]]:
    """Yield each sheet's permits by their place; the first sheet's first places are used."""
    for start in range(-used, len(permits), per_sheet):
        yield {
            place: permits[start + place]
            for place in range(per_sheet)
            if 0 <= start + place < len(permits)
        }
