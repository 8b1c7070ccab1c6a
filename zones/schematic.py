"""A map without a drawing: the zones as tiles sized by their spaces, the gates at the fence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zones.areas import Zone
from zones.communities import Gate
from zones.map_area import DEFAULT_HEIGHT, PLAN_WIDTH, AreaKind, MapArea, MapContent, Position

_MARGIN, _BELOW = 24.0, 66.0
"""From the plan's edge to the fence; below it stand the gates with their names."""
_GATES_A_SIDE = 6
_ROAD = 44.0
"""Width of the roads along the fence and between groups."""
_GAP = 10.0
"""Between tiles of one group."""
_LEAST_WEIGHT = 0.55
"""Of the average: a tile smaller than this would have no room for its letters."""


@dataclass(frozen=True)
class Box:
    """An upright rectangle, in plan units."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def ring(self) -> tuple[Position, ...]:
        """The closed outline, counter-clockwise."""
        right, top = self.left + self.width, self.bottom + self.height
        return (
            (self.left, self.bottom),
            (right, self.bottom),
            (right, top),
            (self.left, top),
            (self.left, self.bottom),
        )

    def inset(self, by: float) -> Box:
        """Return the box without a margin."""
        return Box(self.left + by, self.bottom + by, self.width - 2 * by, self.height - 2 * by)


def tiles(weights: Sequence[float], box: Box) -> list[Box]:
    """Return a box for each weight, its area in proportion, as square as can be.

    The squarified treemap of Bruls, Huizing and van Wijk, 2000. Heavy ones should come first.
    """
    total = sum(weights)
    if not total:
        return []
    scale = box.width * box.height / total
    result: list[Box] = []
    rest, left = box, [weight * scale for weight in weights]
    row: list[float] = []
    while left:
        side = min(rest.width, rest.height)
        if not row or _worst([*row, left[0]], side) <= _worst(row, side):
            row.append(left.pop(0))
            continue
        rest = _lay(row, rest, result)
        row = []
    _lay(row, rest, result)
    return result


def _worst(row: Sequence[float], side: float) -> float:
    """Return the longest of a row's proportions when it is laid along a side."""
    depth = sum(row) / side
    return max(max(depth * depth / area, area / (depth * depth)) for area in row)


def _lay(row: Sequence[float], rest: Box, result: list[Box]) -> Box:
    """Add a row of boxes along the shorter side and return the room that is left."""
    upright = rest.width >= rest.height
    depth = sum(row) / (rest.height if upright else rest.width)
    place = 0.0
    for area in row:
        length = area / depth
        if upright:
            # From the top down, as one reads.
            top = rest.bottom + rest.height - place
            result.append(Box(rest.left, top - length, depth, length))
        else:
            top = rest.bottom + rest.height
            result.append(Box(rest.left + place, top - depth, length, depth))
        place += length
    if upright:
        return Box(rest.left + depth, rest.bottom, rest.width - depth, rest.height)
    return Box(rest.left, rest.bottom, rest.width, rest.height - depth)


def schematic_map(
    zones: Sequence[Zone], gates: Sequence[Gate], groups: Mapping[int, str]
) -> MapContent:
    """Return a map on which every zone is a tile as large as its spaces, roads between groups.

    Args:
        groups: by zone id what the zone belongs with, such as the letter it is open to; zones of
            one group lie together.
    """
    fence = Box(_MARGIN, _BELOW, PLAN_WIDTH - 2 * _MARGIN, DEFAULT_HEIGHT - _BELOW - _MARGIN)
    least = _LEAST_WEIGHT * sum(zone.spaces for zone in zones) / len(zones) if zones else 0.0
    weight = {zone.id: max(zone.spaces, least, 1.0) for zone in zones}
    together: dict[str, list[Zone]] = {}
    for zone in sorted(zones, key=lambda one: (-weight[one.id], one.code)):
        together.setdefault(groups.get(zone.id, ""), []).append(zone)
    members = sorted(together.values(), key=lambda group: -sum(weight[zone.id] for zone in group))
    boxes = tiles(
        [sum(weight[zone.id] for zone in group) for group in members], fence.inset(_ROAD / 2)
    )
    plots = [box.inset(_ROAD / 2) for box in boxes]
    areas = [
        MapArea(AreaKind.GROUND, "", (fence.ring,)),
        MapArea(AreaKind.ROAD, "", (fence.inset(_GAP / 2).ring, *(plot.ring for plot in plots))),
    ]
    for group, plot in zip(members, plots, strict=True):
        places = tiles([weight[zone.id] for zone in group], plot.inset(_GAP / 2))
        areas += [
            MapArea(AreaKind.ZONE, zone.code, (place.inset(_GAP / 2).ring,))
            for zone, place in zip(group, places, strict=True)
        ]
    return MapContent((*areas, *_gates(gates, fence)))


def _gates(gates: Sequence[Gate], fence: Box) -> list[MapArea]:
    """Return the gates spread along the fence's lower side, those without room there above."""
    result = []
    for first in range(0, len(gates), _GATES_A_SIDE):
        side = gates[first : first + _GATES_A_SIDE]
        y = fence.bottom if first == 0 else fence.bottom + fence.height
        for place, gate in enumerate(side, start=1):
            x = fence.left + fence.width * place / (len(side) + 1)
            result.append(MapArea(AreaKind.GATE, gate.code, (((x, y),),)))
    return result
