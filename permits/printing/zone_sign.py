"""Zone signs: an A3 sheet for the entrance of each zone, that a driver reads from his seat."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.drawing import MM_PER_PT, Pen
from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import PAPERS_MM, Box
from permits.printing.typefaces import BOLD, CAP_HEIGHT, MEDIUM, register
from zones.colours import Colour

LEFT, RIGHT, TOP, BOTTOM = 16.0, 281.0, 404.0, 16.0
ROOM = RIGHT - LEFT
BLOCKS = Box(LEFT, 78.0, ROOM, 218.0)
GAP_MM = 5.0
SYMBOL_MM = 44.0
TALL_MM = 150.0
"""A block that is higher has its words below."""


@dataclass(frozen=True)
class SignOpening:
    """A colour that may park, as the sign shows it.

    Attributes:
        hours: such as `20:00–07:00`, empty for all day.
    """

    letter: str
    colour: Colour
    compound: str
    compound_en: str
    hours: str


@dataclass(frozen=True)
class ZoneSign:
    """What the sign of one zone says.

    Attributes:
        report_url: where a neighbour reports a car that stands here wrongly.
    """

    code: str
    name: str
    name_en: str
    openings: Sequence[SignOpening]
    report_url: str


def zone_signs(
    signs: Sequence[ZoneSign], *, community: str, community_en: str, plan_number: int, fonts: Path
) -> bytes:
    """Return the signs as a PDF, a page each.

    Raises:
        FontMissing: a font file is not there.
    """
    register(fonts)
    file = io.BytesIO()
    width, height = PAPERS_MM["a3"]
    canvas = Canvas(
        file, pagesize=(width * mm, height * mm), invariant=1, pageCompression=1, lang="zh-CN"
    )
    canvas.setTitle(f"{community} 停车区域牌 · Zone signs")
    pen = Pen(canvas)
    for sign in signs:
        _draw_head(pen, sign)
        _draw_blocks(pen, sign.openings)
        _draw_foot(
            pen,
            sign,
            f"{community} · 停车分区方案第 {plan_number} 号",
            f"{community_en} · Zone plan {plan_number}",
        )
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_head(pen: Pen, sign: ZoneSign) -> None:
    width = pen.text(LEFT - 4, TOP - 64, sign.code, 250, font=BOLD, room=ROOM * 0.62)
    x = LEFT + width + 10
    pen.text(x, TOP - 22, "停车区域", 26, font=MEDIUM, room=RIGHT - x)
    pen.text(x, TOP - 33, "Parking zone", 15, ink=LABEL_GREY, room=RIGHT - x)
    pen.text(x, TOP - 52, sign.name, 36, font=BOLD, room=RIGHT - x)
    pen.text(x, TOP - 63, sign.name_en, 17, ink=LABEL_GREY, room=RIGHT - x)
    chinese, english = _only(sign.openings)
    pen.text(LEFT, TOP - 88, chinese, 46, font=BOLD, room=ROOM)
    pen.text(LEFT, TOP - 100, english, 22, ink=LABEL_GREY, room=ROOM)


def _only(openings: Sequence[SignOpening]) -> tuple[str, str]:
    """Return who alone may park here."""
    if not openings:
        return "暂不开放停车", "Closed to parking"
    letters = {one.letter: one for one in openings}
    names_zh = "、".join(f"{one.colour.name_zh} {letter}" for letter, one in letters.items())
    *others, last = letters
    names_en = f"{', '.join(others)} and {last}" if others else last
    return f"仅限 {names_zh} 车辆停放", f"Only cars with permit {names_en} may park here"


def _draw_blocks(pen: Pen, openings: Sequence[SignOpening]) -> None:
    if not openings:
        _draw_cross(pen, BLOCKS)
        return
    rows = _by_hours(openings)
    weights = {hours: len(group) for hours, group in rows.items()}
    height = (BLOCKS.height - GAP_MM * (len(openings) - 1)) / sum(weights.values())
    y = BLOCKS.top
    for group in rows.values():
        for one in group:
            y -= height
            _draw_block(pen, one, Box(BLOCKS.x, y, BLOCKS.width, height))
            y -= GAP_MM


def _draw_cross(pen: Pen, box: Box) -> None:
    pen.frame(box)
    canvas, arm = pen.canvas, 52.0
    x, y = box.middle, box.y + box.height / 2
    canvas.setStrokeGray(INK)
    canvas.setLineWidth(16 * mm)
    canvas.line((x - arm) * mm, (y - arm) * mm, (x + arm) * mm, (y + arm) * mm)
    canvas.line((x - arm) * mm, (y + arm) * mm, (x + arm) * mm, (y - arm) * mm)


def _by_hours(openings: Sequence[SignOpening]) -> Mapping[str, list[SignOpening]]:
    """Return the openings by their hours, all day first."""
    groups: dict[str, list[SignOpening]] = {}
    for one in sorted(openings, key=lambda one: (one.hours != "", one.hours, one.letter)):
        groups.setdefault(one.hours, []).append(one)
    return groups


def _draw_block(pen: Pen, one: SignOpening, box: Box) -> None:
    """Draw a colour: letter, shape, whose it is, and when."""
    colour = one.colour
    pen.box(box, colour.hex)
    if box.height > TALL_MM:
        _draw_tall_block(pen, one, box)
        return
    cap = min(box.height * 0.62, 120.0)
    size = cap / CAP_HEIGHT / MM_PER_PT
    baseline = box.y + (box.height - cap) / 2
    column = min(cap * 1.05, box.width * 0.3)
    ink = colour.large_hex
    pen.text(box.x + column * 0.62, baseline, one.letter, size, font=BOLD, ink=ink, align="middle")
    side = cap * 0.86
    pen.shape(colour, box.x + column * 1.2, box.y + (box.height - side) / 2, side)
    x = box.x + column * 1.2 + side + 10
    room = box.right - x - 8
    unit = min(box.height, 130.0)
    middle = box.y + box.height / 2
    pen.text(x, middle + unit * 0.10, one.compound, unit * 0.62, font=BOLD, ink=ink, room=room)
    small = max(unit * 0.24, 14.0)
    pen.text(x, middle - unit * 0.06, one.compound_en, small, font=BOLD, ink=ink, room=room)
    hours = one.hours or "全天 All day"
    pen.text(x, middle - unit * 0.34, hours, unit * 0.5, font=BOLD, ink=ink, room=room)


def _draw_tall_block(pen: Pen, one: SignOpening, box: Box) -> None:
    """Draw the one colour of a zone: its words stand below the letter and the shape."""
    colour, ink, cap = one.colour, one.colour.large_hex, 104.0
    baseline = box.top - cap - 24
    size = cap / CAP_HEIGHT / MM_PER_PT
    pen.text(box.x + 70, baseline, one.letter, size, font=BOLD, ink=ink, align="middle")
    pen.shape(colour, box.x + 140, baseline, cap)
    room = box.width - 36
    pen.text(box.x + 18, box.y + 46, one.compound, 88, font=BOLD, ink=ink, room=room * 0.6)
    pen.text(box.x + 18, box.y + 24, one.compound_en, 30, font=BOLD, ink=ink, room=room * 0.6)
    hours_zh, hours_en = (one.hours, "") if one.hours else ("全天", "All day")
    right = box.right - 18
    pen.text(right, box.y + 46, hours_zh, 70, font=BOLD, ink=ink, room=room * 0.38, align="right")
    pen.text(right, box.y + 24, hours_en, 30, font=BOLD, ink=ink, room=room * 0.38, align="right")


def _draw_foot(pen: Pen, sign: ZoneSign, chinese: str, english: str) -> None:
    pen.rule(LEFT, 70, ROOM, weight=0.9)
    pen.symbol(sign.report_url, Box(RIGHT - SYMBOL_MM, BOTTOM + 2, SYMBOL_MM, SYMBOL_MM))
    room = ROOM - SYMBOL_MM - 8
    pen.text(LEFT, 55, "发现乱停，扫码举报", 30, font=BOLD, room=room)
    pen.text(
        LEFT,
        46,
        "A car that does not belong here? Scan to report it",
        15,
        ink=LABEL_GREY,
        room=room,
    )
    pen.text(
        LEFT,
        33,
        "消防通道任何时候不得停车 · Keep fire lanes clear at all times",
        15,
        font=MEDIUM,
        ink=INK,
        room=room,
    )
    pen.text(LEFT, 22, chinese, 12, font=MEDIUM, room=room)
    pen.text(LEFT, 16, english, 10, ink=LABEL_GREY, room=room)
