import pytest
from sqlalchemy import select

from records import ledger
from records.people import Role
from tests.at_once import at_once
from tests.factories import AT, OFFICE, make_community, make_gate, make_user, make_zone
from zones.areas import ZoneCodeTaken
from zones.colours import PALETTE
from zones.communities import ColourTaken, Community, Compound
from zones.setting_up import (
    CodeTaken,
    add_compound,
    add_gate,
    change_compound,
    change_zone,
    found_community,
    free_colours,
    guards_at,
    open_zone,
    post_guards,
)

BY = {"actor": OFFICE, "at": AT}


@pytest.fixture
def community(session):
    return make_community(session, "A")


def add(session, community, code="b", colour_key="vermillion", quota=None):
    return add_compound(
        session,
        community,
        code=code,
        name=f"{code}小区",
        name_en=code,
        colour_key=colour_key,
        vehicles_per_household=quota,
        **BY,
    )


def found(session, number=7):
    return found_community(
        session, number=number, name="社区", name_en="Community", province="粤", **BY
    )


def last_entry(session):
    entry = list(ledger.export(session))[-1]
    return entry["act"], entry["subject"], entry["details"]


def test_a_community_is_founded_once_under_its_number(session):
    found(session)
    assert last_entry(session) == ("community.founded", "community:7", {"province": "粤"})
    with pytest.raises(CodeTaken) as refused:
        found(session)
    assert refused.value.facts == {"name": 7}


def test_a_new_compound_has_the_next_number_and_its_colours_letter(session, community):
    compound = add(session, community, colour_key="sky", quota=2)
    assert (compound.number, compound.letter, compound.colour.key) == (2, "E", "sky")
    assert last_entry(session) == (
        "compound.added",
        "compound:2",
        {
            "letter": "E",
            "colour": "sky",
            "vehicles_per_household": 2,
            "visits_per_month": None,
        },
    )


def test_codes_are_taken_whatever_their_case(session, community):
    with pytest.raises(CodeTaken):
        add(session, community, code=" A ")


def test_a_colour_belongs_to_one_compound(session, community):
    with pytest.raises(ColourTaken) as refused:
        add(session, community, colour_key="blue")
    assert refused.value.facts == {"colour": "blue"}


def test_every_colour_of_the_palette_can_be_given_and_then_none_is_free(session, community):
    assert free_colours(community) == [colour.key for colour in PALETTE[1:]]
    for place, colour_key in enumerate(free_colours(community)):
        add(session, community, code=f"c{place}", colour_key=colour_key)
    assert free_colours(community) == []


def test_a_compound_changes_its_colour_and_letter_and_keeps_its_number(session, community):
    compound = community.compounds[0]
    change_compound(
        session,
        compound,
        name="新名",
        name_en="New",
        colour_key="grey",
        visits_per_month=5,
        **BY,
    )
    assert (compound.number, compound.letter, compound.name) == (1, "H", "新名")
    act, _subject, details = last_entry(session)
    assert (act, details["visits_per_month"]) == ("compound.changed", 5)


def test_a_compound_may_keep_its_own_colour_but_not_take_anothers(session, community):
    other = add(session, community)
    same = {"name": "x", "name_en": "x", "visits_per_month": None, **BY}
    change_compound(session, other, colour_key="vermillion", **same)
    with pytest.raises(ColourTaken):
        change_compound(session, other, colour_key="blue", **same)
    assert other.colour_key == "vermillion"


def test_a_zone_code_is_in_capitals_and_taken_once(session, community):
    facts = {"name": "东侧", "name_en": "East", "spaces": 3, **BY}
    assert open_zone(session, community, code=" a1 ", **facts).code == "A1"
    with pytest.raises(ZoneCodeTaken) as refused:
        open_zone(session, community, code="A1", **facts)
    assert refused.value.facts == {"zone": "A1"}


def test_neighbours_can_read_how_many_spaces_a_zone_had_before(session, community):
    zone = make_zone(session, community, "A1", spaces=40)
    change_zone(session, zone, name="东侧", name_en="East", spaces=30, **BY)
    assert last_entry(session) == ("zone.changed", "zone:A1", {"spaces": 30, "spaces_before": 40})


def test_a_gate_code_is_taken_once(session, community):
    make_gate(session, community, "east")
    with pytest.raises(CodeTaken):
        add_gate(session, community, code="EAST", name="东门", name_en="East", **BY)
    add_gate(session, community, code="south", name="南门", name_en="South", **BY)
    assert last_entry(session) == ("gate.added", "gate:south", {})


def test_posting_guards_replaces_those_before(session, community):
    gate = make_gate(session, community)
    one, other = (make_user(session, community, Role.GUARD) for _ in range(2))
    post_guards(session, gate, [one.id, one.id], **BY)
    post_guards(session, gate, [other.id], **BY)
    assert guards_at(session, gate) == {other.id}
    assert last_entry(session)[2] == {"users": [other.id]}


def test_one_colour_asked_for_twice_at_once_is_given_once(engine, session, community):
    community_id = community.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Community, community_id),
        lambda one, here: add(one, here, code="b").number,
        lambda one, here: add(one, here, code="c").number,
    )
    assert [type(result) for result in results].count(ColourTaken) == 1
    assert session.scalars(select(Compound.number).order_by(Compound.number)).all() == [1, 2]
