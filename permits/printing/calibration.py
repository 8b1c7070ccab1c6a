"""The calibration pages: a cross and rulers at known places on both sides of a sheet, twice.

Portrait first, then landscape, each with its back. The cross stands `CROSS_MM` from the left and
the upper edge of its page; where it comes out is what the office measures.
"""

from __future__ import annotations

import io

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.drawing import Pen
from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import A4_LANDSCAPE_MM, A4_PORTRAIT_MM
from permits.printing.typefaces import BOLD, MEDIUM

CROSS_MM = 50.0
ARM_MM = 25.0
RULE_MM = 100

STEPS = (
    (
        "双面打印本文件，选“实际大小（100%）”，不要“适合页面”。",
        "Print this file on both sides at actual size (100 %), never “fit to page”.",
    ),
    (
        "先看标尺：从 0 到 100 应当正好 100 毫米，否则是缩放没有关掉。",
        "Check the rulers first: from 0 to 100 must be 100 mm, else scaling is still on.",
    ),
    (
        "用直尺量十字中心到纸的左边和上边的距离，精确到 0.1～0.2 毫米。",
        "With a ruler, measure the middle of the cross from the paper's left and upper edge.",
    ),
    (
        "四面都量好，把八个数填进“打印机”页面。刚好是 50.0 的就不用改。",
        "Do so on all four sides and enter the eight numbers on the page “Printers”. What is 50.0 "
        "stays as it is.",
    ),
)
"""How to measure, in Chinese and English."""


def calibration_pages(printer: str = "") -> bytes:
    """Return the four pages as a PDF; the fonts are registered already.

    Args:
        printer: its name, printed so that two printers' sheets are not mixed up.
    """
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(210 * mm, 297 * mm), invariant=1, lang="zh-CN")
    canvas.setTitle("打印机校准页 · Printer calibration")
    canvas.setViewerPreference("PrintScaling", "None")
    for page, way_zh, way_en in (
        (A4_PORTRAIT_MM, "纵向", "portrait"),
        (A4_LANDSCAPE_MM, "横向", "landscape"),
    ):
        for side_zh, side_en in (("正面", "front"), ("背面", "back")):
            canvas.setPageSize((page[0] * mm, page[1] * mm))
            _draw_page(Pen(canvas), page, f"{way_zh}{side_zh}", f"{way_en}, {side_en}", printer)
            canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_page(pen: Pen, page: tuple[float, float], name: str, english: str, printer: str) -> None:
    width, height = page
    x, y = CROSS_MM, height - CROSS_MM
    _draw_cross(pen, x, y)
    pen.text(x + 34, height - 24, name, 26, font=BOLD)
    pen.text(x + 34, height - 31, f"{english} · {printer}".rstrip(" ·"), 11, ink=LABEL_GREY)
    pen.text(x - 2, height - 12, "↑", 14, font=BOLD, align="right")
    pen.text(x, height - 12, "上边 upper edge", 9, font=MEDIUM)
    pen.text(8, y + 3, "← 左边 left edge", 9, font=MEDIUM)
    pen.text(x + 34, y + 1.2, "十字应距左边 50.0 毫米、距上边 50.0 毫米", 11, font=BOLD)
    pen.text(
        x + 34,
        y - 4.4,
        "The cross belongs 50.0 mm from the left and the upper edge",
        9,
        ink=LABEL_GREY,
        room=width - x - 48,
    )
    top = y - 44
    for number, (chinese, words) in enumerate(STEPS, start=1):
        pen.text(50, top, f"{number}", 12, font=BOLD)
        pen.text(58, top, chinese, 11, font=MEDIUM, room=width - 72)
        pen.text(58, top - 5, words, 8.5, ink=LABEL_GREY, room=width - 72)
        top -= 13
    _draw_rule(pen, 58, 22, upright=False)
    _draw_rule(pen, 28, 22, upright=True)


def _draw_cross(pen: Pen, x: float, y: float) -> None:
    """Draw the cross with ticks of a millimetre on its arms, longer ones at 5 and 10."""
    canvas = pen.canvas
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(0.1 * mm)
    canvas.line((x - ARM_MM) * mm, y * mm, (x + ARM_MM) * mm, y * mm)
    canvas.line(x * mm, (y - ARM_MM) * mm, x * mm, (y + ARM_MM) * mm)
    canvas.circle(x * mm, y * mm, 4 * mm)
    for step in range(-20, 21):
        reach = 2.0 if step % 10 == 0 else 1.4 if step % 5 == 0 else 0.8
        canvas.line((x + step) * mm, (y - reach) * mm, (x + step) * mm, (y + reach) * mm)
        canvas.line((x - reach) * mm, (y + step) * mm, (x + reach) * mm, (y + step) * mm)


def _draw_rule(pen: Pen, x: float, y: float, *, upright: bool) -> None:
    """Draw a ruler of 100 mm from a point, to the right or upwards."""
    canvas = pen.canvas
    canvas.saveState()
    canvas.translate(x * mm, y * mm)
    if upright:
        canvas.rotate(90)
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(0.1 * mm)
    canvas.line(0, 0, RULE_MM * mm, 0)
    for step in range(RULE_MM + 1):
        reach = 4.0 if step % 10 == 0 else 2.8 if step % 5 == 0 else 1.6
        canvas.line(step * mm, 0, step * mm, reach * mm)
        if step % 10 == 0:
            pen.text(step, 5.2, f"{step}", 8, font=MEDIUM, align="middle")
    pen.text(RULE_MM + 6, 5.2, "mm", 8, font=MEDIUM)
    canvas.restoreState()
