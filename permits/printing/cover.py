"""The cover sheet: what the run holds, and how to print and cut it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.front import INK, LABEL_GREY
from permits.printing.layouts import Layout
from permits.printing.printed import PrintedPermit
from permits.printing.shapes import draw_shape
from permits.printing.typefaces import BOLD, MEDIUM, REGULAR, fitted_pt

LEFT = 20.0
HINTS = {
    "card": (
        "A4 纸横向，实际大小（100%），双面打印，沿长边翻转。",
        "A4 landscape, actual size (100 %), both sides, flip on long edge.",
        "先打印本页，量一下标尺：100 毫米不准时请关闭“适合页面”。沿裁切线裁开，每张四个。",
        "Print this page first and measure the rule: if 100 mm is not 100 mm, switch off “fit to "
        "page”. Cut along the marks, four cards a sheet.",
    ),
    "sticker": (
        "A4 不干胶纸纵向，实际大小（100%），单面打印。",
        "A4 adhesive paper, portrait, actual size (100 %), one side.",
        "先打印本页，量一下标尺：100 毫米不准时请关闭“适合页面”。沿裁切线裁开，每张八个。",
        "Print this page first and measure the rule: if 100 mm is not 100 mm, switch off “fit to "
        "page”. Cut along the marks, eight stickers a sheet.",
    ),
}


@dataclass(frozen=True)
class Section:
    """The permits of one compound, in printing order."""

    permits: Sequence[PrintedPermit]
    sheets: int

    @property
    def sample(self) -> PrintedPermit:
        """One of them, for what they share."""
        return self.permits[0]

    @property
    def serials(self) -> str:
        """The first and the last serial."""
        numbers = sorted(permit.serial for permit in self.permits)
        return f"{numbers[0]} – {numbers[-1]}"


def draw_cover(canvas: Canvas, layout: Layout, sections: Sequence[Section]) -> None:
    """Draw the cover: totals, a line for each compound, and how to print."""
    width, height = layout.page
    room = width - 2 * LEFT
    sample = sections[0].sample
    permits = sum(len(section.permits) for section in sections)
    sheets = sum(section.sheets for section in sections)
    top = height - 28
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 24)
    canvas.drawString(LEFT * mm, top * mm, f"{sample.community} 车辆出入证")
    canvas.setFillColor(LABEL_GREY)
    canvas.setFont(REGULAR, 11)
    subtitle = f"{sample.community_en} · parking access permits · {layout.name}"
    canvas.drawString(LEFT * mm, (top - 7) * mm, subtitle)
    canvas.setFillColor(INK)
    canvas.setFont(MEDIUM, 13)
    total = f"共 {permits} 证，{sheets} 张纸 · {permits} permits on {sheets} sheets"
    canvas.drawString(LEFT * mm, (top - 19) * mm, total)
    y = top - 34
    step = min(15.0, (y - 62) / max(len(sections), 1))
    for section in sections:
        _draw_section(canvas, section, y, room, step)
        y -= step
    _draw_hints(canvas, layout, room)


def _draw_section(canvas: Canvas, section: Section, y: float, room: float, step: float) -> None:
    sample = section.sample
    side = min(10.0, step - 2)
    canvas.setFillColor(sample.colour.hex)
    canvas.rect(LEFT * mm, (y - side / 2) * mm, 26 * mm, side * mm, stroke=0, fill=1)
    canvas.setFillColor(sample.colour.large_hex)
    canvas.setFont(BOLD, side * 2)
    canvas.drawString((LEFT + 4) * mm, (y - side * 0.26) * mm, sample.letter)
    shape = side * 0.55
    draw_shape(canvas, sample.colour.shape, (LEFT + 15) * mm, (y - shape / 2) * mm, shape * mm)
    canvas.setFillColor(INK)
    names = f"{sample.compound} · {sample.compound_en}"
    canvas.setFont(BOLD, fitted_pt(names, BOLD, 12, room * 0.44))
    canvas.drawString((LEFT + 31) * mm, (y + 0.6) * mm, names)
    canvas.setFillColor(LABEL_GREY)
    canvas.setFont(REGULAR, fitted_pt(section.serials, REGULAR, 9, room * 0.44))
    canvas.drawString((LEFT + 31) * mm, (y - 4.2) * mm, section.serials)
    canvas.setFillColor(INK)
    counts = f"{len(section.permits)} 证 · {section.sheets} 张"
    canvas.setFont(MEDIUM, 12)
    canvas.drawRightString((LEFT + room) * mm, (y - 1.5) * mm, counts)


def _draw_hints(canvas: Canvas, layout: Layout, room: float) -> None:
    y = 50.0
    for index, hint in enumerate(HINTS[layout.name]):
        canvas.setFillColor(LABEL_GREY if index % 2 else INK)
        font = REGULAR if index % 2 else MEDIUM
        canvas.setFont(font, fitted_pt(hint, font, 9.5, room))
        canvas.drawString(LEFT * mm, y * mm, hint)
        y -= 5.2 if index % 2 == 0 else 7
    canvas.setFillColor(INK)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT * mm, 16 * mm, (LEFT + 100) * mm, 16 * mm)
    for tick in range(11):
        reach = 3.2 if tick % 5 == 0 else 1.8
        canvas.line((LEFT + tick * 10) * mm, 16 * mm, (LEFT + tick * 10) * mm, (16 + reach) * mm)
    canvas.setFont(MEDIUM, 9)
    canvas.drawString((LEFT + 103) * mm, 15.2 * mm, "100 mm")
