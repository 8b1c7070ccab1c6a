import pytest

from records import ledger
from records.file_store import FileStore
from tests.at_once import at_once
from tests.factories import AT, OFFICE, make_community, make_gate, make_zone, photo_file
from tests.zones.map_shapes import gate, rectangle, site
from zones.communities import Community
from zones.drawing_maps import MapChangedMeanwhile, MapRefused, lay_site_plan, save_map
from zones.map_area import AreaKind
from zones.site_map import latest_map

BY = {"actor": OFFICE, "at": AT}


@pytest.fixture
def community(session):
    community = make_community(session, "A")
    make_gate(session, community)
    make_zone(session, community, "A1")
    make_zone(session, community, "B1")
    return community


def save(session, community, *areas, **more):
    return save_map(session, community, site(*areas), **BY, **more)


def last_entry(session):
    entry = list(ledger.export(session))[-1]
    return entry["act"], entry["subject"], entry["details"]


def test_each_saved_map_is_a_new_one_and_the_ledger_says_what_moved(session, community):
    lane = rectangle(400, 0, kind=AreaKind.FIRE_LANE, code="F1")
    first = save(session, community, rectangle(0, 0), gate(), lane)
    second = save(session, community, rectangle(10, 0), gate(), rectangle(200, 0, code="B1"))
    assert (first.number, second.number) == (1, 2)
    assert last_entry(session) == (
        "map.drawn",
        "map:2",
        {
            "sha256": second.sha256,
            "added": ["zone B1"],
            "changed": ["zone A1"],
            "removed": ["fire_lane F1"],
        },
    )
    assert first.content.areas[0].rings[0][0] == (0, 0)


def test_saving_the_same_map_again_makes_no_new_one(session, community):
    first = save(session, community, rectangle(0, 0))
    before = ledger.head(session)
    session.expire_all()
    assert save(session, community, rectangle(0, 0)) is first
    assert ledger.head(session) == before


def test_an_unsound_map_is_refused_with_all_its_faults_and_nothing_is_kept(session, community):
    with pytest.raises(MapRefused) as refused:
        save(session, community, rectangle(0, 0), rectangle(50, 0, code="B1"), gate(y=-90))
    assert [fault.code for fault in refused.value.faults] == ["area_outside_plan", "areas_overlap"]
    assert latest_map(session, community.id) is None


def test_a_map_that_somebody_saved_meanwhile_is_not_overwritten(session, community):
    save(session, community, rectangle(0, 0), base=0)
    with pytest.raises(MapChangedMeanwhile) as refused:
        save(session, community, rectangle(9, 0), base=0)
    assert refused.value.facts == {"latest": 1}


def test_zones_and_gates_of_another_community_are_unknown(session, community):
    make_zone(session, make_community(session, "B", number=2), "Q1")
    with pytest.raises(MapRefused) as refused:
        save(session, community, rectangle(0, 0, code="Q1"))
    assert [fault.code for fault in refused.value.faults] == ["area_unknown"]


def test_a_site_plan_gives_the_map_its_height_and_keeps_its_areas(session, community, tmp_path):
    files = FileStore(tmp_path)
    save(session, community, rectangle(0, 0))
    site_map = lay_site_plan(session, community, photo_file(400, 200), files=files, **BY)
    assert (site_map.number, site_map.content.height) == (2, 500)
    assert [area.code for area in site_map.content.areas] == ["A1"]
    assert files.read(site_map.site_plan.sha256).startswith(b"\x89PNG")
    assert last_entry(session)[2]["site_plan_sha256"] == site_map.site_plan.sha256
    assert save(session, community, gate()).content.height == 500


def test_a_site_plan_that_leaves_areas_outside_is_refused(session, community, tmp_path):
    save(session, community, rectangle(0, 500))
    with pytest.raises(MapRefused):
        lay_site_plan(session, community, photo_file(800, 200), files=FileStore(tmp_path), **BY)


def test_two_maps_saved_at_once_get_two_numbers(engine, session, community):
    community_id = community.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Community, community_id),
        lambda one, found: save(one, found, rectangle(0, 0)).number,
        lambda one, found: save(one, found, rectangle(50, 0)).number,
    )
    assert sorted(results) == [1, 2]
