import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from tests.zones.map_shapes import KNOWN, gate, outline, rectangle, site
from zones.map_area import PLAN_WIDTH, AreaKind, MapArea
from zones.map_rules import (
    OVERLAP_TOLERANCE,
    AreaCorners,
    AreaCrossesItself,
    AreaNotClosed,
    AreaOutsidePlan,
    AreasOverlap,
    AreaTooSmall,
    AreaUnknown,
    GateTwice,
    faults_of,
)

pytestmark = pytest.mark.anywhere


def faults(*areas):
    return faults_of(site(*areas), KNOWN)


def fault(*areas):
    [one] = faults(*areas)
    return one


def test_a_sound_map_has_no_faults():
    bays = rectangle(10, 10, 30, 20, kind=AreaKind.CHARGING, code="E1", capacity=4)
    lane = rectangle(300, 0, 20, 200, kind=AreaKind.FIRE_LANE, code="F1")
    assert faults(rectangle(0, 0), rectangle(100, 0, code="B1"), bays, lane, gate()) == []


def test_an_outline_that_crosses_itself_is_named_with_the_place():
    bow_tie = outline((0, 0), (100, 100), (100, 0), (0, 100))
    found = fault(rectangle(300, 300, code="B1"), bow_tie)
    assert isinstance(found, AreaCrossesItself)
    assert found.facts == {"area": "A1", "kind": "zone", "place": 1, "x": 50, "y": 50}


@pytest.mark.parametrize(
    ("area", "error"),
    [
        (MapArea(AreaKind.ZONE, "A1", [[(0, 0), (90, 0), (90, 90), (0, 90)]]), AreaNotClosed),
        (outline((0, 0), (100, 0)), AreaCorners),
        (MapArea(AreaKind.ZONE, "A1", [[]]), AreaCorners),
        (outline(*((x, (x % 2) * 50) for x in range(501))), AreaCorners),
        (rectangle(0, 0, 4, 4), AreaTooSmall),
        (rectangle(PLAN_WIDTH - 50, 0), AreaOutsidePlan),
        (gate(y=-40), AreaOutsidePlan),
        (rectangle(0, 0, code="Z9"), AreaUnknown),
        (rectangle(0, 0, kind=AreaKind.GROUND, code="A1"), AreaUnknown),
        (gate(code="north"), AreaUnknown),
    ],
)
def test_an_area_with_a_fault_is_refused(area, error):
    assert type(fault(area)) is error


def test_a_gate_stands_in_one_place():
    assert type(fault(gate(), gate(100))) is GateTwice


def test_two_zones_that_overlap_are_both_named():
    found = fault(rectangle(0, 0), rectangle(75, 0, code="B1"))
    assert isinstance(found, AreasOverlap)
    assert (found.facts["area"], found.facts["other"]) == ("A1", "B1")
    assert found.facts["percent"] == 25


def test_no_zone_lies_on_a_fire_lane():
    lane = rectangle(50, 0, 20, 200, kind=AreaKind.FIRE_LANE, code="F1")
    assert fault(rectangle(0, 0), lane).facts["other_kind"] == "fire_lane"


corner = st.integers(0, 300)
side = st.integers(10, 200)


@given(corner, corner, side, side, corner, corner, side, side)
@settings(max_examples=60, deadline=None)
def test_zones_overlap_when_they_share_more_than_the_tolerance(x, y, w, h, x2, y2, w2, h2):
    one, other = box(x, y, x + w, y + h), box(x2, y2, x2 + w2, y2 + h2)
    share = one.intersection(other).area / min(one.area, other.area)
    refused = bool(faults(rectangle(x, y, w, h), rectangle(x2, y2, w2, h2, code="B1")))
    assert refused == (share > OVERLAP_TOLERANCE)
