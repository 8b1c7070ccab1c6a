import pytest

from records import ledger
from tests.factories import AT, OFFICE, compound_of, make_community, make_zone
from zones.walking import (
    LONGEST_METRES,
    USUAL_METRES,
    WayImpossible,
    all_ways,
    measured_ways,
    set_ways,
)


@pytest.fixture
def community(session):
    return make_community(session, "A")


@pytest.fixture
def pairs(session, community):
    a = compound_of(community, "A").id
    return [(a, make_zone(session, community, code).id) for code in ("A1", "A2", "A3")]


def test_a_way_is_as_measured_else_as_drawn_else_as_usual(session, community, pairs):
    set_ways(session, community, {pairs[0]: 40}, actor=OFFICE, at=AT)
    drawn = {pairs[0]: 55, pairs[1]: 70}
    assert [all_ways(session, community, drawn)[pair] for pair in pairs] == [40, 70, USUAL_METRES]


def test_what_changes_is_in_the_ledger_and_no_change_is_not(session, community, pairs):
    set_ways(session, community, {pairs[0]: 40, pairs[1]: 60}, actor=OFFICE, at=AT)
    for _ in range(2):
        set_ways(session, community, {pairs[0]: 45}, actor=OFFICE, at=AT)
    assert measured_ways(session, community) == {pairs[0]: 45}
    assert [one["details"]["metres"] for one in ledger.export(session)] == [
        {"A-A1": 40, "A-A2": 60},
        {"A-A1": 45, "A-A2": None},
    ]


def test_a_way_that_cannot_be_is_refused(session, community, pairs):
    elsewhere = make_community(session, "A", number=2)
    foreign = compound_of(elsewhere, "A").id, pairs[0][1]
    for ways in ({pairs[0]: -1}, {pairs[0]: LONGEST_METRES + 1}, {foreign: 10}):
        with pytest.raises(WayImpossible):
            set_ways(session, community, ways, actor=OFFICE, at=AT)
