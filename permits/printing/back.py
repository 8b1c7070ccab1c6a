"""The back of a card: the rules, and how to report, in Chinese and English."""

from __future__ import annotations

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Layout
from permits.printing.printed import PrintedPermit
from permits.printing.typefaces import BOLD, REGULAR, fitted_pt, tight

MARGIN_MM = 10.0
INDENT_MM = 6.0

RULES = (
    (
        "请将本证正面朝外放在前挡风玻璃后，颜色、车牌和二维码须清晰可见。",
        "Place this card behind the windscreen, front outwards: colour, plate and code in full "
        "view.",
    ),
    (
        "本证仅限证上车牌使用，不得转借、复印或涂改。",
        "Valid only for the plate printed on it. Do not lend, copy or alter it.",
    ),
    (
        "车辆只可停放在本色停车区域内，消防通道任何时候不得停车。",
        "Park only in zones of this colour. Fire lanes must be kept clear at all times.",
    ),
    (
        "门岗扫码核验并核对车牌，请减速配合。",
        "Guards scan the card and compare the plate. Please slow down for them.",
    ),
    (
        "遗失或换车请到社区办公室补办，旧证随即作废。",
        "Lost card or new car: see the community office. The old card ends at once.",
    ),
)
"""Each rule in Chinese and English."""

REPORT_ZH = "发现乱停或占用消防通道，请告知门岗或社区办公室，或扫正面二维码举报。"
REPORT_EN = (
    "Badly parked car or blocked fire lane? Tell the guard or the office, "
    "or scan the code on the front."
)


def draw_back(canvas: Canvas, layout: Layout, permit: PrintedPermit, report_url: str) -> None:
    """Draw the back of one card; it is the same for every permit of the community."""
    room = layout.cell[0] - 2 * MARGIN_MM
    _line(canvas, INK, BOLD, 14, 91, f"{permit.community} 车辆出入证", room)
    _line(
        canvas,
        LABEL_GREY,
        REGULAR,
        8.5,
        86.4,
        f"{permit.community_en} · Parking access permit",
        room,
    )
    _rule(canvas, 82.6, room)
    for number, (chinese, english) in enumerate(RULES, start=1):
        y = 76.4 - (number - 1) * 11
        _line(canvas, INK, BOLD, 10.5, y, str(number), INDENT_MM)
        _line(canvas, INK, REGULAR, 10.5, y, chinese, room - INDENT_MM, INDENT_MM)
        _line(canvas, LABEL_GREY, REGULAR, 8, y - 4.1, english, room - INDENT_MM, INDENT_MM)
    _rule(canvas, 23.6, room)
    _line(canvas, INK, BOLD, 10.5, 17.6, REPORT_ZH, room)
    _line(canvas, LABEL_GREY, REGULAR, 8, 13.3, REPORT_EN, room)
    _line(canvas, LABEL_GREY, REGULAR, 8, 9.4, report_url, room)


def _line(
    canvas: Canvas,
    ink: float,
    font: str,
    size_pt: float,
    y: float,
    text: str,
    room: float,
    indent: float = 0,
) -> None:
    shown = tight(text)
    canvas.setFillGray(ink)
    canvas.setFont(font, fitted_pt(shown, font, size_pt, room))
    canvas.drawString((MARGIN_MM + indent) * mm, y * mm, shown)


def _rule(canvas: Canvas, y: float, width: float) -> None:
    canvas.setFillGray(INK)
    canvas.rect(MARGIN_MM * mm, y * mm, width * mm, 0.35 * mm, stroke=0, fill=1)
