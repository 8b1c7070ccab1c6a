"""The joint meeting's papers (联席会议): to hand out, and a sheet for each compound to sign.

The numbers, the map, each proposal with what it changes, the open reports, and a sheet for each
compound with its attendance and its votes: so that a compound's names lie on its own paper.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.drawing import Pen
from permits.printing.inks import LABEL_GREY
from permits.printing.layouts import A4_PORTRAIT_MM, Box
from permits.printing.proposal_page import draw_proposal
from permits.printing.report_table import draw_reports
from permits.printing.spooling import SpoolingCanvas
from permits.printing.typefaces import BOLD, MEDIUM, register
from permits.printing.vote_sheet import draw_vote_sheet
from permits.printing.zone_table import HEAD, LOWEST_ROW, draw_zones
from permits.proposals import Proposal
from permits.public_facts import PublicFacts, PublicZone

LEFT, RIGHT, TOP, BOTTOM = 18.0, 192.0, 279.0, 14.0
ROOM = RIGHT - LEFT
FIRST_LINE = TOP - 25
"""Where a page's content begins, below its title."""

LOWEST = BOTTOM + 9
"""Where it ends, above the foot."""


@dataclass(frozen=True)
class Invitation:
    """When and where the meeting is; both may be left to be written by hand."""

    held_on: date | None = None
    place: str = ""


def print_meeting_papers(
    facts: PublicFacts,
    proposals: Sequence[Proposal],
    invitation: Invitation,
    *,
    out: Path,
    fonts: Path,
    address: str,
) -> int:
    """Print the papers to a PDF and return its number of pages; same facts, same bytes.

    Args:
        fonts: folder with the Noto Sans SC files.
        address: where the public board is.

    Raises:
        FontMissing: a font file is not there.
    """
    register(fonts)
    scratch = out.with_name(f".{out.name}.part")
    page = (A4_PORTRAIT_MM[0] * mm, A4_PORTRAIT_MM[1] * mm)
    canvas = SpoolingCanvas(scratch, page, language="zh-CN")
    canvas.describe(
        f"{facts.community} 联席会议材料 · Joint meeting papers · {facts.day}", facts.community
    )
    pages = _Papers(canvas, facts, proposals, invitation, address).draw()
    canvas.write()
    os.replace(scratch, out)
    return pages


