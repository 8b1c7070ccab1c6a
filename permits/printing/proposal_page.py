"""A proposal on paper: why, what each compound would have, what opens and what closes."""

from __future__ import annotations

from permits.printing.drawing import Pen
from permits.printing.inks import LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.typefaces import BOLD, MEDIUM
from permits.proposals import CompoundChange, OpeningChange, Proposal

_ROW, _LOWEST_ROW = 11.0, 7.6
_LINE = 7.4
_COLUMN = 20.0
_COLUMNS = (
    ("现在", "now"),
    ("提案", "proposed"),
    ("增减", "change"),
    ("分时段", "at set hours"),
    ("每车位证数", "permits a space"),
    ("最多挪车", "cars to move, at most"),
)


def draw_proposal(pen: Pen, proposal: Proposal, box: Box) -> None:
    """Draw one proposal into a box; changes that find no room are counted in the last line."""
    y = box.top
    if proposal.first_day:
        pen.text(box.x, y, f"拟自 {proposal.first_day} 起施行", 11, font=BOLD)
        pen.text(box.right, y, f"From {proposal.first_day}", 9, ink=LABEL_GREY, align="right")
        y -= 8
    if proposal.note:
        y = pen.paragraph(box.x, y, proposal.note, 11, box.width, font=MEDIUM, most_lines=7) - 3
    y = _compounds(pen, proposal, box, y)
    y = _heading(pen, box, y - 9, "变动", "What opens and what closes")
    if not proposal.changes:
        pen.text(box.x, y, "与现行方案相同，或尚无现行方案。", 10)
        pen.text(box.x, y - 5, "Nothing, or no plan is in force yet.", 8, ink=LABEL_GREY)
    for place, one in enumerate(proposal.changes):
        if y < box.y + 30 and place + 1 < len(proposal.changes):
            more = len(proposal.changes) - place
            pen.text(box.x, y, f"另有 {more} 项变动，见网页。 {more} more.", 9)
            break
        _change(pen, one, box, y)
        y -= _LINE
    _votes(pen, proposal, box)


def _heading(pen: Pen, box: Box, y: float, chinese: str, english: str) -> float:
    width = pen.text(box.x, y, chinese, 13, font=BOLD)
    pen.text(box.x + width + 2.5, y, english, 8.5, ink=LABEL_GREY)
    return y - 8


def _compounds(pen: Pen, proposal: Proposal, box: Box, y: float) -> float:
    y = _heading(pen, box, y - 4, "各小区车位", "Spaces of each compound")
    rights = [box.right - _COLUMN * place for place in reversed(range(len(_COLUMNS)))]
    for right, (chinese, english) in zip(rights, _COLUMNS, strict=True):
        pen.text(right, y, chinese, 8.5, align="right", room=_COLUMN - 1)
        pen.text(right, y - 3.4, english, 6.5, ink=LABEL_GREY, align="right", room=_COLUMN - 1)
    y -= 5.4
    pen.rule(box.x, y, box.width, weight=0.5)
    count = max(len(proposal.compounds), 1)
    step = max(min(_ROW, (y - box.y - 90) / count), _LOWEST_ROW)
    for one in proposal.compounds:
        y -= step
        _compound(pen, one, box, y + step / 2, rights, min(6.4, step - 2))
        pen.rule(box.x, y, box.width)
    return y


def _compound(
    pen: Pen, one: CompoundChange, box: Box, middle: float, rights: list[float], sign: float
) -> None:
    x = box.x + pen.sign(one.letter, one.colour, box.x, middle - sign / 2, sign) + 2.5
    room = rights[0] - 12 - x
    pen.text(x, middle + 0.3, one.name, 10.5, font=MEDIUM, room=room)
    pen.text(x, middle - 3.4, one.name_en, 7, ink=LABEL_GREY, room=room)
    gain = one.then - one.now
    change = f"+{gain}" if gain > 0 else f"−{-gain}" if gain < 0 else "0"
    timed = (
        f"{one.timed_now} → {one.timed_then}"
        if one.timed_now != one.timed_then
        else f"{one.timed_then}"
    )
    ratio = f"{_ratio(one.ratio_now)} → {_ratio(one.ratio_then)}"
    move = str(one.cars_to_move) if one.cars_to_move else "–"
    figures = (str(one.now), str(one.then), change, timed, ratio, move)
    for right, figure in zip(rights, figures, strict=True):
        pen.text(right, middle - 1.8, figure, 11.5, font=BOLD, align="right", room=_COLUMN - 2)


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _change(pen: Pen, one: OpeningChange, box: Box, y: float) -> None:
    word, english = ("新增", "opens") if one.is_added else ("取消", "closes")
    pen.text(box.x, y, word, 10.5, font=BOLD)
    pen.text(box.x + 10, y, english, 8, ink=LABEL_GREY)
    pen.text(box.x + 24, y, f"{one.zone} {one.zone_name}", 10.5, font=MEDIUM, room=62)
    x = box.x + 90
    x += pen.sign(one.letter, one.colour, x, y - 1, 5.2) + 3
    hours = one.hours or "全天 all day"
    spaces = f" · {one.spaces} 位 spaces" if one.spaces is not None else ""
    pen.text(x, y, f"{hours}{spaces}", 10, room=box.right - x)


def _votes(pen: Pen, proposal: Proposal, box: Box) -> None:
    y = box.y + 14
    pen.rule(box.x, y + 7, box.width)
    width = pen.text(box.x, y, "已投票", 11, font=BOLD)
    pen.text(box.x + width + 2, y, "Votes so far", 8, ink=LABEL_GREY)
    x = box.x + 42
    if not proposal.votes:
        pen.text(x, y, "无 none", 10)
    for vote in proposal.votes:
        word = "同意 yes" if vote.consents else "不同意 no"
        if x > box.right - 34:
            x, y = box.x + 42, y - 8
        x += pen.sign(vote.letter, vote.colour, x, y - 1, 5.2) + 1.5
        x += pen.text(x, y, word, 9.5, font=MEDIUM) + 5
