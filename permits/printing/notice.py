"""The A3 public notice: what every neighbour may know, on one sheet for the wall.

Chinese first, English small beside it. The map and the zones stand side by side; below them who
agreed, what is open, and the ledger's signed head with the way to check it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.drawing import Pen
from permits.printing.inks import LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.ledger_head import block_title, draw_ledger_head
from permits.printing.report_table import draw_reports
from permits.printing.spooling import SpoolingCanvas
from permits.printing.typefaces import BOLD, MEDIUM, register
from permits.printing.zone_table import HEAD, LOWEST_ROW, TALLEST_ROW, draw_zones
from permits.public_facts import PublicCompound, PublicFacts, PublicZone

A3_LANDSCAPE_MM = (420.0, 297.0)
LEFT, RIGHT, TOP, BOTTOM = 16.0, 404.0, 281.0, 14.0
COLUMN_GAP = 10.0
MAP = Box(LEFT, 98.0, 214.0, 112.0)
TABLE = Box(MAP.right + COLUMN_GAP, 98.0, RIGHT - MAP.right - COLUMN_GAP, 112.0)
BLOCKS = Box(LEFT, 217.0, RIGHT - LEFT, 33.0)
FOOT = Box(LEFT, 22.0, RIGHT - LEFT, 68.0)


def print_notice(facts: PublicFacts, *, out: Path, fonts: Path, address: str) -> int:
    """Print the notice to a PDF and return its number of pages.

    The same facts give the same bytes. The file appears under its name only when it is complete.

    Args:
        fonts: folder with the Noto Sans SC files.
        address: where the public board is.

    Raises:
        FontMissing: a font file is not there.
    """
    register(fonts)
    scratch = out.with_name(f".{out.name}.part")
    page = (A3_LANDSCAPE_MM[0] * mm, A3_LANDSCAPE_MM[1] * mm)
    canvas = SpoolingCanvas(scratch, page, language="zh-CN")
    canvas.describe(f"{facts.community} 停车公示 · Parking notice · {facts.day}", facts.community)
    canvas.setSubject(f"{facts.head.number}" if facts.head else "")
    pages = _Notice(canvas, facts, address).draw()
    canvas.write()
    os.replace(scratch, out)
    return pages


class _Notice:
    def __init__(self, canvas: Canvas, facts: PublicFacts, address: str) -> None:
        self.canvas, self.facts, self.address = canvas, facts, address
        self.pen = Pen(canvas)

    def draw(self) -> int:
        """Draw the first page and as many further ones as the zones need."""
        table = TABLE if self.facts.scene else Box(LEFT, TABLE.y, RIGHT - LEFT, TABLE.height)
        most = int((table.height - HEAD) / LOWEST_ROW)
        first, rest = self.facts.zones[:most], self.facts.zones[most:]
        per_page = 2 * int((TOP - 40 - BOTTOM - HEAD) / LOWEST_ROW)
        later = [rest[start : start + per_page] for start in range(0, len(rest), per_page)]
        pages = 1 + len(later)
        self._head()
        self._blocks()
        if self.facts.scene:
            self.pen.map(self.facts.scene, MAP)
        draw_zones(self.pen, first, table)
        self._foot()
        self._page_number(1, pages)
        self.canvas.showPage()
        for number, zones in enumerate(later, start=2):
            self._continued(zones)
            self._page_number(number, pages)
            self.canvas.showPage()
        return pages

    def _head(self) -> None:
        pen, facts = self.pen, self.facts
        width = pen.text(LEFT, TOP - 17, "停车公示", 58, font=BOLD)
        x = LEFT + width + 8
        pen.text(x, TOP - 7, facts.community, 24, font=BOLD, room=RIGHT - x - 110)
        pen.text(
            x,
            TOP - 16,
            f"Parking notice · {facts.community_en}",
            14,
            ink=LABEL_GREY,
            room=RIGHT - x - 110,
        )
        if facts.plan:
            chinese = f"现行停车分区方案第 {facts.plan.number} 号"
            english = f"Zone plan {facts.plan.number}, in force since {facts.plan.first_day}"
        else:
            chinese, english = "尚无生效的停车分区方案", "No zone plan is in force yet"
        pen.text(RIGHT, TOP - 7, chinese, 20, font=BOLD, align="right", room=105)
        pen.text(RIGHT, TOP - 16, english, 12, ink=LABEL_GREY, align="right", room=105)
        pen.rule(LEFT, TOP - 23, RIGHT - LEFT, weight=0.9)

    def _blocks(self) -> None:
        compounds = self.facts.compounds
        if not compounds:
            return
        gap = 5.0
        width = (BLOCKS.width - gap * (len(compounds) - 1)) / len(compounds)
        for place, one in enumerate(compounds):
            self._block(one, Box(BLOCKS.x + place * (width + gap), BLOCKS.y, width, BLOCKS.height))

    def _block(self, one: PublicCompound, box: Box) -> None:
        pen = self.pen
        band = min(22.0, box.width * 0.24)
        pen.box(Box(box.x, box.y, band, box.height), one.colour.hex)
        pen.text(
            box.x + band / 2,
            box.y + 16.6,
            one.letter,
            band * 1.75,
            font=BOLD,
            ink=one.colour.large_hex,
            align="middle",
        )
        side = band * 0.36
        pen.shape(one.colour, box.x + (band - side) / 2, box.y + 3.6, side)
        x, room = box.x + band + 3, box.width - band - 3
        pen.text(x, box.top - 5.4, one.name, 17, font=BOLD, room=room)
        pen.text(x, box.top - 10.2, one.name_en, 8.5, ink=LABEL_GREY, room=room)
        ratio = one.permits_per_space
        share = "–" if ratio is None else f"{ratio:.2f}"
        figures = (
            (f"{one.vehicles}", "车辆", "cars"),
            (f"{one.permits}", "出入证", "permits"),
            (f"{one.spaces}", "车位", "spaces"),
            (share, "证/位", "per space"),
        )
        step = room / len(figures)
        for place, (figure, chinese, english) in enumerate(figures):
            at = x + place * step
            pen.text(at, box.y + 9.4, figure, 22, font=BOLD, room=step - 1.5)
            pen.text(at, box.y + 4.4, chinese, 9, font=MEDIUM, room=step - 1)
            pen.text(at, box.y + 0.7, english, 7, ink=LABEL_GREY, room=step - 1)

    def _foot(self) -> None:
        pen = self.pen
        pen.rule(LEFT, FOOT.top + 2, RIGHT - LEFT, weight=0.5)
        self._votes(Box(LEFT, FOOT.y, 84, FOOT.height))
        pen.upright(LEFT + 88, FOOT.y, FOOT.height - 2)
        reports = Box(LEFT + 92, FOOT.y, 92, FOOT.height)
        block_title(self.pen, reports, "待处理的乱停举报", "Open reports by age")
        draw_reports(self.pen, self.facts.reports, Box(reports.x, reports.y, 92, 55.5))
        pen.upright(LEFT + 188, FOOT.y, FOOT.height - 2)
        foot = Box(LEFT + 192, FOOT.y, RIGHT - LEFT - 192, FOOT.height)
        draw_ledger_head(pen, self.facts.head, foot)

    def _votes(self, box: Box) -> None:
        pen = self.pen
        y = block_title(pen, box, "会签", "Who agreed to the plan")
        votes = self.facts.plan.votes if self.facts.plan else ()
        if not votes:
            pen.text(box.x, y - 1, "尚无生效的方案。 No plan is in force.", 9, ink=LABEL_GREY)
            return
        step = min(11.5, (y - box.y) / len(votes))
        for vote in votes:
            y -= step
            sign = min(6.6, step - 2)
            x = box.x + pen.sign(vote.letter, vote.colour, box.x, y + (step - sign) / 2, sign) + 2.5
            middle = y + step / 2
            room = box.right - x - 31
            pen.text(x, middle + 0.3, vote.name, 10.5, font=MEDIUM, room=room)
            pen.text(x, middle - 3.4, vote.name_en, 7, ink=LABEL_GREY, room=room)
            chinese, english = ("同意", "consents") if vote.consents else ("不同意", "refuses")
            pen.text(box.right, middle + 0.3, chinese, 10.5, font=BOLD, align="right")
            pen.text(
                box.right, middle - 3.4, f"{english} · {vote.day}", 7, ink=LABEL_GREY, align="right"
            )
            pen.rule(box.x, y, box.width)

    def _page_number(self, number: int, pages: int) -> None:
        pen, facts = self.pen, self.facts
        pen.rule(LEFT, BOTTOM + 5, RIGHT - LEFT)
        pen.text(LEFT, BOTTOM, f"公示日期 Date  {facts.day}", 9, font=MEDIUM)
        pen.text((LEFT + RIGHT) / 2, BOTTOM, self.address, 9, font=MEDIUM, align="middle")
        pen.text(
            RIGHT,
            BOTTOM,
            f"第 {number} 页，共 {pages} 页 · Page {number} of {pages}",
            9,
            font=MEDIUM,
            align="right",
        )

    def _continued(self, zones: Sequence[PublicZone]) -> None:
        pen = self.pen
        pen.text(LEFT, TOP - 8, "停车公示（续）", 26, font=BOLD)
        pen.text(RIGHT, TOP - 8, self.facts.community, 16, font=BOLD, align="right")
        pen.rule(LEFT, TOP - 14, RIGHT - LEFT, weight=0.9)
        half = (RIGHT - LEFT - COLUMN_GAP) / 2
        height = TOP - 20 - BOTTOM - 10
        middle = -(-len(zones) // 2)
        for place, part in enumerate((zones[:middle], zones[middle:])):
            if part:
                x = LEFT + place * (half + COLUMN_GAP)
                used = min(height, HEAD + TALLEST_ROW * len(part))
                draw_zones(self.pen, part, Box(x, TOP - 20 - used, half, used))
