"""The A3 public notice: what every neighbour may know, on one sheet for the wall.

Chinese first, English small beside it. The map and the zones stand side by side; below them who
agreed, what is open, and the ledger's signed head with the way to check it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.infringement import InfringementKind
from permits.printing.drawing import Pen
from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.spooling import SpoolingCanvas
from permits.printing.typefaces import BOLD, MEDIUM, REGULAR, register
from permits.public_facts import Answerable, PublicCompound, PublicFacts, PublicZone

A3_LANDSCAPE_MM = (420.0, 297.0)
LEFT, RIGHT, TOP, BOTTOM = 16.0, 404.0, 281.0, 14.0
COLUMN_GAP = 10.0
MAP = Box(LEFT, 98.0, 214.0, 112.0)
TABLE = Box(MAP.right + COLUMN_GAP, 98.0, RIGHT - MAP.right - COLUMN_GAP, 112.0)
BLOCKS = Box(LEFT, 217.0, RIGHT - LEFT, 33.0)
FOOT = Box(LEFT, 22.0, RIGHT - LEFT, 68.0)
TALLEST_ROW, LOWEST_ROW = 11.6, 7.0

DrawMap = Callable[[Canvas, Box], None]
"""Draws the map into a box, given in millimetres."""

KINDS: Mapping[InfringementKind, tuple[str, str]] = {
    InfringementKind.FIRE_LANE: ("堵塞消防通道", "Fire lane blocked"),
    InfringementKind.WRONG_ZONE: ("停错区域", "Wrong zone"),
    InfringementKind.NO_PERMIT: ("无出入证", "No permit"),
    InfringementKind.OTHER: ("其他", "Other"),
}
"""What was reported, in both languages."""

AGE_WORDS = (("1 天内", "< 1 d"), ("1–3 天", "1–3 d"), ("3–7 天", "3–7 d"), ("7 天以上", "> 7 d"))
"""The columns of `permits.public_facts.AGES`."""

STEPS = (
    (
        "扫码，或抄下码旁的文字，自己留存。",
        "Scan the code, or copy the text beside it, and keep it.",
    ),
    (
        "登录后在“台账”页下载全部记录；没有账号的，可向本小区业主代表索取。",
        "Download the ledger after signing in, or ask your compound's representative for it.",
    ),
    (
        "运行 verify-ledger 并输入这段文字：记录少一条、改一字，都会指出是哪一条。",
        "Run verify-ledger with this text: it names every entry changed or taken out.",
    ),
)
"""How to check the ledger, in three steps."""


def print_notice(
    facts: PublicFacts, *, out: Path, fonts: Path, address: str, draw_map: DrawMap | None = None
) -> int:
    """Print the notice to a PDF and return its number of pages.

    The same facts give the same bytes. The file appears under its name only when it is complete.

    Args:
        fonts: folder with the Noto Sans SC files.
        address: where the public board is.
        draw_map: draws the map; without one its place is the zones' table's.

    Raises:
        FontMissing: a font file is not there.
    """
    register(fonts)
    scratch = out.with_name(f".{out.name}.part")
    page = (A3_LANDSCAPE_MM[0] * mm, A3_LANDSCAPE_MM[1] * mm)
    canvas = SpoolingCanvas(scratch, page, language="zh-CN")
    canvas.setTitle(f"{facts.community} 停车公示 · Parking notice · {facts.day}")
    canvas.setAuthor(facts.community)
    canvas.setSubject(f"{facts.head.number}" if facts.head else "")
    canvas.setCreator("parking-permits")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    pages = _Notice(canvas, facts, address, draw_map).draw()
    canvas.write()
    os.replace(scratch, out)
    return pages


class _Notice:
    def __init__(
        self, canvas: Canvas, facts: PublicFacts, address: str, draw_map: DrawMap | None
    ) -> None:
        self.canvas, self.facts, self.address = canvas, facts, address
        self.draw_map = draw_map
        self.pen = Pen(canvas)

    def draw(self) -> int:
        """Draw the first page and as many further ones as the zones need."""
        table = TABLE if self.draw_map else Box(LEFT, TABLE.y, RIGHT - LEFT, TABLE.height)
        most = int((table.height - _HEAD) / LOWEST_ROW)
        first, rest = self.facts.zones[:most], self.facts.zones[most:]
        per_page = 2 * int((TOP - 40 - BOTTOM - _HEAD) / LOWEST_ROW)
        later = [rest[start : start + per_page] for start in range(0, len(rest), per_page)]
        pages = 1 + len(later)
        self._head()
        self._blocks()
        if self.draw_map:
            self.draw_map(self.canvas, MAP)
        self._zones(first, table)
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
        share = f"{one.permits / one.spaces:.2f}" if one.spaces else "–"
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

    def _zones(self, zones: Sequence[PublicZone], box: Box) -> None:
        pen = self.pen
        columns = _Columns(box)
        pen.text(box.x, box.top - 4.6, "停车区域与责任人", 15, font=BOLD)
        pen.text(box.x + 50, box.top - 4.6, "Zones and who answers for them", 9, ink=LABEL_GREY)
        y = box.top - _HEAD
        for at, words in (
            (columns.zone, "区域 Zone"),
            (columns.who, "可停 Open to"),
            (columns.responsible, "责任人 Responsible"),
        ):
            pen.text(at, y + 1.8, words, 8, ink=LABEL_GREY)
        pen.text(columns.spaces, y + 1.8, "车位 Spaces", 8, ink=LABEL_GREY, align="right")
        pen.rule(box.x, y, box.width, weight=0.5)
        height = min(TALLEST_ROW, (box.height - _HEAD) / max(len(zones), 1))
        for zone in zones:
            y -= height
            self._zone(zone, columns, y, height)
            pen.rule(box.x, y, box.width)

    def _zone(self, zone: PublicZone, columns: _Columns, y: float, height: float) -> None:
        pen, middle = self.pen, y + height / 2
        room = columns.spaces - 13 - columns.zone
        width = pen.text(columns.zone, middle - 1.9, zone.code, 15, font=BOLD)
        at = columns.zone + max(width + 2.5, 13)
        pen.text(at, middle + 0.6, zone.name, 10, font=MEDIUM, room=room - 13)
        pen.text(at, middle - 3.2, zone.name_en, 7, ink=LABEL_GREY, room=room - 13)
        pen.text(columns.spaces, middle - 1.7, f"{zone.spaces}", 13, font=BOLD, align="right")
        self._openings(zone, columns, middle, height)
        self._responsible(zone.responsible, columns, middle)

    def _openings(self, zone: PublicZone, columns: _Columns, middle: float, height: float) -> None:
        pen, x = self.pen, columns.who
        if not zone.openings:
            pen.text(x, middle - 1.4, "暂不开放 closed", 9, ink=LABEL_GREY)
            return
        sign = min(5.6, height - 1.6)
        groups: dict[str, list[tuple[str, str]]] = {}
        colours = {}
        for one in zone.openings:
            groups.setdefault(one.hours, []).append((one.letter, one.colour.key))
            colours[one.letter] = one.colour
        # Signs in a row, each group followed by its hours; narrower where there are many.
        signs = sum(len(group) for group in groups.values())
        hours = sum(20 for group in groups if group)
        room = columns.responsible - x - 3
        sign = min(sign, max((room - hours) / (signs * 2.05), 2.2))
        for words, group in groups.items():
            for letter, _key in group:
                x += pen.sign(letter, colours[letter], x, middle - sign / 2, sign) + sign * 0.15
            if words:
                x += 0.8 + pen.text(x + 0.8, middle - 1.3, words, 8.5, font=MEDIUM, room=20) + 1.5

    def _responsible(self, one: Answerable | None, columns: _Columns, middle: float) -> None:
        pen = self.pen
        if one is None:
            pen.text(columns.responsible, middle - 1.4, "未指定 nobody yet", 9, ink=LABEL_GREY)
            return
        pen.text(columns.responsible, middle + 0.6, one.name, 9.5, font=MEDIUM, room=columns.room)
        pen.text(columns.responsible, middle - 3.4, one.phone, 9, room=columns.room)

    def _foot(self) -> None:
        pen = self.pen
        pen.rule(LEFT, FOOT.top + 2, RIGHT - LEFT, weight=0.5)
        self._votes(Box(LEFT, FOOT.y, 84, FOOT.height))
        pen.upright(LEFT + 88, FOOT.y, FOOT.height - 2)
        self._reports(Box(LEFT + 92, FOOT.y, 92, FOOT.height))
        pen.upright(LEFT + 188, FOOT.y, FOOT.height - 2)
        self._ledger(Box(LEFT + 192, FOOT.y, RIGHT - LEFT - 192, FOOT.height))

    def _title(self, box: Box, chinese: str, english: str) -> float:
        width = self.pen.text(box.x, box.top - 5.6, chinese, 15, font=BOLD)
        self.pen.text(
            box.x + width + 2.5,
            box.top - 5.6,
            english,
            9,
            ink=LABEL_GREY,
            room=box.width - width - 3,
        )
        return box.top - 13

    def _votes(self, box: Box) -> None:
        pen = self.pen
        y = self._title(box, "会签", "Who agreed to the plan")
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

    def _reports(self, box: Box) -> None:
        pen = self.pen
        y = self._title(box, "待处理的乱停举报", "Open reports by age")
        rights = [box.right - 13.5 * place for place in (3, 2, 1, 0)]
        for right, (chinese, english) in zip(rights, AGE_WORDS, strict=True):
            pen.text(right, y + 0.5, chinese, 7.5, font=MEDIUM, align="right", room=13)
            pen.text(right, y - 2.9, english, 6.5, ink=LABEL_GREY, align="right", room=13)
        y -= 5
        pen.rule(box.x, y, box.width)
        step = min(10.5, (y - box.y) / max(len(self.facts.reports), 1))
        for report in self.facts.reports:
            y -= step
            middle = y + step / 2
            chinese, english = KINDS[report.kind]
            is_urgent = report.kind is InfringementKind.FIRE_LANE
            font = BOLD if is_urgent else MEDIUM
            pen.text(box.x, middle + 0.3, chinese, 10, font=font, room=rights[0] - box.x - 12)
            pen.text(box.x, middle - 3.4, english, 7, ink=LABEL_GREY)
            for right, count in zip(rights, report.by_age, strict=True):
                pen.text(
                    right,
                    middle - 1.8,
                    f"{count}" if count else "–",
                    13 if count else 10,
                    font=BOLD if count else REGULAR,
                    ink=INK if count else LABEL_GREY,
                    align="right",
                )
            pen.rule(box.x, y, box.width)

    def _ledger(self, box: Box) -> None:
        pen, head = self.pen, self.facts.head
        y = self._title(box, "台账表头，人人可核对", "The ledger's signed head, for everybody")
        if head is None:
            pen.text(box.x, y - 1, "尚未签名。 Not signed yet.", 9, ink=LABEL_GREY)
            return
        side = 53.0
        pen.symbol(head.text, Box(box.right - side + 3, box.y - 1, side, side))
        room = box.width - side - 1
        y = pen.paragraph(box.x, y + 1, head.text, 7.8, room, font=MEDIUM, line_em=1.32)
        y = pen.paragraph(
            box.x,
            y - 0.6,
            f"密钥 {head.key_id} 指纹 fingerprint {_in_fours(head.fingerprint)}",
            6.2,
            room,
            ink=LABEL_GREY,
            line_em=1.32,
        )
        y -= 1.8
        for number, (chinese, english) in enumerate(STEPS, start=1):
            pen.text(box.x, y, f"{number}", 11, font=BOLD)
            y = pen.paragraph(box.x + 5, y, chinese, 9.6, room - 5, font=MEDIUM, line_em=1.3)
            y = pen.paragraph(box.x + 5, y + 0.3, english, 7.2, room - 5, ink=LABEL_GREY) - 1.0

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
                used = min(height, _HEAD + TALLEST_ROW * len(part))
                self._zones(part, Box(x, TOP - 20 - used, half, used))


_HEAD = 13.0


class _Columns:
    """Where the columns of the zones' table begin."""

    def __init__(self, box: Box) -> None:
        self.zone = box.x
        self.spaces = box.x + box.width * 0.36
        self.who = self.spaces + 5
        self.responsible = box.x + box.width * 0.70
        self.room = box.right - self.responsible


def _in_fours(digits: str) -> str:
    """Return digits in groups of four, to be compared by eye."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
