"""How the areas of a map look: kind by kind, from the ground up to the letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from zones.colours import Colour
from zones.map_area import KINDS, AreaKind, MapArea, Position, Words
from zones.map_bands import banded, fits, hatched, merged, middle_of, rings_of, widest
from zones.map_items import (
    BLACK,
    DARK,
    LIGHT,
    MIDDLE,
    PALE,
    WHITE,
    Circle,
    Group,
    Item,
    Outline,
    Text,
)
from zones.map_signs import CLOCK, KIND_SIGNS, placed
from zones.shapes import POLYGONS

CODE_SIZE = 34.0
"""Of a zone's code, in plan units: 12 pixels on a phone 390 pixels wide."""
_NAME_SIZE = 22.0
_SHAPE = 27.0
_LETTER_WIDTH = 0.62
"""Of a bold capital or digit, in em (Noto Sans SC)."""
_PAD = 9.0
_SIGN = 36.0
_BAND = 26.0
_THIN_BAND = 15.0
_HATCH = 17.0
_OUTLINE = 2.2
_CORNER = 7.0

ZoneColours = Sequence[tuple[Colour, str, bool]]
"""The colours that may park in a zone, each with its compound's letter and whether all day."""


def paint(
    areas: Sequence[MapArea],
    colours: Mapping[str, ZoneColours] | None,
    names: Mapping[tuple[AreaKind, str], Words],
    height: float,
) -> list[Group]:
    """Return what is drawn, the lowest first.

    Args:
        colours: by zone code; None for a map that shows no plan.
        names: what zones, gates and compounds are called.
        height: of the plan, in plan units.
    """
    of_kind = {kind: [one for one in areas if one.kind == kind] for kind in AreaKind}
    groups = [_ground(one, names) for one in of_kind[AreaKind.GROUND]]
    groups += _roads(of_kind[AreaKind.ROAD])
    groups += [_building(one) for one in of_kind[AreaKind.BUILDING]]
    groups += [_zone(one, colours, names) for one in of_kind[AreaKind.ZONE]]
    for kind, crossed in ((AreaKind.NO_PARKING, False), (AreaKind.FIRE_LANE, True)):
        groups += [_kept_clear(one, crossed) for one in of_kind[kind]]
    for kind in (AreaKind.CHARGING, AreaKind.ACCESSIBLE, AreaKind.E_BIKES):
        groups += [_special(one) for one in of_kind[kind]]
    groups += _lettering(areas, of_kind, colours, names)
    return groups + [_gate(one, names, height) for one in of_kind[AreaKind.GATE]]


def _called(area: MapArea, names: Mapping[tuple[AreaKind, str], Words]) -> Words:
    name = names.get((area.kind, area.code), area.words)
    kind = KINDS[area.kind].words
    room = (
        f"，{area.capacity} 位" if area.capacity else "",
        (f", {area.capacity} places" if area.capacity else ""),
    )
    if name == kind:
        return Words(f"{name.zh}{room[0]}", f"{name.en}{room[1]}")
    return Words(f"{kind.zh}：{name.zh}{room[0]}", f"{kind.en}: {name.en}{room[1]}")


def _ground(area: MapArea, names: Mapping[tuple[AreaKind, str], Words]) -> Group:
    outline = Outline(area.rings, fill=PALE, stroke=MIDDLE, width=1.6, dash=(12, 6))
    return Group([outline], AreaKind.GROUND, area.code, _called(area, names))


def _roads(areas: Sequence[MapArea]) -> list[Group]:
    if not areas:
        return []
    together = rings_of(merged(one.polygon for one in areas))
    outline = Outline(together, fill=WHITE, stroke=LIGHT, width=1.6)
    return [Group([outline], AreaKind.ROAD, words=KINDS[AreaKind.ROAD].words)]


def _building(area: MapArea) -> Group:
    outline = Outline(area.rings, fill=LIGHT, stroke=DARK, width=1.4)
    return Group([outline], AreaKind.BUILDING, area.code, _called(area, {}))


def _zone(
    area: MapArea,
    colours: Mapping[str, ZoneColours] | None,
    names: Mapping[tuple[AreaKind, str], Words],
) -> Group:
    items: list[Item] = []
    polygon = area.polygon
    if colours is None:
        items.append(Outline(area.rings, fill=LIGHT))
    else:
        allowed = colours.get(area.code, ())
        all_day = [colour.hex for colour, _letter, whole in allowed if whole]
        timed = [colour.hex for colour, _letter, whole in allowed if not whole]
        items.append(Outline(area.rings, fill=all_day[0] if len(all_day) == 1 else WHITE))
        if len(all_day) > 1:
            items += _bands(polygon, [(colour, _BAND) for colour in all_day])
        thin = [
            band
            for colour in timed
            for band in ((WHITE, 4.0), (colour, _THIN_BAND), (WHITE, 4.0), (None, _THIN_BAND))
        ]
        items += _bands(polygon, thin)
    items.append(Outline(area.rings, stroke=BLACK, width=_OUTLINE))
    return Group(items, AreaKind.ZONE, area.code, _called(area, names))