class _Papers:
    def __init__(
        self,
        canvas: Canvas,
        facts: PublicFacts,
        proposals: Sequence[Proposal],
        invitation: Invitation,
        address: str,
    ) -> None:
        self.canvas, self.pen = canvas, Pen(canvas)
        self.facts, self.proposals = facts, proposals
        self.invitation, self.address = invitation, address
        self.number = 0

    def draw(self) -> int:
        """Draw all pages and return how many there are."""
        self._cover()
        self._zones()
        for proposal in self.proposals:
            self._title(
                f"提案：停车分区方案第 {proposal.number} 号",
                f"Proposal: zone plan {proposal.number}",
            )
            draw_proposal(self.pen, proposal, Box(LEFT, LOWEST, ROOM, FIRST_LINE - LOWEST))
            self._end()
        self._reports()
        for compound in self.facts.compounds:
            self._title("签到与表决", "Attendance and votes")
            box = Box(LEFT, LOWEST, ROOM, FIRST_LINE - LOWEST)
            draw_vote_sheet(self.pen, compound, self.proposals, box)
            self._end()
        self.canvas.showOutline()
        return self.number

    def _title(self, chinese: str, english: str) -> None:
        self.number += 1
        key = f"page-{self.number}"
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(f"{chinese} · {english}", key, level=0)
        self.pen.text(LEFT, TOP - 8, chinese, 21, font=BOLD, room=ROOM)
        self.pen.text(LEFT, TOP - 14, english, 10, ink=LABEL_GREY, room=ROOM)
        self.pen.rule(LEFT, TOP - 17, ROOM, weight=0.7)

    def _end(self) -> None:
        pen, facts = self.pen, self.facts
        pen.rule(LEFT, BOTTOM + 4.5, ROOM)
        pen.text(LEFT, BOTTOM, f"{facts.community} 联席会议材料", 8, font=MEDIUM, room=70)
        pen.text((LEFT + RIGHT) / 2, BOTTOM, f"数据截至 As of {facts.day}", 8, align="middle")
        pen.text(RIGHT, BOTTOM, f"第 {self.number} 页 · Page {self.number}", 8, align="right")
        self.canvas.showPage()

    def _cover(self) -> None:
        pen, facts = self.pen, self.facts
        self.number += 1
        self.canvas.bookmarkPage("cover")
        self.canvas.addOutlineEntry("议程与数字 · Agenda and numbers", "cover", level=0)
        pen.text(LEFT, TOP - 13, "联席会议材料", 38, font=BOLD)
        pen.text(LEFT, TOP - 23, facts.community, 17, font=BOLD, room=ROOM)
        english = f"Papers of the joint meeting · {facts.community_en}"
        pen.text(LEFT, TOP - 29, english, 10, ink=LABEL_GREY, room=ROOM)
        pen.rule(LEFT, TOP - 33, ROOM, weight=0.7)
        held = f"{self.invitation.held_on}" if self.invitation.held_on else ""
        for place, (label, value) in enumerate(
            (("时间 Date", held), ("地点 Place", self.invitation.place))
        ):
            y = TOP - 41 - 9 * place
            pen.text(LEFT, y, label, 9, ink=LABEL_GREY)
            pen.text(LEFT + 26, y, value, 12, font=MEDIUM, room=ROOM - 26)
            pen.rule(LEFT + 26, y - 2, ROOM - 26)
        y = self._agenda(TOP - 64)
        self._numbers(y - 14)
        self._head()
        self._end()

    def _agenda(self, y: float) -> float:
        pen = self.pen
        pen.text(LEFT, y, "议程", 15, font=BOLD)
        pen.text(LEFT + 14, y, "Agenda", 9, ink=LABEL_GREY)
        items = [
            ("通报车辆、出入证、车位数字", "Numbers of cars, permits and spaces"),
            *(
                (f"表决停车分区方案第 {one.number} 号", f"Vote on zone plan {one.number}")
                for one in self.proposals
            ),
            ("乱停举报与回头看", "Reports of wrongly parked cars"),
            ("各小区签字", "Each compound signs its sheet"),
        ]
        y -= 3
        for number, (chinese, english) in enumerate(items, start=1):
            y -= 7
            pen.text(LEFT, y, f"{number}", 11, font=BOLD)
            width = pen.text(LEFT + 7, y, chinese, 11, font=MEDIUM)
            pen.text(LEFT + 10 + width, y, english, 8.5, ink=LABEL_GREY, room=ROOM - 12 - width)
        return y

    def _numbers(self, y: float) -> None:
        pen = self.pen
        pen.text(LEFT, y, "数字", 15, font=BOLD)
        pen.text(LEFT + 14, y, "Numbers", 9, ink=LABEL_GREY)
        y -= 9
        rights = [RIGHT - 24.5 * place for place in (4, 3, 2, 1, 0)]
        labels = ("户 Homes", "车辆 Cars", "出入证 Permits", "车位 Spaces", "证/位 Per space")
        for right, label in zip(rights, labels, strict=True):
            pen.text(right, y, label, 8, ink=LABEL_GREY, align="right", room=24)
        pen.rule(LEFT, y - 2, ROOM, weight=0.5)
        step = min(11.0, (y - 2 - LOWEST - 56) / max(len(self.facts.compounds), 1))
        y -= 2
        for one in self.facts.compounds:
            y -= step
            middle = y + step / 2
            sign = min(6.4, step - 2)
            x = LEFT + pen.sign(one.letter, one.colour, LEFT, middle - sign / 2, sign) + 2.5
            room = rights[0] - 14 - x
            pen.text(x, middle + 0.3, one.name, 10.5, font=MEDIUM, room=room)
            pen.text(x, middle - 3.4, one.name_en, 7, ink=LABEL_GREY, room=room)
            ratio = one.permits_per_space
            share = "–" if ratio is None else f"{ratio:.2f}"
            figures = (one.households, one.vehicles, one.permits, one.spaces, share)
            for right, figure in zip(rights, figures, strict=True):
                pen.text(right, middle - 1.8, f"{figure}", 12.5, font=BOLD, align="right")
            pen.rule(LEFT, y, ROOM)

    def _head(self) -> None:
        pen, head = self.pen, self.facts.head
        if head is None:
            return
        side = 44.0
        y = LOWEST + side - 5
        pen.symbol(head.text, Box(RIGHT - side + 3, LOWEST, side, side))
        pen.text(LEFT, y, "台账表头", 12, font=BOLD)
        pen.text(LEFT + 19, y, "The ledger's signed head", 8.5, ink=LABEL_GREY)
        y = pen.paragraph(LEFT, y - 6, head.text, 6.8, ROOM - side - 2, font=MEDIUM, line_em=1.35)
        words = f"以上数字以此表头为准，可在 {self.address} 核对。"
        pen.paragraph(LEFT, y - 1.5, words, 8.5, ROOM - side - 2)

    def _zones(self) -> None:
        zones = list(self.facts.zones)
        room = FIRST_LINE - LOWEST
        if self.facts.scene:
            height = ROOM * 0.62
            self._title("现行分区", "Zones as they are")
            self.pen.map(self.facts.scene, Box(LEFT, FIRST_LINE - height, ROOM, height))
            room -= height + 4
            zones = self._table(zones, room)
            self._end()
        while zones:
            self._title("现行分区", "Zones as they are")
            zones = self._table(zones, FIRST_LINE - LOWEST)
            self._end()

    def _table(self, zones: list[PublicZone], room: float) -> list[PublicZone]:
        """Draw as many zones as the room below holds, and return the others."""
        most = max(int((room - HEAD) / LOWEST_ROW), 0)
        if most:
            draw_zones(self.pen, zones[:most], Box(LEFT, LOWEST, ROOM, room))
        return zones[most:]

    def _reports(self) -> None:
        self._title("待处理的乱停举报", "Open reports of wrongly parked cars")
        height = 6.0 + 10.5 * len(self.facts.reports)
        draw_reports(self.pen, self.facts.reports, Box(LEFT, FIRST_LINE - height, ROOM, height))
        words = (
            "消防通道被堵的，应当场处理。会上请逐项说明：谁负责，何时回头看。",
            "A blocked fire lane is dealt with at once. Say for each who does it, and when it is "
            "looked at again.",
        )
        y = FIRST_LINE - height - 9
        y = self.pen.paragraph(LEFT, y, words[0], 10, ROOM, font=MEDIUM)
        y = self.pen.paragraph(LEFT, y, words[1], 8.5, ROOM, ink=LABEL_GREY)
        self.pen.text(LEFT, y - 8, "会议记录", 13, font=BOLD)
        self.pen.text(LEFT + 22, y - 8, "Notes", 9, ink=LABEL_GREY)
        y -= 20
        while y > LOWEST:
            self.pen.rule(LEFT, y, ROOM)
            y -= 10
        self._end()
