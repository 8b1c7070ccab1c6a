"""Bands and hatching: an area cut into diagonal stripes, and the place for its letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, sqrt

import numpy
import numpy.typing
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel, unary_union

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
    left, bottom, right, top = area.bounds
    height = top - bottom
    stripes: dict[str, list[Polygon]] = {}
    # Widths are measured across a band, its foot along the lower side of the area.
    place, slant = left - height, sqrt(2)
    while place < right:
        for colour, width in bands:
            foot = width * slant
            if colour is not None:
                corners = (place, bottom), (place + foot, bottom)
                upper = (place + foot + height, top), (place + height, top)
                stripes.setdefault(colour, []).append(Polygon([*corners, *upper]))
            place += foot
    return [
        (colour, rings_of(MultiPolygon(each).intersection(area)))
        for colour, each in stripes.items()
    ]


def hatched(area: Polygon, step: float, crossed: bool) -> list[list[Position]]:
    """Return the diagonal lines that hatch an area, `step` apart along its lower side."""
    left, bottom, right, top = area.bounds
    height = top - bottom
    feet = numpy.arange(left - height + step / 2, right, step)
    lines = [((x, bottom), (x + height, top)) for x in feet]
    if crossed:
        lines += [((x, top), (x + height, bottom)) for x in feet]
    return list(_line_parts(MultiLineString(lines).intersection(area)))


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
    left, bottom, right, top = area.bounds if not area.is_empty else (0, 0, 0, 0)
    if right - left < width or top - bottom < height:
        return None
    columns = _steps(left + width / 2, right - width / 2)
    rows = _steps(bottom + height / 2, top - height / 2)
    x, y = (one.ravel() for one in numpy.meshgrid(columns, rows))
    shapely.prepare(area)
    plates = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    inside = shapely.contains(area, plates)
    if not inside.any():
        return None
    middle = area.centroid
    distance = numpy.where(inside, numpy.hypot(x - middle.x, y - middle.y), numpy.inf)
    nearest = int(distance.argmin())
    return float(x[nearest]), float(y[nearest])


def _steps(begin: float, end: float) -> numpy.typing.NDArray[numpy.float64]:
    """Return places between two, both included, no farther apart than a line of small letters."""
    return numpy.linspace(begin, end, max(2, ceil((end - begin) / 14.0) + 1))


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
    return unary_union(list(areas))
