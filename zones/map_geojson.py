"""A map as a GeoJSON FeatureCollection (RFC 7946), with coordinates in plan units, not degrees.

Beside `features` the collection holds one member of its own, `plan`: `{"width": 1000, "height",
"metres_wide"}`. Each feature is a Polygon, or a Point for a gate, with the properties `kind`,
`code`, `name`, `name_en` and `capacity`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shapely.geometry.polygon import orient

from records.errors import DomainError
from zones.map_area import (
    DEFAULT_HEIGHT,
    KINDS,
    PLAN_WIDTH,
    AreaKind,
    MapArea,
    MapContent,
    Position,
)

MAX_AREAS = 500
MAX_POSITIONS = 20_000
"""In one map: a community's plan has a few hundred, and all of them are on every page."""
MAX_BYTES = 2 * 1024 * 1024
MAX_CAPACITY = 10_000
LEAST_HEIGHT, MOST_HEIGHT = 100.0, 4000.0
LONGEST_CODE, LONGEST_NAME = 20, 60

_DECIMALS = 2
"""A hundredth of a plan unit is about a millimetre on the ground."""


class MapNotGeoJson(DomainError):
    """The map is not in the form of this module; `place` names where, such as `features[3]`."""

    code: ClassVar[str] = "map_not_geojson"


class MapTooLarge(DomainError):
    """The map has more areas or positions than `most_areas` or `most_positions`."""

    code: ClassVar[str] = "map_too_large"
    status: ClassVar[int] = 413


def map_from_text(text: bytes) -> MapContent:
    """Return the map of a GeoJSON file.

    Raises:
        MapNotGeoJson, MapTooLarge: nothing of it is taken over.
    """
    if len(text) > MAX_BYTES:
        raise MapTooLarge(most_areas=MAX_AREAS, most_positions=MAX_POSITIONS)
    try:
        collection = json.loads(text)
    except (ValueError, RecursionError):
        raise MapNotGeoJson(place="JSON") from None
    return map_from_geojson(collection)


def map_from_geojson(collection: Any) -> MapContent:
    """Return the map of a FeatureCollection; whether its areas make sense is not looked at.

    Raises:
        MapNotGeoJson: it has another form.
        MapTooLarge: it has too many areas or positions.
    """
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise MapNotGeoJson(place="type")
    features = collection.get("features")
    if not isinstance(features, list):
        raise MapNotGeoJson(place="features")
    if len(features) > MAX_AREAS:
        raise MapTooLarge(most_areas=MAX_AREAS, most_positions=MAX_POSITIONS)
    areas = tuple(_area(feature, f"features[{place}]") for place, feature in enumerate(features))
    if sum(len(ring) for area in areas for ring in area.rings) > MAX_POSITIONS:
        raise MapTooLarge(most_areas=MAX_AREAS, most_positions=MAX_POSITIONS)
    plan = collection.get("plan", {})
    if not isinstance(plan, dict) or plan.get("width", PLAN_WIDTH) != PLAN_WIDTH:
        raise MapNotGeoJson(place="plan.width")
    height = _number(plan.get("height", DEFAULT_HEIGHT), "plan.height")
    if not LEAST_HEIGHT <= height <= MOST_HEIGHT:
        raise MapNotGeoJson(place="plan.height")
    metres = _count(plan.get("metres_wide"), "plan.metres_wide")
    return MapContent(areas, height, metres or None)


def _area(feature: Any, place: str) -> MapArea:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise MapNotGeoJson(place=f"{place}.type")
    facts, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(facts, dict):
        raise MapNotGeoJson(place=f"{place}.properties")
    if not isinstance(geometry, dict):
        raise MapNotGeoJson(place=f"{place}.geometry")
    try:
        kind = AreaKind(facts.get("kind", ""))
    except ValueError:
        raise MapNotGeoJson(place=f"{place}.properties.kind") from None
    is_point = KINDS[kind].is_point
    if geometry.get("type") != ("Point" if is_point else "Polygon"):
        raise MapNotGeoJson(place=f"{place}.geometry.type")
    where = f"{place}.geometry.coordinates"
    coordinates = geometry.get("coordinates")
    rings = ((_position(coordinates, where),),) if is_point else _rings(coordinates, where)
    return MapArea(
        kind,
        _text(facts.get("code"), LONGEST_CODE, f"{place}.properties.code"),
        rings,
        _text(facts.get("name"), LONGEST_NAME, f"{place}.properties.name"),
        _text(facts.get("name_en"), LONGEST_NAME, f"{place}.properties.name_en"),
        _count(facts.get("capacity"), f"{place}.properties.capacity")
        if KINDS[kind].has_capacity
        else None,
    )


def _rings(coordinates: Any, place: str) -> tuple[tuple[Position, ...], ...]:
    if not isinstance(coordinates, list) or not coordinates:
        raise MapNotGeoJson(place=place)
    rings = []
    for ring in coordinates:
        if not isinstance(ring, list) or len(ring) > MAX_POSITIONS:
            raise MapNotGeoJson(place=place)
        rings.append(tuple(_position(one, place) for one in ring))
    return tuple(rings)


def _position(position: Any, place: str) -> Position:
    # RFC 7946, 3.1.1: further elements, such as an altitude, may follow and are left out.
    if not isinstance(position, list) or len(position) < 2:
        raise MapNotGeoJson(place=place)
    return _number(position[0], place), _number(position[1], place)


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MapNotGeoJson(place=place)
    if not math.isfinite(value) or abs(value) > 1e6:
        raise MapNotGeoJson(place=place)
    return round(float(value), _DECIMALS)


def _count(value: Any, place: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_CAPACITY:
        raise MapNotGeoJson(place=place)
    return value


def _text(value: Any, longest: int, place: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise MapNotGeoJson(place=place)
    return value.strip()


def map_as_geojson(content: MapContent) -> dict[str, Any]:
    """Return a map as a FeatureCollection, outlines counter-clockwise (RFC 7946, 3.1.6)."""
    return {
        "type": "FeatureCollection",
        "plan": {
            "width": PLAN_WIDTH,
            "height": content.height,
            "metres_wide": content.metres_wide,
        },
        "features": [_feature(area) for area in content.areas],
    }


def _feature(area: MapArea) -> Mapping[str, Any]:
    geometry: dict[str, Any]
    if KINDS[area.kind].is_point:
        geometry = {"type": "Point", "coordinates": list(area.rings[0][0])}
    else:
        geometry = {"type": "Polygon", "coordinates": _oriented(area)}
    return {
        "type": "Feature",
        "properties": {
            "kind": str(area.kind),
            "code": area.code,
            "name": area.name,
            "name_en": area.name_en,
            "capacity": area.capacity,
        },
        "geometry": geometry,
    }


def _oriented(area: MapArea) -> Sequence[Sequence[Sequence[float]]]:
    polygon = orient(area.polygon)
    rings = (polygon.exterior, *polygon.interiors)
    return [[[x, y] for x, y in ring.coords] for ring in rings]
