import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.factories import make_community, make_zone
from zones.areas import Zone, ZoneCodeTaken, add_zone, zones_of


@pytest.fixture
def community(session):
    return make_community(session)


def test_zones_are_listed_by_code_and_for_one_community(session, community):
    for code in ("B1", "A2", "A1"):
        make_zone(session, community, code)
    make_zone(session, make_community(session, number=2), "C1")
    assert [zone.code for zone in zones_of(session, community.id)] == ["A1", "A2", "B1"]


def test_two_communities_may_paint_the_same_code(session, community):
    other = make_community(session, number=2)
    facts = {"code": "a1", "name": " 东侧 ", "name_en": "East", "spaces": 3}
    zone = add_zone(session, community_id=community.id, **facts)
    assert (zone.code, zone.name) == ("A1", "东侧")
    add_zone(session, community_id=other.id, **facts)
    with pytest.raises(ZoneCodeTaken):
        add_zone(session, community_id=other.id, **facts)


@pytest.mark.parametrize(
    "changes", [{"spaces": -1}, {"community_id": 999}, {"code": "A1"}], ids=str
)
def test_the_database_refuses_a_zone_that_cannot_be(session, community, changes):
    make_zone(session, community, "A1")
    row = {
        "community_id": community.id,
        "code": "A2",
        "name": "",
        "name_en": "",
        "spaces": 0,
        **changes,
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(Zone).values(**row))
