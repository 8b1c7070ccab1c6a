from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from records.people import Role
from tests.factories import compound_of, make_community, make_gate, make_user
from zones.colours import BY_KEY
from zones.communities import (
    Community,
    Compound,
    GateGuard,
    UnknownCompound,
    UnknownGate,
    compound_by_code,
    gate_by_code,
    gates_of,
)


@pytest.fixture
def community(session):
    return make_community(session)


def test_a_code_finds_its_compound_whatever_its_case(session, community):
    assert compound_by_code(session, community.id, " A ") is compound_of(community, "A")


def test_an_unknown_code_is_answered_with_the_known_ones(session, community):
    make_community(session, "C", number=2)
    with pytest.raises(UnknownCompound) as refused:
        compound_by_code(session, community.id, "c")
    assert refused.value.facts == {"compound": "c", "known": ["a", "b"]}


def test_a_code_finds_its_gate_and_an_unknown_one_names_the_known(session, community):
    gate = make_gate(session, community, "east")
    assert gate_by_code(session, community.id, "EAST") is gate
    with pytest.raises(UnknownGate) as refused:
        gate_by_code(session, community.id, "north")
    assert refused.value.facts == {"gate": "north", "known": ["east"]}


def test_a_guard_has_the_gates_where_he_works(session, community):
    gates = [make_gate(session, community, code) for code in ("south", "east", "west")]
    guard = make_user(session, community, Role.GUARD)
    session.add_all(GateGuard(gate_id=gate.id, user_id=guard.id) for gate in gates[:2])
    session.flush()
    assert [gate.code for gate in gates_of(session, guard.id)] == ["east", "south"]


def test_the_local_day_begins_at_the_communitys_midnight(session, community):
    before, after = (
        datetime(2026, 11, 30, 15, 59, tzinfo=UTC),
        datetime(2026, 11, 30, 16, tzinfo=UTC),
    )
    assert [community.local_day(at) for at in (before, after)] == [
        date(2026, 11, 30),
        date(2026, 12, 1),
    ]


def test_a_compound_has_the_colour_of_its_key(session, community):
    assert compound_of(community, "A").colour is BY_KEY["blue"]


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 1},
        {"number": 0},
        {"number": 256},
        {"code": "a"},
        {"letter": "A"},
        {"colour_key": "blue"},
        {"colour_key": "pink"},
        {"vehicles_per_household": 0},
        {"community_id": 999},
    ],
    ids=str,
)
def test_the_database_refuses_a_compound_that_cannot_be(session, community, changes):
    row = {
        "community_id": community.id,
        "number": 9,
        "code": "x",
        "name": "",
        "name_en": "",
        "letter": "H",
        "colour_key": "grey",
        **changes,
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(Compound).values(**row))


@pytest.mark.parametrize(
    "changes", [{"number": -1}, {"number": 65536}, {"permit_days": 0}], ids=str
)
def test_the_database_refuses_a_community_that_cannot_be(session, community, changes):
    with pytest.raises(IntegrityError):
        session.execute(update(Community).values(**changes))
