import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.zones.map_shapes import gate, rectangle, site
from zones.map_area import AreaKind, MapArea, MapContent
from zones.map_geojson import (
    MAX_AREAS,
    MAX_POSITIONS,
    MapNotGeoJson,
    MapTooLarge,
    map_as_geojson,
    map_from_geojson,
    map_from_text,
)

pytestmark = pytest.mark.anywhere

length = st.integers(1, 400).map(lambda cents: cents * 0.25)
rectangles = st.builds(
    rectangle,
    length,
    length,
    length,
    length,
    kind=st.sampled_from([kind for kind in AreaKind if kind != AreaKind.GATE]),
    code=st.text("ABC123", max_size=4),
    name=st.text("甲乙丙 a", max_size=5).map(str.strip),
)


@given(st.lists(rectangles, max_size=3), length.map(lambda one: one + 500), st.none() | st.just(90))
@settings(max_examples=40, deadline=None)
def test_a_map_comes_back_from_its_file_as_it_was(areas, height, metres):
    content = MapContent(areas, height, metres)
    text = json.dumps(map_as_geojson(content)).encode()
    again = map_from_text(text)
    assert map_as_geojson(again) == map_as_geojson(content)
    for one, other in zip(again.areas, areas, strict=True):
        assert one.polygon.equals(other.polygon)


def test_a_gate_is_a_point_and_what_fits_is_kept():
    bays = rectangle(0, 0, kind=AreaKind.CHARGING, code="E1", capacity=8)
    collection = map_as_geojson(site(gate(), bays))
    assert collection["features"][0]["geometry"] == {"type": "Point", "coordinates": [500, 20]}
    assert [area.capacity for area in map_from_geojson(collection).areas] == [None, 8]


def test_outlines_turn_counter_clockwise_and_holes_the_other_way():
    around, hole = rectangle(0, 0).rings[0], rectangle(20, 20, 20, 20).rings[0]
    area = MapArea(AreaKind.ZONE, "A1", [around[::-1], hole])
    [outer, inner] = map_as_geojson(site(area))["features"][0]["geometry"]["coordinates"]
    assert _turn(outer) > 0 > _turn(inner)


def _turn(ring):
    return sum(x * y2 - x2 * y for (x, y), (x2, y2) in pairwise(ring))


def test_a_third_coordinate_is_left_out():
    collection = map_as_geojson(site(gate()))
    collection["features"][0]["geometry"]["coordinates"].append(12.5)
    assert map_from_geojson(collection).areas[0].rings == (((500.0, 20.0),),)


def _with(path, value):
    """Return a good map's text with one value changed."""
    collection = map_as_geojson(site(rectangle(0, 0), gate()))
    *way, last = path
    place = collection
    for step in way:
        place = place[step]
    place[last] = value
    return json.dumps(collection).encode()


GEOMETRY = ("features", 0, "geometry")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "type"),
        (b'{"type": "FeatureCollection"}', "features"),
        (_with(("features", 0), None), "features[0].type"),
        (_with(("features", 0, "properties"), []), "features[0].properties"),
        (_with(("features", 0, "properties", "kind"), "moat"), "features[0].properties.kind"),
        (_with(("features", 0, "properties", "kind"), []), "features[0].properties.kind"),
        (_with(("features", 0, "properties", "code"), "A" * 21), "features[0].properties.code"),
        (_with(("features", 0, "properties", "name"), "a\nb"), "features[0].properties.name"),
        (_with((*GEOMETRY, "type"), "MultiPolygon"), "features[0].geometry.type"),
        (_with((*GEOMETRY, "coordinates"), []), "features[0].geometry.coordinates"),
        (_with((*GEOMETRY, "coordinates"), [[[1, "2"]]]), "features[0].geometry.coordinates"),
        (_with((*GEOMETRY, "coordinates"), [[[1, True]]]), "features[0].geometry.coordinates"),
        (_with((*GEOMETRY, "coordinates"), [[[1, 1e300]]]), "features[0].geometry.coordinates"),
        (
            _with((*GEOMETRY, "coordinates"), [[[1, float("nan")]]]),
            "features[0].geometry.coordinates",
        ),
        (_with(("plan",), "wide"), "plan.width"),
        (_with(("plan", "width"), 360), "plan.width"),
        (_with(("plan", "height"), 1e9), "plan.height"),
        (_with(("plan", "metres_wide"), -5), "plan.metres_wide"),
    ],
)
def test_what_is_no_map_is_refused_with_the_place(text, place):
    with pytest.raises(MapNotGeoJson) as refused:
        map_from_text(text)
    assert refused.value.facts == {"place": place}


@pytest.mark.parametrize(
    "areas", [[gate()] * (MAX_AREAS + 1), [MapArea(AreaKind.ROAD, "", [[(0, 0)] * MAX_POSITIONS])]]
)
def test_a_map_too_large_for_a_page_is_refused(areas):
    features = [
        {
            "type": "Feature",
            "properties": {"kind": area.kind},
            "geometry": {"type": "Point", "coordinates": [0, 0]}
            if area.kind == AreaKind.GATE
            else {"type": "Polygon", "coordinates": [[[0, 0]] * MAX_POSITIONS] * 2},
        }
        for area in areas
    ]
    with pytest.raises(MapTooLarge):
        map_from_geojson({"type": "FeatureCollection", "features": features})