def _bands(polygon: Polygon, bands: Sequence[tuple[str | None, float]]) -> list[Item]:
    if not bands:
        return []
    return [Outline(rings, fill=colour) for colour, rings in banded(polygon, bands) if rings]


def _kept_clear(area: MapArea, crossed: bool) -> Group:
    lines = hatched(area.polygon, _HATCH, crossed)
    items: list[Item] = [
        Outline(area.rings, fill=WHITE),
        Outline(lines, stroke=BLACK, width=1.8, is_open=True),
        Outline(area.rings, stroke=BLACK, width=_OUTLINE),
    ]
    return Group(items, area.kind, area.code, _called(area, {}))


def _special(area: MapArea) -> Group:
    outline = Outline(area.rings, fill=WHITE, stroke=BLACK, width=1.6)
    x, y = middle_of(area.polygon)
    left, bottom, right, top = area.polygon.bounds
    side = min(_SIGN, max(right - left, top - bottom), min(right - left, top - bottom) * 1.15)
    sign = placed(KIND_SIGNS[area.kind], x - side / 2, y - side / 2, side)
    return Group([outline, *sign], area.kind, area.code, _called(area, {}))


def _lettering(
    areas: Sequence[MapArea],
    of_kind: Mapping[AreaKind, Sequence[MapArea]],
    colours: Mapping[str, ZoneColours] | None,
    names: Mapping[tuple[AreaKind, str], Words],
) -> list[Group]:
    """Return the letters, each on what its area has free of other things."""
    above = (AreaKind.CHARGING, AreaKind.ACCESSIBLE, AreaKind.E_BIKES, *_CLEAR)
    signs = merged(one.polygon for kind in above for one in of_kind[kind])
    built = merged(one.polygon for one in areas if one.kind not in (AreaKind.GROUND, AreaKind.GATE))
    items: list[Item] = []
    for one in of_kind[AreaKind.GROUND]:
        items += _name_on(one.polygon.difference(built), names.get((one.kind, one.code), one.words))
    for one in of_kind[AreaKind.BUILDING]:
        if one.name:
            items += _name_on(one.polygon, one.words, colour=DARK)
    for kind in _CLEAR:
        for one in of_kind[kind]:
            items += _name_on(one.polygon, one.words, bold=True, halo=WHITE)
    for one in of_kind[AreaKind.ZONE]:
        room = widest(one.polygon.difference(signs)) or one.polygon
        items += _tag(room, one.code, (colours or {}).get(one.code, ()))
    return [Group(items)]


_CLEAR = (AreaKind.FIRE_LANE, AreaKind.NO_PARKING)


def _name_on(
    room: BaseGeometry,
    words: Words,
    *,
    colour: str = DARK,
    bold: bool = False,
    halo: str | None = None,
) -> list[Item]:
    """Return a name in the largest free part, or nothing where it has no room."""
    part = widest(room)
    if part is None or part.area < _NAME_SIZE**2:
        return []
    middle = middle_of(part)
    longest = max(len(words.zh), len(words.en) * 0.56)
    left, bottom, right, top = part.bounds
    size = min(_NAME_SIZE, (right - left) * 1.1 / longest, (top - bottom) * 0.9)
    while size > 12 and fits(part, middle, longest * size, size * 1.1) < 0.97:
        size *= 0.9
    if size < 11:
        return []
    return [Text(middle, words, size, bold=bold, fill=colour if not halo else BLACK, halo=halo)]


def _tag(room: Polygon, code: str, allowed: ZoneColours) -> list[Item]:
    """Return a zone's plate: its code, and letter and shape of each colour that may park there."""
    middle = middle_of(room)
    parts: list[float] = [len(code) * CODE_SIZE * _LETTER_WIDTH]
    sign = CODE_SIZE * _LETTER_WIDTH + 3 + _SHAPE
    parts += [sign] * len(allowed)
    if any(not whole for _colour, _letter, whole in allowed):
        parts.append(_SHAPE)
    best, best_share = [list(range(len(parts)))], -1.0
    for per_row in (len(parts), 2, 1):
        rows = [list(range(len(parts)))] if per_row == len(parts) else _rows(len(parts), per_row)
        share = fits(room, middle, *_plate_size(rows, parts))
        if share > best_share + 0.001:
            best, best_share = rows, share
        if share > 0.999:
            break
    return _plate(middle, best, parts, code, allowed)


