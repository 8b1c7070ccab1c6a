"""The signs of a map's kinds, drawn in a square of side 1 with the origin at its lower left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import cos, pi, sin

from zones.map_area import AreaKind, Position
from zones.map_items import BLACK, DARK, LIGHT, MIDDLE, PALE, WHITE, Circle, Item, Outline, Text

Ring = tuple[Position, ...]

SQUARE: Ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))


def _line(*points: Position, width: float = 0.08, stroke: str = WHITE) -> Outline:
    return Outline([points], stroke=stroke, width=width, is_open=True)


def _arc(x: float, y: float, radius: float, begin: float, end: float, width: float) -> Outline:
    """Return a part of a circle, from one angle to another in turns, drawn as a line."""
    steps = 18
    angles = [2 * pi * (begin + (end - begin) * step / steps) for step in range(steps + 1)]
    points = tuple((x + radius * cos(a), y + radius * sin(a)) for a in angles)
    return _line(*points, width=width)


_PLATE = Outline([SQUARE], fill=BLACK)

CHARGING: Sequence[Item] = (
    _PLATE,
    Outline(
        [
            (
                (0.58, 0.90),
                (0.24, 0.44),
                (0.46, 0.44),
                (0.40, 0.10),
                (0.76, 0.58),
                (0.53, 0.58),
                (0.58, 0.90),
            )
        ],
        fill=WHITE,
    ),
)
"""A flash."""

ACCESSIBLE: Sequence[Item] = (
    _PLATE,
    Circle((0.42, 0.82), 0.085, fill=WHITE),
    _line((0.42, 0.70), (0.45, 0.44), (0.66, 0.44), (0.76, 0.18), (0.86, 0.22), width=0.085),
    _line((0.43, 0.60), (0.64, 0.60), width=0.075),
    _arc(0.46, 0.32, 0.21, 0.33, 0.96, width=0.075),
)
"""A person in a wheelchair, in the manner of ISO 7000-0100."""

E_BIKES: Sequence[Item] = (
    _PLATE,
    Circle((0.26, 0.36), 0.15, stroke=WHITE, width=0.065),
    Circle((0.74, 0.36), 0.15, stroke=WHITE, width=0.065),
    _line((0.26, 0.36), (0.40, 0.62), (0.62, 0.62), (0.49, 0.36), (0.26, 0.36), width=0.06),
    _line((0.49, 0.36), (0.38, 0.70), width=0.06),
    _line((0.30, 0.71), (0.46, 0.71), width=0.06),
    _line((0.74, 0.36), (0.60, 0.74), (0.71, 0.78), width=0.06),
)
"""A bicycle."""

GATE: Sequence[Item] = (
    _PLATE,
    Outline([((0.16, 0.16), (0.32, 0.16), (0.32, 0.72), (0.16, 0.72), (0.16, 0.16))], fill=WHITE),
    _line((0.24, 0.58), (0.88, 0.78), width=0.10),
    _line((0.12, 0.16), (0.88, 0.16), width=0.06),
)
"""A barrier that opens."""


def hatch(step: float, crossed: bool) -> tuple[Ring, ...]:
    """Return the diagonals that hatch the square, cut at its edges."""
    lines: list[Ring] = []
    offset = -1.0 + step / 2
    while offset < 1.0:
        low, high = max(0.0, -offset), min(1.0, 1.0 - offset)
        lines.append(((low, low + offset), (high, high + offset)))
        if crossed:
            lines.append(((1 - low, low + offset), (1 - high, high + offset)))
        offset += step
    return tuple(lines)


def _hatched(step: float, crossed: bool) -> Sequence[Item]:
    return (
        Outline([SQUARE], fill=WHITE),
        Outline(hatch(step, crossed), stroke=BLACK, width=0.055, is_open=True),
        Outline([SQUARE], stroke=BLACK, width=0.09),
    )


CLOCK: Sequence[Item] = (
    Circle((0.5, 0.5), 0.42, fill=WHITE, stroke=BLACK, width=0.12),
    _line((0.5, 0.76), (0.5, 0.5), (0.68, 0.42), width=0.11, stroke=BLACK),
)
"""At set hours only."""

KIND_SIGNS: Mapping[AreaKind, Sequence[Item]] = {
    AreaKind.ZONE: (Outline([SQUARE], fill=PALE, stroke=BLACK, width=0.08),),
    AreaKind.FIRE_LANE: _hatched(0.3, crossed=True),
    AreaKind.NO_PARKING: _hatched(0.3, crossed=False),
    AreaKind.CHARGING: CHARGING,
    AreaKind.ACCESSIBLE: ACCESSIBLE,
    AreaKind.E_BIKES: E_BIKES,
    AreaKind.GATE: GATE,
    AreaKind.GROUND: (Outline([SQUARE], fill=PALE, stroke=MIDDLE, width=0.06, dash=(0.2, 0.1)),),
    AreaKind.BUILDING: (Outline([SQUARE], fill=LIGHT, stroke=DARK, width=0.06),),
    AreaKind.ROAD: (Outline([SQUARE], fill=WHITE, stroke=LIGHT, width=0.06),),
}
"""Each kind's sign in a legend."""


def placed(items: Sequence[Item], left: float, bottom: float, side: float) -> list[Item]:
    """Return a sign in the square of this side with its lower left at (left, bottom)."""

    def at(point: Position) -> Position:
        return left + point[0] * side, bottom + point[1] * side

    result: list[Item] = []
    for item in items:
        match item:
            case Outline():
                rings = [[at(point) for point in ring] for ring in item.rings]
                dash = (item.dash[0] * side, item.dash[1] * side) if item.dash else None
                result.append(replace(item, rings=rings, width=item.width * side, dash=dash))
            case Circle():
                result.append(
                    replace(
                        item,
                        centre=at(item.centre),
                        radius=item.radius * side,
                        width=item.width * side,
                    )
                )
            case Text():
                result.append(replace(item, place=at(item.place), size=item.size * side))
    return result
