"""Bands and hatching: an area cut into diagonal stripes, and the place for its letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, hypot, sqrt

from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel
from shapely.prepared import prep

from zones.map_area import Position

Band = tuple[str | None, float]
"""Colour of a band, None for what is left open, and its width."""


def rings_of(geometry: BaseGeometry) -> list[list[Position]]:
    """Return the rings of a geometry's polygons, whatever else it holds."""
    rings: list[list[Position]] = []
    for polygon in _polygons(geometry):
        rings.append([(x, y) for x, y in polygon.exterior.coords])
        rings += [[(x, y) for x, y in hole.coords] for hole in polygon.interiors]
    return rings


def _polygons(geometry: BaseGeometry) -> Iterator[Polygon]:
    if isinstance(geometry, Polygon):
        if not geometry.is_empty:
            yield geometry
    else:
        for part in getattr(geometry, "geoms", ()):
            yield from _polygons(part)


def banded(area: Polygon, bands: Sequence[Band]) -> list[tuple[str, list[list[Position]]]]:
    """Return an area's diagonal bands, repeated over all of it: for each colour its rings."""
    found: dict[str, list[list[Position]]] = {}
    middle = area.centroid
    # Turned by 45° the bands are upright, and one cut is between two values of x.
    turned = affinity.rotate(area, 45, origin=middle)
    left, bottom, right, top = turned.bounds
    place = left
    while place < right:
        for colour, width in bands:
            if colour is not None and place < right:
                band = turned.intersection(box(place, bottom - 1, place + width, top + 1))
                back = affinity.rotate(band, -45, origin=middle)
                found.setdefault(colour, []).extend(rings_of(back))
            place += width
    return list(found.items())


def hatched(area: Polygon, step: float, crossed: bool) -> list[list[Position]]:
    """Return the diagonal lines that hatch an area."""
    left, bottom, right, top = area.bounds
    size = max(right - left, top - bottom) * 2 + step
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    lines: list[list[Position]] = []
    for angle in (45, -45) if crossed else (45,):
        offset = -size / 2 + step / 2
        while offset < size / 2:
            line = LineString(
                [
                    (middle_x - size, middle_y + offset * sqrt(2)),
                    (middle_x + size, middle_y + offset * sqrt(2)),
                ]
            )
            slanted = affinity.rotate(line, angle, origin=(middle_x, middle_y))
            lines += _line_parts(slanted.intersection(area))
            offset += step / sqrt(2)
    return lines


def _line_parts(geometry: BaseGeometry) -> Iterator[list[Position]]:
    if isinstance(geometry, LineString):
        if not geometry.is_empty:
            yield [(x, y) for x, y in geometry.coords]
    else:
        for part in getattr(geometry, "geoms", ()):
            yield from _line_parts(part)


def middles_of(area: Polygon) -> list[Position]:
    """Return places for letters: the middle of an area, and where it has the most room."""
    middle, roomiest = area.centroid, polylabel(area, tolerance=1.0)
    return [(float(one.x), float(one.y)) for one in (middle, roomiest)]


def room_for(area: BaseGeometry, width: float, height: float) -> Position | None:
    """Return where an upright rectangle lies wholly in an area, near its middle, or None."""
    if area.is_empty:
        return None
    inside = prep(area)
    left, bottom, right, top = area.bounds
    middle = area.centroid
    places = sorted(
        (hypot(x - middle.x, y - middle.y), x, y)
        for x in _steps(left + width / 2, right - width / 2)
        for y in _steps(bottom + height / 2, top - height / 2)
    )
    for _distance, x, y in places:
        if inside.contains(box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)):
            return x, y
    return None


def _steps(begin: float, end: float) -> Iterator[float]:
    """Yield places between two, both included, no farther apart than a line of small letters."""
    if begin > end:
        return
    count = max(1, ceil((end - begin) / 14.0))
    for step in range(count + 1):
        yield begin + (end - begin) * step / count


def widest(geometry: BaseGeometry) -> Polygon | None:
    """Return the largest polygon of a geometry, None where it has none."""
    return max(_polygons(geometry), key=lambda one: one.area, default=None)


def fits(area: Polygon, middle: Position, width: float, height: float) -> float:
    """Return how much of an upright rectangle around `middle` lies in an area, 0 to 1."""
    x, y = middle
    plate = box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return float(plate.intersection(area).area / plate.area)


def merged(areas: Iterable[Polygon]) -> BaseGeometry:
    """Return areas as one, so that no line is drawn where two meet."""
    result: BaseGeometry = MultiPolygon()
    for area in areas:
        result = result.union(area)
    return result
