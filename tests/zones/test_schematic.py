import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.zones.map_shapes import KNOWN
from zones.areas import Zone
from zones.communities import Gate
from zones.map_rules import AreaUnknown, Known, faults_of
from zones.schematic import Box, schematic_map, tiles

pytestmark = pytest.mark.anywhere

BOX = Box(10, 20, 900, 500)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_tiles_fill_the_box_each_by_its_weight(weights):
    boxes = tiles(weights, BOX)
    share = BOX.width * BOX.height / sum(weights)
    areas = [one.width * one.height for one in boxes]
    assert areas == pytest.approx([weight * share for weight in weights])
    for one in boxes:
        assert one.left >= BOX.left - 1e-6
        assert one.bottom >= BOX.bottom - 1e-6
        assert one.left + one.width <= BOX.left + BOX.width + 1e-6


@given(st.lists(st.integers(0, 500), max_size=30), st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_a_schematic_map_of_any_community_is_sound(spaces, gates):
    zones = [Zone(id=n, code=f"Z{n}", spaces=one) for n, one in enumerate(spaces)]
    posts = [Gate(code=f"g{n}") for n in range(gates)]
    content = schematic_map(zones, posts, {n: "AB"[n % 2] for n in range(len(zones))})
    known = Known({zone.code for zone in zones}, {gate.code for gate in posts}, KNOWN.compounds)
    # The fence is nobody's ground.
    assert {type(one) for one in faults_of(content, known)} == {AreaUnknown}
    assert len(content.areas) == len(zones) + gates + 2
