"""What a map shows: of which plan, on which lines, and that no sign of it is lost."""

import xml.etree.ElementTree as ElementTree
from datetime import time

import pytest

from records import ledger
from tests.factories import AT, OFFICE, compound_of, make_community, make_gate, make_plan, make_zone
from tests.zones.map_shapes import gate, rectangle, site
from zones.areas import zones_of
from zones.drafting import ProposedOpening, draft_plan
from zones.drawing_maps import save_map
from zones.map_area import AreaKind
from zones.map_items import Outline, Text
from zones.map_scene import scene_of
from zones.map_svg import map_svg, sign_svg

BY = {"actor": OFFICE, "at": AT}
NIGHT = time(20), time(7)


@pytest.fixture
def community(session):
    community = make_community(session, "AB")
    make_gate(session, community)
    for code in ("A1", "B1", "S1"):
        make_zone(session, community, code, spaces=30)
    return community


def draw(session, community, *, left=100):
    zones = [rectangle(left, 100), rectangle(left + 100, 100, code="B1")]
    return save_map(session, community, site(*zones, gate()), **BY)


def draft(session, community, *openings):
    return draft_plan(session, community, openings, "", **BY)


def drawn_zones(scene):
    return {group.code for group in scene.groups if group.kind == AreaKind.ZONE}


def texts(scene):
    return [
        item.words.zh for group in scene.groups for item in group.items if isinstance(item, Text)
    ]


def left_edge(scene):
    zone = next(group for group in scene.groups if group.kind == AreaKind.ZONE)
    return min(x for item in zone.items for ring in item.rings for x, _y in ring)


def test_a_community_without_a_drawing_has_a_map_of_all_its_zones_and_gates(session, community):
    scene = scene_of(session, community, make_plan(session, community))
    assert (scene.is_schematic, scene.map_number) == (True, None)
    assert drawn_zones(scene) == {"A1", "B1", "S1"}
    assert {"A1", "B1", "S1", "east门"} <= set(texts(scene))


def test_a_proposed_plan_keeps_the_map_it_was_proposed_with_and_a_draft_follows(session, community):
    draw(session, community)
    proposed = make_plan(session, community, voted=False)
    in_draft = draft(session, community)
    draw(session, community, left=300)
    assert [left_edge(scene_of(session, community, one)) for one in (proposed, in_draft, None)] == [
        100,
        300,
        300,
    ]


def test_a_plan_proposed_before_anything_was_drawn_stays_on_the_schematic_map(session, community):
    plan = make_plan(session, community)
    draw(session, community)
    assert scene_of(session, community, plan).is_schematic
    assert not scene_of(session, community, None).is_schematic


def test_what_is_voted_on_names_the_map_by_number_and_hash(session, community):
    site_map = draw(session, community)
    make_plan(session, community, voted=False)
    entry = list(ledger.export(session))[-1]["details"]
    assert (entry["map"], entry["map_sha256"]) == (1, site_map.sha256)


def test_each_zone_says_who_may_park_there_and_when(session, community):
    zones = {one.code: one for one in zones_of(session, community.id)}
    a, b = compound_of(community, "A").id, compound_of(community, "B").id
    plan = draft(
        session,
        community,
        ProposedOpening(zones["A1"].id, a),
        ProposedOpening(zones["S1"].id, a, *NIGHT),
        ProposedOpening(zones["S1"].id, b),
    )
    lines = {line.zone.code: line for line in scene_of(session, community, plan).zones}
    assert [(one.letter, one.hours) for one in lines["S1"].openings] == [
        ("B", ""),
        ("A", "20:00–07:00"),
    ]
    assert lines["B1"].openings == ()
    description = scene_of(session, community, plan).description
    assert "B1 Zone B1, 30 spaces, open to nobody" in description.en
    assert "S1 S1区，30 个车位，B B小区、A A小区（20:00–07:00）" in description.zh


def test_a_shared_zone_shows_every_colour_in_bands_and_every_letter(session, community):
    zone = zones_of(session, community.id)[0]
    plan = draft(
        session, community, *(ProposedOpening(zone.id, one.id) for one in community.compounds)
    )
    draw(session, community)
    scene = scene_of(session, community, plan)
    shared = next(group for group in scene.groups if group.code == "A1")
    fills = {item.fill for item in shared.items if isinstance(item, Outline)}
    assert {one.colour.hex for one in community.compounds} <= fills
    assert {"A", "B"} <= set(texts(scene))


def test_a_zone_that_nobody_drew_is_in_the_legend_and_said_to_be_missing(session, community):
    draw(session, community)
    scene = scene_of(session, community, None)
    assert {line.zone.code: line.is_drawn for line in scene.zones} == {
        "A1": True,
        "B1": True,
        "S1": False,
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_svg_is_well_formed_and_carries_no_style_script_id_or_foreign_link(
    session, community, language
):
    community.gates[0].name = community.gates[0].name_en = "<script>&\"'"
    draw(session, community)
    scene = scene_of(session, community, make_plan(session, community))
    root = ElementTree.fromstring(map_svg(scene, language, "/map/site-plan/1"))
    elements = list(root.iter())
    names = {element.tag.rpartition("}")[2] for element in elements}
    assert names == {"svg", "title", "desc", "image", "g", "path", "circle", "text"}
    attributes = {name for element in elements for name in element.attrib}
    assert not attributes & {"style", "id", "onload"}
    assert root.get("role") == "img"
    assert [one.get("data-zone") for one in elements if one.get("data-zone")] == ["A1", "B1"]
    for line in scene.kinds:
        ElementTree.fromstring(sign_svg(line.sign))
