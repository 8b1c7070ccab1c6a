"""What makes a map sound: areas that do not cross themselves, leave the plan or overlap."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from shapely import is_valid_reason
from shapely.geometry import Polygon, box

from records.errors import DomainError
from zones.map_area import KEEP_CLEAR, KINDS, PLAN_WIDTH, AreaKind, MapArea, MapContent

LEAST_CORNERS, MOST_CORNERS = 3, 500
LEAST_AREA = 25.0
"""In square plan units: what is smaller was drawn by a slip of the hand."""

OVERLAP_TOLERANCE = 0.01
"""Of the smaller area: hands are not exact, and one line often bounds two zones."""

_BEYOND = 0.5
"""Plan units by which an outline may leave the plan: a corner snapped to its edge."""


class AreaFault(DomainError):
    """Something is wrong with `area` of kind `kind`, the map's area number `place` (from 0)."""

    def __init__(self, *, area: MapArea, place: int, **facts: Any) -> None:
        super().__init__(area=area.label, kind=str(area.kind), place=place, **facts)


class AreaCorners(AreaFault):
    """An outline has fewer than `least` or more than `most` corners."""

    code: ClassVar[str] = "area_corners"


class AreaNotClosed(AreaFault):
    """An outline does not end where it began."""

    code: ClassVar[str] = "area_not_closed"


class AreaCrossesItself(AreaFault):
    """An outline crosses or touches itself near `x`, `y` (plan units)."""

    code: ClassVar[str] = "area_crosses_itself"


class AreaTooSmall(AreaFault):
    """An area is too small to be meant."""

    code: ClassVar[str] = "area_too_small"


class AreaOutsidePlan(AreaFault):
    """An area reaches beyond the plan."""

    code: ClassVar[str] = "area_outside_plan"


class AreaUnknown(AreaFault):
    """The community has no zone, gate or compound with the code `area`."""

    code: ClassVar[str] = "area_unknown"


class GateTwice(AreaFault):
    """The gate `area` is on the map twice."""

    code: ClassVar[str] = "gate_twice"


class AreasOverlap(AreaFault):
    """`area` and `other` of `other_kind` overlap by `percent` of the smaller one."""

    code: ClassVar[str] = "areas_overlap"


@dataclass(frozen=True)
class Known:
    """The codes that a map may name."""

    zones: Collection[str]
    gates: Collection[str]
    compounds: Collection[str]

    def of_kind(self, kind: AreaKind) -> Collection[str]:
        """Return the codes for a kind that has a code."""
        known: Mapping[AreaKind, Collection[str]] = {
            AreaKind.ZONE: self.zones,
            AreaKind.GATE: self.gates,
            AreaKind.GROUND: self.compounds,
        }
        return known[kind]


def faults_of(content: MapContent, known: Known) -> list[AreaFault]:
    """Return everything that is wrong with a map, none for a sound one."""
    faults: list[AreaFault] = []
    sound: list[tuple[int, MapArea, Polygon]] = []
    gates: set[str] = set()
    plan = box(-_BEYOND, -_BEYOND, PLAN_WIDTH + _BEYOND, content.height + _BEYOND)
    for place, area in enumerate(content.areas):
        if KINDS[area.kind].has_code and area.code not in known.of_kind(area.kind):
            faults.append(AreaUnknown(area=area, place=place))
        if KINDS[area.kind].is_point:
            if area.code in gates:
                faults.append(GateTwice(area=area, place=place))
            gates.add(area.code)
            if not plan.covers(area.point):
                faults.append(AreaOutsidePlan(area=area, place=place))
            continue
        fault = _shape_fault(place, area)
        if fault is not None:
            faults.append(fault)
            continue
        polygon = area.polygon
        if not plan.covers(polygon):
            faults.append(AreaOutsidePlan(area=area, place=place))
        sound.append((place, area, polygon))
    return faults + list(_overlaps(sound))


def _shape_fault(place: int, area: MapArea) -> AreaFault | None:
    for ring in area.rings:
        if not LEAST_CORNERS <= len(set(ring)) <= MOST_CORNERS:
            return AreaCorners(area=area, place=place, least=LEAST_CORNERS, most=MOST_CORNERS)
        if ring[0] != ring[-1]:
            return AreaNotClosed(area=area, place=place)
    polygon = area.polygon
    if not polygon.is_valid:
        where = re.search(r"\[(\S+) (\S+)\]", is_valid_reason(polygon))
        x, y = (round(float(one)) for one in where.groups()) if where else (0, 0)
        return AreaCrossesItself(area=area, place=place, x=x, y=y)
    if polygon.area < LEAST_AREA:
        return AreaTooSmall(area=area, place=place)
    return None


def _overlaps(areas: Sequence[tuple[int, MapArea, Polygon]]) -> Iterator[AreaFault]:
    """Yield the pairs that must not overlap: two zones, or a zone and what is to be kept clear."""
    looked_at = [one for one in areas if one[1].kind in {AreaKind.ZONE, *KEEP_CLEAR}]
    for (place, one, first), (_place, other, second) in combinations(looked_at, 2):
        if AreaKind.ZONE not in (one.kind, other.kind) or not first.intersects(second):
            continue
        share = first.intersection(second).area / min(first.area, second.area)
        if share > OVERLAP_TOLERANCE:
            yield AreasOverlap(
                area=one,
                place=place,
                other=other.label,
                other_kind=str(other.kind),
                percent=max(1, round(share * 100)),
            )
