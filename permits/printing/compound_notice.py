"""A compound's own public notice, A3: numbers, zones and rules, under the ledger's head."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.units import mm

from permits.allotting import CountsBy, Limits
from permits.printing.back import RULES
from permits.printing.drawing import Pen
from permits.printing.inks import LABEL_GREY
from permits.printing.layouts import PAPERS_MM, Box
from permits.printing.ledger_head import block_title, draw_ledger_head
from permits.printing.spooling import SpoolingCanvas
from permits.printing.typefaces import BOLD, MEDIUM, register
from permits.public_facts import PublicCompound, PublicFacts, PublicOpening, PublicZone

LEFT, RIGHT, TOP, BOTTOM = 16.0, 281.0, 404.0, 14.0
ROOM = RIGHT - LEFT
FIGURES_Y = TOP - 66
MAP_BOX = Box(LEFT, 186.0, ROOM, 142.0)
LOWER_Y = 88.0
FOOT = Box(LEFT, 22.0, ROOM, 60.0)
TALLEST_ROW = 11.0


@dataclass(frozen=True)
class CompoundRules:
    """What holds in the compound with a letter beside what holds for all; None for no limit."""

    letter: str
    limits: Limits
    visits_per_month: int | None


def print_compound_notice(
    facts: PublicFacts,
    rules: CompoundRules,
    *,
    out: Path,
    fonts: Path,
    address: str,
) -> None:
    """Print the notice of one compound; the same facts give the same bytes.

    Args:
        address: where the public board is.

    Raises:
        FontMissing: a font file is not there.
        StopIteration: no compound has the letter.
    """
    register(fonts)
    letter = rules.letter
    compound = next(one for one in facts.compounds if one.letter == letter)
    scratch = out.with_name(f".{out.name}.part")
    width, height = PAPERS_MM["a3"]
    canvas = SpoolingCanvas(scratch, (width * mm, height * mm), language="zh-CN")
    title = f"{compound.name} 停车公示 · Parking notice · {facts.day}"
    canvas.describe(title, facts.community)
    canvas.setSubject(f"{facts.head.number}" if facts.head else "")
    pen = Pen(canvas)
    _draw_head(pen, facts, compound)
    _draw_figures(pen, compound)
    if facts.scene:
        pen.map(facts.scene, MAP_BOX)
    upper = MAP_BOX.y - 6 if facts.scene else MAP_BOX.top
    half = (ROOM - 10) / 2
    _draw_zones(pen, facts, letter, Box(LEFT, LOWER_Y, half, upper - LOWER_Y))
    pen.upright(LEFT + half + 5, LOWER_Y, upper - LOWER_Y)
    _draw_rules(pen, compound, rules, Box(LEFT + half + 10, LOWER_Y, half, upper - LOWER_Y))
    pen.rule(LEFT, FOOT.top + 2, ROOM, weight=0.5)
    draw_ledger_head(pen, facts.head, FOOT)
    pen.rule(LEFT, BOTTOM + 5, ROOM)
    pen.text(LEFT, BOTTOM, f"公示日期 Date  {facts.day}", 9, font=MEDIUM)
    pen.text(RIGHT, BOTTOM, address, 9, font=MEDIUM, align="right")
    canvas.showPage()
    canvas.write()
    os.replace(scratch, out)


def _draw_head(pen: Pen, facts: PublicFacts, compound: PublicCompound) -> None:
    width = pen.sign(compound.letter, compound.colour, LEFT, TOP - 34, 34)
    x = LEFT + width + 8
    room = RIGHT - x
    pen.text(x, TOP - 16, f"{compound.name} 停车公示", 48, font=BOLD, room=room)
    pen.text(x, TOP - 26, f"{compound.name_en} · Parking notice", 16, ink=LABEL_GREY, room=room)
    if facts.plan:
        chinese = f"停车分区方案第 {facts.plan.number} 号，{facts.plan.first_day} 起生效"
        english = f"zone plan {facts.plan.number}, in force since {facts.plan.first_day}"
    else:
        chinese, english = "尚无生效的停车分区方案", "no zone plan is in force yet"
    words = f"{facts.community} · {chinese} · {english}"
    pen.text(x, TOP - 33.5, words, 11, font=MEDIUM, room=room)
    pen.rule(LEFT, TOP - 40, ROOM, weight=0.9)


def _draw_figures(pen: Pen, compound: PublicCompound) -> None:
    figures = (
        (compound.households, "有车住户", "households with a car"),
        (compound.vehicles, "登记车辆", "cars"),
        (compound.permits, "有效出入证", "permits in force"),
        (compound.spaces, "全天可停车位", "spaces open all day"),
    )
    step = ROOM / len(figures)
    for place, (figure, chinese, english) in enumerate(figures):
        x = LEFT + place * step
        if place:
            pen.upright(x - 4, FIGURES_Y - 3, 22)
        pen.text(x, FIGURES_Y + 5.5, f"{figure}", 40, font=BOLD, room=step - 6)
        pen.text(x, FIGURES_Y - 0.5, chinese, 12, font=MEDIUM, room=step - 6)
        pen.text(x, FIGURES_Y - 5, english, 8.5, ink=LABEL_GREY, room=step - 6)


def _draw_zones(pen: Pen, facts: PublicFacts, letter: str, box: Box) -> None:
    y = block_title(pen, box, "本小区可停区域", "Where our cars may park")
    own = [
        (zone, opening)
        for zone in facts.zones
        for opening in zone.openings
        if opening.letter == letter
    ]
    pen.rule(box.x, y + 3, box.width, weight=0.5)
    y += 3
    if not own:
        pen.text(box.x, y - 7, "暂无开放区域。 None is open yet.", 10, ink=LABEL_GREY)
        return
    height = min(TALLEST_ROW, (y - box.y) / len(own))
    for zone, opening in own:
        y -= height
        _draw_zone(pen, zone, opening, letter, Box(box.x, y, box.width, height))
        pen.rule(box.x, y, box.width)


def _draw_zone(pen: Pen, zone: PublicZone, opening: PublicOpening, letter: str, box: Box) -> None:
    middle = box.y + box.height / 2
    pen.text(box.x, middle - 1.9, zone.code, 15, font=BOLD, room=14)
    pen.text(box.x + 16, middle + 0.5, zone.name, 10.5, font=MEDIUM, room=34)
    pen.text(box.x + 16, middle - 3.3, zone.name_en, 7, ink=LABEL_GREY, room=34)
    hours = opening.hours or "全天 all day"
    pen.text(box.x + 52, middle - 1.5, hours, 10, font=MEDIUM, room=25)
    spaces = zone.spaces if opening.spaces is None else opening.spaces
    pen.text(box.x + 88, middle - 1.6, f"{spaces}", 12, font=BOLD, align="right")
    pen.text(box.x + 89.5, middle - 1.4, "位", 8, ink=LABEL_GREY)
    others = _others(zone.openings, letter)
    x = box.x + 96
    sign = min(4.6, box.height - 2, (box.right - x) / (2.1 * max(len(others), 1)))
    for one in others:
        x += pen.sign(one.letter, one.colour, x, middle - sign / 2, sign) + sign * 0.2


def _others(openings: Sequence[PublicOpening], letter: str) -> list[PublicOpening]:
    """Return one opening of each other colour, with which the zone is shared."""
    found = {one.letter: one for one in openings if one.letter != letter}
    return [found[key] for key in sorted(found)]


def _limit_lines(limits: Limits) -> list[tuple[str, str]]:
    cars, places = limits.cars, limits.places
    if cars is None:
        lines = [("每户办证车辆数不限。", "Any number of cars a household.")]
    elif limits.counts_by is CountsBy.RESIDENT:
        lines = [
            (f"每位业主最多 {cars} 辆车办证。", f"At most {cars} cars a resident get a permit.")
        ]
    else:
        lines = [(f"每户最多 {cars} 辆车办证。", f"At most {cars} cars a household get a permit.")]
    if places is not None:
        lines.append((f"全小区最多 {places} 辆车办证。", f"At most {places} permits in all."))
    if limits.first_cars_first:
        lines.append(("首辆车优先于第二辆车。", "First cars come before second cars."))
    return lines


def _draw_rules(pen: Pen, compound: PublicCompound, rules: CompoundRules, box: Box) -> None:
    y = block_title(pen, box, "本小区规则", "Our rules")
    pen.rule(box.x, y + 3, box.width, weight=0.5)
    y -= 4
    visits = rules.visits_per_month
    own = (
        *_limit_lines(rules.limits),
        (
            f"每户每月最多 {visits} 次访客登记。" if visits else "访客登记次数不限。",
            f"At most {visits} visits a household and month."
            if visits
            else "Any number of visits.",
        ),
    )
    responsible = compound.responsible
    lines = [*own, *RULES[1:]]
    step = min(13.5, (y - box.y - (12 if responsible else 0)) / len(lines))
    for number, (chinese, english) in enumerate(lines, start=1):
        pen.text(box.x, y, f"{number}", 11, font=BOLD)
        pen.text(box.x + 6, y, chinese, 11, font=MEDIUM, room=box.width - 6)
        pen.text(box.x + 6, y - 4.2, english, 8, ink=LABEL_GREY, room=box.width - 6)
        y -= step
    if responsible:
        words = f"责任人 Responsible  {responsible.name}  {responsible.phone}"
        pen.text(box.x, box.y + 1, words, 12, font=BOLD, room=box.width)
