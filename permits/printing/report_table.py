"""The table of open reports on paper: how many of each kind, by age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from permits.infringement import InfringementKind
from permits.printing.drawing import Pen
from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.typefaces import BOLD, MEDIUM, REGULAR
from permits.public_facts import OpenReports

KINDS: Mapping[InfringementKind, tuple[str, str]] = {
    InfringementKind.FIRE_LANE: ("堵塞消防通道", "Fire lane blocked"),
    InfringementKind.WRONG_ZONE: ("停错区域", "Wrong zone"),
    InfringementKind.NO_PERMIT: ("无出入证", "No permit"),
    InfringementKind.OTHER: ("其他", "Other"),
}
"""What was reported, in both languages."""

AGE_WORDS = (("1 天内", "< 1 d"), ("1–3 天", "1–3 d"), ("3–7 天", "3–7 d"), ("7 天以上", "> 7 d"))
"""The columns of `permits.public_facts.AGES`."""


def draw_reports(pen: Pen, reports: Sequence[OpenReports], box: Box) -> None:
    """Draw the counts into a box, a row for each kind."""
    y = box.top - 0.5
    rights = [box.right - 13.5 * place for place in (3, 2, 1, 0)]
    for right, (chinese, english) in zip(rights, AGE_WORDS, strict=True):
        pen.text(right, y + 0.5, chinese, 7.5, font=MEDIUM, align="right", room=13)
        pen.text(right, y - 2.9, english, 6.5, ink=LABEL_GREY, align="right", room=13)
    y -= 5
    pen.rule(box.x, y, box.width)
    step = min(10.5, (y - box.y) / max(len(reports), 1))
    for report in reports:
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
