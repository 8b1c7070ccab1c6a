"""The table of zones on paper: spaces, whose permits may park there, and who answers for it."""

from __future__ import annotations

from collections.abc import Sequence

from permits.printing.drawing import Pen
from permits.printing.inks import LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.typefaces import BOLD, MEDIUM
from permits.public_facts import Answerable, PublicZone

HEAD = 13.0
"""Height of the table's title and head, in millimetres."""

TALLEST_ROW, LOWEST_ROW = 11.6, 8.2


class _Columns:
    """Where the columns of the zones' table begin."""

    def __init__(self, box: Box) -> None:
        self.zone = box.x
        self.spaces = box.x + box.width * 0.36
        self.who = self.spaces + 5
        self.responsible = box.x + box.width * 0.70
        self.room = box.right - self.responsible


def draw_zones(pen: Pen, zones: Sequence[PublicZone], box: Box) -> None:
    """Draw the zones into a box, a row for each; `LOWEST_ROW` says how many it can take."""
    columns = _Columns(box)
    pen.text(box.x, box.top - 4.6, "停车区域与责任人", 15, font=BOLD)
    pen.text(box.x + 50, box.top - 4.6, "Zones and who answers for them", 9, ink=LABEL_GREY)
    y = box.top - HEAD
    for at, words in (
        (columns.zone, "区域 Zone"),
        (columns.who, "可停 Open to"),
        (columns.responsible, "责任人 Responsible"),
    ):
        pen.text(at, y + 1.8, words, 8, ink=LABEL_GREY)
    pen.text(columns.spaces, y + 1.8, "车位 Spaces", 8, ink=LABEL_GREY, align="right")
    pen.rule(box.x, y, box.width, weight=0.5)
    height = min(TALLEST_ROW, (box.height - HEAD) / max(len(zones), 1))
    for zone in zones:
        y -= height
        _zone(pen, zone, columns, y, height)
        pen.rule(box.x, y, box.width)


def _zone(pen: Pen, zone: PublicZone, columns: _Columns, y: float, height: float) -> None:
    middle = y + height / 2
    room = columns.spaces - 13 - columns.zone
    width = pen.text(columns.zone, middle - 1.9, zone.code, 15, font=BOLD)
    at = columns.zone + max(width + 2.5, 13)
    pen.text(at, middle + 0.6, zone.name, 10, font=MEDIUM, room=room - 13)
    pen.text(at, middle - 3.2, zone.name_en, 7, ink=LABEL_GREY, room=room - 13)
    pen.text(columns.spaces, middle - 1.7, f"{zone.spaces}", 13, font=BOLD, align="right")
    _openings(pen, zone, columns, middle, height)
    _responsible(pen, zone.responsible, columns, middle)


def _openings(pen: Pen, zone: PublicZone, columns: _Columns, middle: float, height: float) -> None:
    x = columns.who
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


def _responsible(pen: Pen, one: Answerable | None, columns: _Columns, middle: float) -> None:
    if one is None:
        pen.text(columns.responsible, middle - 1.4, "未指定 nobody yet", 9, ink=LABEL_GREY)
        return
    pen.text(columns.responsible, middle + 0.6, one.name, 9.5, font=MEDIUM, room=columns.room)
    pen.text(columns.responsible, middle - 3.4, one.phone, 9, room=columns.room)