def _rows(count: int, per_row: int) -> list[list[int]]:
    """Return the code in a row of its own and the rest below, `per_row` in each."""
    rest = list(range(1, count))
    return [[0], *(rest[at : at + per_row] for at in range(0, len(rest), per_row))]


_BETWEEN = 12.0
_ROW = CODE_SIZE * 1.06


def _plate_size(rows: Sequence[Sequence[int]], parts: Sequence[float]) -> tuple[float, float]:
    width = max(sum(parts[one] for one in row) + _BETWEEN * (len(row) - 1) for row in rows)
    return width + 2 * _PAD, len(rows) * _ROW + _PAD


def _plate(
    middle: Position,
    rows: Sequence[Sequence[int]],
    parts: Sequence[float],
    code: str,
    allowed: ZoneColours,
) -> list[Item]:
    width, height = _plate_size(rows, parts)
    x, y = middle
    items: list[Item] = [
        Outline(
            [_rounded(x - width / 2, y - height / 2, width, height)],
            fill=WHITE,
            stroke=BLACK,
            width=1.4,
        )
    ]
    line = y + height / 2 - _PAD / 2 - _ROW / 2
    for row in rows:
        place = x - (sum(parts[one] for one in row) + _BETWEEN * (len(row) - 1)) / 2
        for one in row:
            items += _part(one, place, line, parts[one], code, allowed)
            place += parts[one] + _BETWEEN
        line -= _ROW
    return items


def _part(
    index: int, left: float, line: float, width: float, code: str, allowed: ZoneColours
) -> list[Item]:
    """Return one part of a plate, from `left` on and in the middle of a line."""
    if index == 0:
        return [Text((left + width / 2, line), Words(code, code), CODE_SIZE, bold=True)]
    if index > len(allowed):
        return placed(CLOCK, left, line - _SHAPE / 2, _SHAPE)
    colour, letter, _whole = allowed[index - 1]
    letter_width = CODE_SIZE * _LETTER_WIDTH
    return [
        Text((left + letter_width / 2, line), Words(letter, letter), CODE_SIZE),
        *colour_shape(colour, left + letter_width + 3, line - _SHAPE / 2, _SHAPE),
    ]


def colour_shape(colour: Colour, left: float, bottom: float, side: float) -> list[Item]:
    """Return a colour's shape in a square, with a seam that holds pale colours on white."""
    seam = side * 0.06
    if colour.shape == "circle":
        disc = Circle((0.5, 0.5), 0.5, fill=colour.hex, stroke=BLACK, width=seam / side)
        return placed([disc], left, bottom, side)
    corners = list(POLYGONS[colour.shape])
    outline = Outline([[*corners, corners[0]]], fill=colour.hex, stroke=BLACK, width=seam / side)
    return placed([outline], left, bottom, side)


def _rounded(left: float, bottom: float, width: float, height: float) -> list[Position]:
    """Return a rectangle whose corners are cut a little."""
    right, top, cut = left + width, bottom + height, _CORNER * 0.6
    return [
        (left + cut, bottom),
        (right - cut, bottom),
        (right, bottom + cut),
        (right, top - cut),
        (right - cut, top),
        (left + cut, top),
        (left, top - cut),
        (left, bottom + cut),
        (left + cut, bottom),
    ]


def _gate(area: MapArea, names: Mapping[tuple[AreaKind, str], Words], height: float) -> Group:
    x, y = area.rings[0][0]
    name = names.get((area.kind, area.code), area.words)
    side = _SIGN * 1.1
    seam = Outline([_rounded(x - side / 2 - 3, y - side / 2 - 3, side + 6, side + 6)], fill=WHITE)
    sign = placed(KIND_SIGNS[AreaKind.GATE], x - side / 2, y - side / 2, side)
    below = y - side / 2 - _NAME_SIZE * 0.75
    above = y + side / 2 + _NAME_SIZE * 0.75
    text = Text((x, below if y > height * 0.15 else above), name, _NAME_SIZE, bold=True, halo=WHITE)
    return Group([seam, *sign, _inside(text)], AreaKind.GATE, area.code, _called(area, names))


def _inside(text: Text) -> Text:
    """Return a text moved so that it does not leave the plan at its left or right."""
    half = max(len(text.words.zh), len(text.words.en) * 0.56) * text.size / 2 + 4
    x, y = text.place
    return replace(text, place=(min(max(x, half), 1000.0 - half), y))
