"""The sheet on which owners sign for their permits: A4, a page of its own for each compound.

It names flats, so it is the office's alone: it is drawn when it is asked for and never kept.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.drawing import Pen
from permits.printing.inks import LABEL_GREY
from permits.printing.layouts import A4_PORTRAIT_MM, Box
from permits.printing.plate_text import fitted_plate_pt, set_plate
from permits.printing.typefaces import BOLD, MEDIUM, register
from zones.colours import Colour

LEFT, RIGHT, TOP, BOTTOM = 16.0, 194.0, 281.0, 12.0
HEAD_MM = 24.0
ROW_MM = 10.0
ROWS = int((TOP - HEAD_MM - 9 - BOTTOM - 12) / ROW_MM)
"""Rows on a page."""

COLUMNS = (
    (0.0, "房号", "Flat"),
    (38.0, "车牌", "Plate"),
    (78.0, "编号", "Serial"),
    (113.0, "签名", "Signature"),
    (156.0, "日期", "Date"),
)
"""Where each column begins, from the left edge of the table, and its head."""


@dataclass(frozen=True)
class SignatureRow:
    """One permit to be signed for.

    Attributes:
        household: such as `3-2-501`; empty where it is not known.
        plate: as people read it.
    """

    letter: str
    colour: Colour
    compound: str
    compound_en: str
    household: str
    plate: str
    serial: str


def signature_sheet(
    rows: Sequence[SignatureRow], *, community: str, community_en: str, day: date, fonts: Path
) -> bytes:
    """Return the sheet as a PDF; rows stay in their order, those of a compound beside each other.

    Raises:
        FontMissing: a font file is not there.
    """
    register(fonts)
    file = io.BytesIO()
    size = (A4_PORTRAIT_MM[0] * mm, A4_PORTRAIT_MM[1] * mm)
    canvas = Canvas(file, pagesize=size, invariant=1, pageCompression=1, lang="zh-CN")
    canvas.setTitle(f"{community} 领证签收表 · Signatures for permits")
    pages = [
        group[start : start + ROWS]
        for group in (list(members) for _, members in groupby(rows, key=lambda one: one.letter))
        for start in range(0, len(group), ROWS)
    ]
    pen = Pen(canvas)
    for number, page in enumerate(pages, start=1):
        _draw_head(pen, page[0], community, community_en)
        y = _draw_rows(pen, page)
        _draw_uprights(pen, y)
        _draw_foot(pen, number, len(pages), day)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_head(pen: Pen, sample: SignatureRow, community: str, community_en: str) -> None:
    width = pen.sign(sample.letter, sample.colour, LEFT, TOP - 12, 12)
    x = LEFT + width + 5
    room = RIGHT - x - 62
    pen.text(x, TOP - 6, f"{sample.compound} 领证签收表", 18, font=BOLD, room=room)
    pen.text(
        x,
        TOP - 12,
        f"{sample.compound_en} · Signatures for permits",
        9.5,
        ink=LABEL_GREY,
        room=room,
    )
    pen.text(RIGHT, TOP - 6, community, 11, font=MEDIUM, align="right", room=60)
    pen.text(RIGHT, TOP - 12, community_en, 8, ink=LABEL_GREY, align="right", room=60)
    y = TOP - HEAD_MM
    for begins, chinese, english in COLUMNS:
        width = pen.text(LEFT + begins + 1.5, y, chinese, 10.5, font=BOLD)
        pen.text(LEFT + begins + 3 + width, y, english, 8, ink=LABEL_GREY)
    pen.rule(LEFT, y - 3, RIGHT - LEFT, weight=0.5)


def _draw_rows(pen: Pen, rows: Sequence[SignatureRow]) -> float:
    y = TOP - HEAD_MM - 3
    for row in rows:
        y -= ROW_MM
        (flat, *_), (plate, *_), (serial, *_), *_ = COLUMNS
        household, room = row.household or "–", plate - flat - 3
        pen.text(LEFT + flat + 1.5, y + 3.2, household, 11.5, font=MEDIUM, room=room)
        pen.text(LEFT + serial + 1.5, y + 3.2, row.serial, 11.5, font=MEDIUM)
        text = pen.canvas.beginText()
        size = fitted_plate_pt(row.plate, 13, serial - plate - 3)
        set_plate(text, row.plate, (LEFT + plate + 1.5) * mm, (y + 3.1) * mm, size)
        pen.canvas.drawText(text)
        pen.rule(LEFT, y, RIGHT - LEFT)
    return y


def _draw_uprights(pen: Pen, y: float) -> None:
    for begins, *_ in COLUMNS[1:]:
        pen.upright(LEFT + begins, y, TOP - HEAD_MM - 3 - y)
    pen.frame(Box(LEFT, y, RIGHT - LEFT, TOP - HEAD_MM - 3 - y))


def _draw_foot(pen: Pen, number: int, pages: int, day: date) -> None:
    pen.text(
        LEFT,
        BOTTOM + 5,
        "含住户信息，仅供社区办公室使用；发完后归档或销毁。",
        8.5,
        font=MEDIUM,
    )
    pen.text(
        LEFT,
        BOTTOM,
        "Names flats: for the community office only. File or destroy it when all is handed out.",
        7.5,
        ink=LABEL_GREY,
    )
    pen.text(
        RIGHT,
        BOTTOM,
        f"{day} · 第 {number} 页，共 {pages} 页 · Page {number} of {pages}",
        8.5,
        font=MEDIUM,
        align="right",
    )
