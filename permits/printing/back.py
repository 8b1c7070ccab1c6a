"""The back of a permit: the rules, and how to report, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportlab.pdfgen.canvas import Canvas

from permits.printing.drawing import MM_PER_PT, Pen, wrapped
from permits.printing.front import draw_hook
from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Box, Layout
from permits.printing.printed import PrintedPermit
from permits.printing.typefaces import BOLD, REGULAR, fitted_pt, tight

RULES = (
    (
        "请将本证正面朝外放在前挡风玻璃后，颜色、车牌和二维码须清晰可见。",
        "Place this permit behind the windscreen, front outwards: colour, plate and code in full "
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
        "Guards scan it and compare the plate. Please slow down for them.",
    ),
    (
        "遗失或换车请到社区办公室补办，旧证随即作废。",
        "Lost it, or a new car? See the community office. The old one ends at once.",
    ),
)
"""Each rule in Chinese and English."""

HANGING = (
    "停车时请将本证正面朝外挂在后视镜上，颜色、车牌和二维码须清晰可见；行车前请取下。",
    "While parked, hang this permit from the mirror, front outwards, in full view. Take it off to "
    "drive.",
)
"""What the first rule is for a permit that hangs."""

REPORT_ZH = "发现乱停或占用消防通道，请告知门岗或社区办公室，或扫正面二维码举报。"
REPORT_EN = (
    "Badly parked car or blocked fire lane? Tell the guard or the office, "
    "or scan the code on the front."
)


ENGLISH = 0.76
"""Size of the English beside the Chinese."""

LINE_EM = 1.32
SMALLEST = 0.82
"""A text that fits one line at this share of its size stands on one line, smaller."""


def draw_back(canvas: Canvas, layout: Layout, permit: PrintedPermit, report_url: str) -> None:
    """Draw the back of one permit; it is the same for every permit of the community.

    Raises:
        ValueError: the layout has no back.
    """
    if layout.back is None:
        raise ValueError(f"{layout.name} has no back")
    pen, area, size = Pen(canvas), layout.back.area, layout.back.size_pt
    if layout.hook:
        # The slit goes to the left of the front, which is the right of the back.
        mirrored = replace(layout.hook, x=layout.cell[0] - layout.hook.x)
        draw_hook(canvas, mirrored, slit_to=layout.cell[0], filled=False)
    y = area.top - size * 1.33 * MM_PER_PT
    pen.text(area.x, y, f"{permit.community} 车辆出入证", size * 1.33, font=BOLD, room=area.width)
    y -= size * 0.44
    english = f"{permit.community_en} · Parking access permit"
    pen.text(area.x, y, english, size * 0.81, ink=LABEL_GREY, room=area.width)
    y -= size * 0.36
    pen.rule(area.x, y, area.width, weight=0.35)
    foot = [
        _Block(REPORT_ZH, size, BOLD, INK, area.width),
        _Block(REPORT_EN, size * ENGLISH, REGULAR, LABEL_GREY, area.width),
        _Block(report_url, size * ENGLISH, REGULAR, LABEL_GREY, area.width),
    ]
    foot_top = area.y + sum(block.height for block in foot)
    between = Box(area.x, foot_top + size * 0.25, area.width, y - foot_top - size * 0.25)
    _draw_rules(pen, between, size, (HANGING, *RULES[1:]) if layout.hook else RULES)
    pen.rule(area.x, foot_top + size * 0.2, area.width, weight=0.35)
    top = foot_top
    for block in foot:
        top = block.draw(pen, area.x, top)


class _Block:
    """A text on one line, or broken where it would become too small."""

    def __init__(self, text: str, size_pt: float, font: str, ink: float, room: float) -> None:
        shown = tight(text)
        fitted = fitted_pt(shown, font, size_pt, room)
        is_one = fitted >= SMALLEST * size_pt
        self.lines = [shown] if is_one else list(wrapped(shown, font, size_pt, room))
        self.size_pt = fitted if is_one else size_pt
        self.font, self.ink = font, ink
        self.step = size_pt * LINE_EM * MM_PER_PT
        self.height = self.step * len(self.lines)

    def draw(self, pen: Pen, x: float, top: float) -> float:
        """Draw it below a height; return where it ends."""
        for line in self.lines:
            # Characters stand on their baseline, with a little room below.
            pen.text(x, top - self.step * 0.78, line, self.size_pt, font=self.font, ink=self.ink)
            top -= self.step
        return top


def _draw_rules(pen: Pen, box: Box, size: float, rules: Sequence[tuple[str, str]]) -> None:
    """Spread the rules over a box."""
    indent = size * 0.57
    room = box.width - indent
    pairs = [
        (
            _Block(chinese, size, REGULAR, INK, room),
            _Block(english, size * ENGLISH, REGULAR, LABEL_GREY, room),
        )
        for chinese, english in rules
    ]
    needed = sum(chinese.height + english.height for chinese, english in pairs)
    gap = (box.height - needed) / (len(pairs) + 1)
    top = box.top
    for number, (chinese, english) in enumerate(pairs, start=1):
        top -= gap
        pen.text(box.x, top - chinese.step * 0.78, f"{number}", size, font=BOLD)
        top = chinese.draw(pen, box.x + indent, top)
        top = english.draw(pen, box.x + indent, top)
