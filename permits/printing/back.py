"""The back of a card: the rules, and how to report, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.front import INK, LABEL_GREY
from permits.printing.layouts import Layout
from permits.printing.printed import PrintedPermit
from permits.printing.typefaces import BOLD, REGULAR, fitted_pt, width_mm

MARGIN_MM = 10.0

RULES_ZH = (
    "请将本证正面朝外放在前挡风玻璃后，颜色、车牌和二维码须清晰可见。",
    "本证仅限证上车牌使用，不得转借、复印或涂改。",
    "车辆只可停放在本色停车区域内，消防通道任何时候不得停车。",
    "门岗扫码核验并核对车牌，请减速配合。",
    "遗失或换车请到社区办公室补办，旧证随即作废。",
)
RULES_EN = (
    "Place this card behind the windscreen, front outwards: colour, plate and code in full view.",
    "Valid only for the plate printed on it. Do not lend, copy or alter it.",
    "Park only in zones of this colour. Fire lanes must be kept clear at all times.",
    "Guards scan the card and compare the plate. Please slow down for them.",
    "Lost card or new car: see the community office. The old card ends at once.",
)


def draw_back(canvas: Canvas, layout: Layout, permit: PrintedPermit, report_url: str) -> None:
    """Draw the back of one card; it is the same for every permit of the community."""
    width = layout.cell[0]
    room = width - 2 * MARGIN_MM
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 13)
    canvas.drawString(MARGIN_MM * mm, 89 * mm, f"{permit.community} 车辆出入证")
    canvas.setFillColor(LABEL_GREY)
    title = f"{permit.community_en} · Parking access permit"
    canvas.setFont(REGULAR, fitted_pt(title, REGULAR, 8.5, room))
    canvas.drawString(MARGIN_MM * mm, 84.3 * mm, title)
    canvas.setFillColor(INK)
    canvas.rect(MARGIN_MM * mm, 81.2 * mm, room * mm, 0.35 * mm, stroke=0, fill=1)
    _draw_rules(canvas, RULES_ZH, 75, 9.0, 5.6, room)
    canvas.setFillColor(LABEL_GREY)
    _draw_rules(canvas, RULES_EN, 45, 7.4, 4.6, room)
    canvas.setFillColor(INK)
    canvas.rect(MARGIN_MM * mm, 20.8 * mm, room * mm, 0.35 * mm, stroke=0, fill=1)
    report_zh = "发现乱停或占用消防通道，请告知门岗或社区办公室，或扫正面二维码举报。"
    report_en = (
        "Badly parked car or blocked fire lane? Tell the guard or the office, "
        "or scan the code on the front."
    )
    canvas.setFont(BOLD, fitted_pt(report_zh, BOLD, 9, room))
    canvas.drawString(MARGIN_MM * mm, 15.6 * mm, report_zh)
    canvas.setFillColor(LABEL_GREY)
    canvas.setFont(REGULAR, fitted_pt(report_en, REGULAR, 7.4, room))
    canvas.drawString(MARGIN_MM * mm, 11.6 * mm, report_en)
    canvas.setFont(REGULAR, fitted_pt(report_url, REGULAR, 7.4, room))
    canvas.drawString(MARGIN_MM * mm, 7.8 * mm, report_url)


def _draw_rules(
    canvas: Canvas, rules: Sequence[str], top: float, size_pt: float, step: float, room: float
) -> None:
    indent = 5.0
    widest = max(width_mm(rule, REGULAR, size_pt) for rule in rules)
    size = size_pt if widest <= room - indent else size_pt * (room - indent) / widest
    for number, rule in enumerate(rules, start=1):
        y = (top - (number - 1) * step) * mm
        canvas.setFont(BOLD, size)
        canvas.drawString(MARGIN_MM * mm, y, str(number))
        canvas.setFont(REGULAR, size)
        canvas.drawString((MARGIN_MM + indent) * mm, y, rule)
