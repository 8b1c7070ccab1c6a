"""The cover sheet: what the run holds, and how to print and cut it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Layout
from permits.printing.options import AS_DESIGNED, Flip, Ink, PrintOptions
from permits.printing.printed import PrintedPermit
from permits.printing.shapes import draw_shape
from permits.printing.typefaces import BOLD, MEDIUM, REGULAR, fitted_pt, tight

LEFT = 20.0
COUNTS_MM = 58.0
UNIT_MM = 13.4


def _hints(layout: Layout, options: PrintOptions) -> Iterator[str]:
    """Yield how to print and cut, in Chinese and English by turns."""
    paper = layout.paper.upper()
    kind_zh = "不干胶纸" if layout.is_adhesive else "纸"
    kind_en = "adhesive paper" if layout.is_adhesive else "paper"
    way_zh, way_en = ("横向", "landscape") if layout.is_landscape else ("纵向", "portrait")
    if options.prints_backs(layout):
        edge_zh, edge_en = ("长", "long") if options.flip is Flip.LONG else ("短", "short")
        sides_zh, sides_en = f"双面打印，沿{edge_zh}边翻转", f"both sides, flip on {edge_en} edge"
    else:
        sides_zh, sides_en = "单面打印", "one side"
    yield f"{paper} {kind_zh}{way_zh}，实际大小（100%），{sides_zh}。"
    yield f"{paper} {kind_en}, {way_en}, actual size (100 %), {sides_en}."
    if options.ink is Ink.BLACK:
        yield "本页印在白纸上。各色按上表的页码分批打印，每批先装入该颜色的纸；只用黑色。"
        yield (
            "Print this page on white paper, then each row's pages on paper of the colour named "
            "there; in black only."
        )
    if options.first_place > 1:
        yield f"第一张是用过的纸：从第 {options.first_place} 格开始印，请照原来的方向放纸。"
        yield (
            f"The first sheet is a used one: it begins at place {options.first_place}. Load it "
            "the way it lay before."
        )
    yield (
        "先打印本页，量一下标尺：100 毫米不准时请关闭“适合页面”。沿裁切线裁开，"
        f"每张 {layout.per_sheet} 个。"
    )
    yield (
        "Print this page first and measure the rule: if 100 mm is not 100 mm, switch off scaling "
        f"in the print dialogue. Cut along the marks, {layout.per_sheet} a sheet."
    )


@dataclass(frozen=True)
class Section:
    """The permits of one compound, in printing order.

    Attributes:
        pages: first and last page in the file.
    """

    permits: Sequence[PrintedPermit]
    sheets: int
    pages: tuple[int, int]

    @property
    def sample(self) -> PrintedPermit:
        """One of them, for what they share."""
        return self.permits[0]

    @property
    def serials(self) -> str:
        """The first and the last serial."""
        numbers = sorted(permit.serial for permit in self.permits)
        return f"{numbers[0]} – {numbers[-1]}"


def draw_cover(
    canvas: Canvas,
    layout: Layout,
    sections: Sequence[Section],
    options: PrintOptions = AS_DESIGNED,
) -> None:
    """Draw the cover: totals, a line for each compound, and how to print."""
    width, height = layout.page
    room = width - 2 * LEFT
    sample = sections[0].sample
    permits = sum(len(section.permits) for section in sections)
    sheets = sum(section.sheets for section in sections)
    top = height - 26
    _text(canvas, (LEFT, top), f"{sample.community} 车辆出入证", BOLD, 26, room)
    subtitle = f"{sample.community_en} · Parking access permits · {layout.name}"
    _text(canvas, (LEFT, top - 8), subtitle, REGULAR, 11, room, LABEL_GREY)
    plan = f"按停车分区方案 {sample.plan_number} · Zone plan {sample.plan_number}"
    _text(canvas, (LEFT, top - 14), plan, REGULAR, 11, room, LABEL_GREY)
    y = top - 22
    lowest = 70 + 12.2 * (len(list(_hints(layout, options))) / 2 - 2)
    step = min(15.0, (y - lowest) / len(sections))
    _rule(canvas, y, room)
    for section in sections:
        _draw_section(canvas, section, y - step / 2, room, step, options.ink)
        y -= step
        _rule(canvas, y, room)
    _text(canvas, (LEFT, y - 8), "合计 Total", BOLD, 12, room)
    _draw_counts(canvas, permits, sheets, y - 8, room)
    _draw_hints(canvas, list(_hints(layout, options)), room)


def _draw_section(
    canvas: Canvas, section: Section, y: float, room: float, step: float, ink: Ink
) -> None:
    sample = section.sample
    side = min(10.0, step - 2.4)
    if ink is Ink.BLACK:
        canvas.setStrokeGray(INK)
        canvas.setLineWidth(0.4 * mm)
        canvas.rect(LEFT * mm, (y - side / 2) * mm, 26 * mm, side * mm)
        canvas.setFillGray(INK)
    else:
        canvas.setFillColor(sample.colour.hex)
        canvas.rect(LEFT * mm, (y - side / 2) * mm, 26 * mm, side * mm, stroke=0, fill=1)
        canvas.setFillColor(sample.colour.large_hex)
    canvas.setFont(BOLD, side * 2)
    canvas.drawString((LEFT + 4) * mm, (y - side * 0.26) * mm, sample.letter)
    shape = side * 0.55
    draw_shape(canvas, sample.colour.shape, (LEFT + 15) * mm, (y - shape / 2) * mm, shape * mm)
    x, names_room = LEFT + 31, room - 31 - COUNTS_MM
    first, last = section.pages
    pages = f"第 {first}–{last} 页 pages" if first < last else f"第 {first} 页 page"
    title, detail = sample.compound, f"{sample.compound_en} · {section.serials} · {pages}"
    if ink is Ink.BLACK:
        title = f"装{sample.colour.name_zh}纸 · load {sample.colour.name_en} paper"
        detail = f"{pages} · {sample.compound} {sample.compound_en} · {section.serials}"
    _text(canvas, (x, y + side * 0.06), title, BOLD, side * 1.2, names_room)
    _text(canvas, (x, y - side * 0.42), detail, REGULAR, side * 0.9, names_room, LABEL_GREY)
    _draw_counts(canvas, len(section.permits), section.sheets, y - 1.6, room)


def _draw_counts(canvas: Canvas, permits: int, sheets: int, y: float, room: float) -> None:
    """Draw two columns of figures that end above each other."""
    for right, count, chinese, one, many in (
        (room - 30, permits, "证", "permit", "permits"),
        (room, sheets, "张", "sheet", "sheets"),
    ):
        unit = f"{chinese} {one if count == 1 else many}"
        canvas.setFillGray(LABEL_GREY)
        canvas.setFont(REGULAR, 9)
        canvas.drawString((LEFT + right - UNIT_MM) * mm, y * mm, unit)
        canvas.setFillGray(INK)
        canvas.setFont(BOLD, 13)
        canvas.drawRightString((LEFT + right - UNIT_MM - 1.5) * mm, y * mm, f"{count}")


def _text(
    canvas: Canvas,
    at: tuple[float, float],
    text: str,
    font: str,
    size_pt: float,
    room: float,
    ink: float = INK,
) -> None:
    shown = tight(text)
    canvas.setFillGray(ink)
    canvas.setFont(font, fitted_pt(shown, font, size_pt, room))
    canvas.drawString(at[0] * mm, at[1] * mm, shown)


def _rule(canvas: Canvas, y: float, width: float) -> None:
    canvas.setFillGray(LABEL_GREY)
    canvas.rect(LEFT * mm, y * mm, width * mm, 0.15 * mm, stroke=0, fill=1)


def _draw_hints(canvas: Canvas, hints: Sequence[str], room: float) -> None:
    y = 50.0 + 12.2 * (len(hints) / 2 - 2)
    for index, hint in enumerate(hints):
        is_chinese = index % 2 == 0
        font, ink = (MEDIUM, INK) if is_chinese else (REGULAR, LABEL_GREY)
        _text(canvas, (LEFT, y), hint, font, 9.5, room, ink)
        y -= 5.2 if is_chinese else 7
    canvas.setFillGray(INK)
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT * mm, 16 * mm, (LEFT + 100) * mm, 16 * mm)
    for tick in range(11):
        reach = 3.2 if tick % 5 == 0 else 1.8
        canvas.line((LEFT + tick * 10) * mm, 16 * mm, (LEFT + tick * 10) * mm, (16 + reach) * mm)
    canvas.setFont(MEDIUM, 9)
    canvas.drawString((LEFT + 103) * mm, 15.2 * mm, "100 mm")
