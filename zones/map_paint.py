"""How the areas of a map look: kind by kind, from the ground up to the letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import floor, log10

from shapely.geometry import Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from zones.map_area import KINDS, PLAN_WIDTH, AreaKind, MapArea, Words
from zones.map_bands import banded, hatched, merged, middles_of, rings_of, room_for, widest
from zones.map_items import (
    BLACK,
    DARK,
    LIGHT,
    MIDDLE,
    PALE,
    WHITE,
    Group,
    Item,
    Outline,
    Text,
)
from zones.map_plate import ZoneColours, plate_on, rounded
from zones.map_signs import KIND_SIGNS, placed

_NAME_SIZE = 22.0
_NAME_SIZES = (24.0, 21.0, 18.0, 15.0, 13.0)
_SMALL_NAMES = _NAME_SIZES[2:]
_SIGN = 36.0
_BAND = 26.0
_THIN_BAND = 15.0
_HATCH = 17.0
_OUTLINE = 2.2


def paint(
    areas: Sequence[MapArea],
    colours: Mapping[str, ZoneColours] | None,
    names: Mapping[tuple[AreaKind, str], Words],
) -> list[Group]:
    """Return what is drawn, the lowest first.

    Args:
        colours: by zone code; None for a map that shows no plan.
        names: what zones, gates and compounds are called.
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
    return groups + [_gate(one, names) for one in of_kind[AreaKind.GATE]]


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
        items.append(Outline(area.rings, fill=WHITE))
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
    x, y = next(one for one in middles_of(area.polygon) if area.polygon.covers(Point(one)))
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
    gates = [
        box(x - _SIGN, y - _SIGN * 1.6, x + _SIGN, y + _SIGN)
        for one in of_kind[AreaKind.GATE]
        for x, y in one.rings[0]
    ]
    standing = [one.polygon for one in areas if one.kind not in (AreaKind.GROUND, AreaKind.GATE)]
    built = merged([*standing, *gates])
    items: list[Item] = []
    for one in of_kind[AreaKind.GROUND]:
        if (one.kind, one.code) in names:
            items += _name_on(one.polygon.difference(built), names[one.kind, one.code], bold=True)
    for one in of_kind[AreaKind.ROAD]:
        if one.name:
            items += _name_on(one.polygon.difference(merged(gates)), one.words, sizes=_SMALL_NAMES)
    for one in of_kind[AreaKind.BUILDING]:
        if one.name:
            items += _name_on(one.polygon, one.words, sizes=_SMALL_NAMES)
    for kind in _CLEAR:
        for one in of_kind[kind]:
            items += _name_on(one.polygon, one.words, bold=True, halo=WHITE)
    for one in of_kind[AreaKind.ZONE]:
        room = widest(one.polygon.difference(signs)) or one.polygon
        items += plate_on(room, one.code, (colours or {}).get(one.code, ()))
    return [Group(items)]


_CLEAR = (AreaKind.FIRE_LANE, AreaKind.NO_PARKING)


def _name_on(
    room: BaseGeometry,
    words: Words,
    *,
    sizes: Sequence[float] = _NAME_SIZES,
    bold: bool = False,
    halo: str | None = None,
) -> list[Item]:
    """Return a name as large as it finds room in an area, or nothing."""
    longest = max(len(words.zh), len(words.en) * 0.56)
    # What has a seam may come near to an outline.
    line = 1.1 if halo else 1.45
    for size in sizes:
        middle = room_for(room, (longest + 0.3) * size, size * line)
        if middle is not None:
            fill = BLACK if halo else DARK
            return [Text(middle, words, size, bold=bold, fill=fill, halo=halo)]
    return []


def _gate(area: MapArea, names: Mapping[tuple[AreaKind, str], Words]) -> Group:
    x, y = area.rings[0][0]
    name = names.get((area.kind, area.code), area.words)
    side = _SIGN * 1.1
    seam = Outline([rounded(x - side / 2 - 3, y - side / 2 - 3, side + 6, side + 6)], fill=WHITE)
    sign = placed(KIND_SIGNS[AreaKind.GATE], x - side / 2, y - side / 2, side)
    below = y - side / 2 - _NAME_SIZE * 0.75
    above = y + side / 2 + _NAME_SIZE * 0.75
    line = below if below > _NAME_SIZE * 0.6 else above
    text = Text((x, line), name, _NAME_SIZE, bold=True, halo=WHITE)
    return Group([seam, *sign, _inside(text)], AreaKind.GATE, area.code, _called(area, names))


def _inside(text: Text) -> Text:
    """Return a text moved so that it does not leave the plan at its left or right."""
    half = max(len(text.words.zh), len(text.words.en) * 0.56) * text.size / 2 + 4
    x, y = text.place
    return replace(text, place=(min(max(x, half), PLAN_WIDTH - half), y))


def scale_bar(metres_wide: int) -> Group:
    """Return a bar of whole metres in the plan's lower left, at most a fifth of its width."""
    longest = metres_wide / 5
    power = 10.0 ** floor(log10(longest)) if longest >= 1 else 1.0
    metres = max(one * power for one in (1, 2, 5) if one * power <= max(longest, power))
    length = metres * PLAN_WIDTH / metres_wide
    left, bottom, high = 20.0, 14.0, 7.0

    def block(begin: float, end: float, fill: str) -> Outline:
        right = left + length * end
        start = left + length * begin
        ring = [(start, bottom), (right, bottom), (right, bottom + high), (start, bottom + high)]
        return Outline([[*ring, ring[0]]], fill=fill, stroke=BLACK, width=1.2)

    words = Words(f"{metres:g} 米", f"{metres:g} m")
    half = max(len(words.zh), len(words.en)) * _NAME_SIZE * 0.3
    text = Text((left + length + half + 6, bottom + high / 2), words, _NAME_SIZE * 0.9)
    return Group([block(0, 0.5, BLACK), block(0.5, 1, WHITE), text])
