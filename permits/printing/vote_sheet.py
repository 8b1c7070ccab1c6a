"""One compound's sheet of a joint meeting: who came, and how it votes on each proposal."""

from __future__ import annotations

from collections.abc import Sequence

from permits.printing.drawing import Pen
from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.typefaces import BOLD, MEDIUM
from permits.proposals import Proposal
from permits.public_facts import PublicCompound

_MOST_NAMES = 10
_VOTE = 34.0
_LOWEST_VOTE = 24.0


def draw_vote_sheet(
    pen: Pen, compound: PublicCompound, proposals: Sequence[Proposal], box: Box
) -> None:
    """Draw the sheet: a line for each person, and a block to tick and sign for each proposal."""
    sign = 15.0
    x = box.x + pen.sign(compound.letter, compound.colour, box.x, box.top - 11, sign) + 5
    pen.text(x, box.top - 2.4, compound.name, 19, font=BOLD, room=box.right - x)
    pen.text(x, box.top - 9, compound.name_en, 10, ink=LABEL_GREY, room=box.right - x)
    votes_height = min(_VOTE, max(_LOWEST_VOTE, (box.height - 70) / max(len(proposals), 1)))
    names_bottom = box.y + votes_height * len(proposals) + 16
    _names(pen, Box(box.x, names_bottom, box.width, box.top - 18 - names_bottom))
    y = names_bottom - 6
    for proposal in proposals:
        y -= votes_height
        _vote(pen, proposal, Box(box.x, y, box.width, votes_height))
    pen.text(
        box.x,
        box.y + 3.6,
        "签字后拍照交社区办录入；本小区业主代表登录确认后，这一票才算数。",
        9,
        font=MEDIUM,
        room=box.width,
    )
    pen.text(
        box.x,
        box.y - 0.6,
        "The office enters a photo of this sheet; the vote counts once the compound's "
        "representative has confirmed it after signing in.",
        7.5,
        ink=LABEL_GREY,
        room=box.width,
    )


def _names(pen: Pen, box: Box) -> None:
    columns = (box.x, box.x + 12, box.x + 66, box.x + 112)
    labels = ("", "姓名 Name", "楼栋房号 Flat", "签名 Signature")
    for x, label in zip(columns, labels, strict=True):
        pen.text(x, box.top - 3, label, 8, ink=LABEL_GREY)
    y = box.top - 5
    pen.rule(box.x, y, box.width, weight=0.5)
    count = max(min(_MOST_NAMES, int((box.height - 5) / 8.5)), 1)
    step = min((box.height - 5) / count, 13.0)
    for number in range(1, count + 1):
        y -= step
        pen.text(columns[0], y + 2.4, f"{number}", 9, ink=LABEL_GREY)
        pen.rule(box.x, y, box.width)


def _vote(pen: Pen, proposal: Proposal, box: Box) -> None:
    pen.rule(box.x, box.top, box.width, weight=0.5)
    y = box.top - 6.5
    width = pen.text(box.x, y, f"方案第 {proposal.number} 号", 13, font=BOLD)
    pen.text(box.x + width + 2.5, y, f"Zone plan {proposal.number}", 9, ink=LABEL_GREY)
    x = box.x + 84
    for chinese, english in (("同意", "We consent"), ("不同意", "We refuse")):
        _tick_box(pen, x, y - 0.6)
        width = pen.text(x + 6.5, y, chinese, 12, font=BOLD)
        pen.text(x + 8 + width, y, english, 8.5, ink=LABEL_GREY)
        x += 48
    step = (box.height - 9) / 2
    for place, fields in enumerate(
        (
            (("理由 Reason", 0.0, 1.0),),
            (("业主代表签名 Signature", 0.0, 0.66), ("日期 Date", 0.7, 0.3)),
        )
    ):
        y = box.top - 9 - step * (place + 1) + 4
        for label, start, share in fields:
            left = box.x + box.width * start
            width = pen.text(left, y, label, 8.5, ink=LABEL_GREY)
            pen.rule(left + width + 2, y - 1, box.width * share - width - 2)


def _tick_box(pen: Pen, x: float, y: float) -> None:
    side, weight = 4.6, 0.35
    for edge in (
        Box(x, y, side, weight),
        Box(x, y + side - weight, side, weight),
        Box(x, y, weight, side),
        Box(x + side - weight, y, weight, side),
    ):
        pen.box(edge, INK)
