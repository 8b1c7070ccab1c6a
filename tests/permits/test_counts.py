import pytest

from permits.approving import settle_conflict
from permits.counts import counts_of, spaces_by_compound
from permits.permit import PermitState
from permits.plate_list import ConflictDecision
from permits.vehicles import VehicleState
from tests.factories import (
    AT,
    OFFICE,
    approve_list,
    compound_of,
    list_csv,
    make_community,
    make_permit,
    make_plan,
    make_town,
    make_vehicle,
    make_zone,
    plate,
    submit_list,
)
from zones.drafting import ProposedOpening


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path, "ABC")


def counts(session, town):
    found = counts_of(session, town.community, town.plan)
    assert [one.compound.letter for one in found] == ["A", "B", "C"]
    return {one.compound.letter: one for one in found}


def test_an_empty_register_counts_nothing(session, town):
    for one in counts(session, town).values():
        assert (one.vehicles, one.households, one.permits_in_force, one.without_permit) == (
            0,
            0,
            0,
            0,
        )


def test_vehicles_and_households_of_each_compound_are_counted(session, town):
    compound = town.compound("A")
    make_vehicle(session, compound, household="3-501")
    make_vehicle(session, compound, household="3-501")
    make_vehicle(session, compound, household="3-502")
    make_vehicle(session, compound)
    make_vehicle(session, compound, household="3-503", state=VehicleState.REMOVED)
    make_vehicle(session, town.compound("B"), household="3-501")
    found = counts(session, town)
    assert (found["A"].vehicles, found["A"].households) == (4, 2)
    assert (found["B"].vehicles, found["B"].households) == (1, 1)


def test_permits_are_counted_by_state(session, town):
    for state in PermitState:
        make_permit(session, make_vehicle(session, town.compound("A")), state)
    found = counts(session, town)["A"]
    assert found.permits == dict.fromkeys(PermitState, 1)
    assert found.permits_in_force == 3


def test_without_permit_are_the_vehicles_that_the_next_issue_serves(session, town):
    compound = town.compound("A")
    make_permit(session, make_vehicle(session, compound))
    make_permit(session, make_vehicle(session, compound), PermitState.REVOKED)
    make_vehicle(session, compound)
    make_vehicle(session, compound, state=VehicleState.REMOVED)
    make_vehicle(session, compound, "KA12345")  # the forces need none
    assert counts(session, town)["A"].without_permit == 2


def test_spaces_are_those_open_all_day_to_the_colour(session, tmp_path):
    community = make_community(session)
    a, b = (compound_of(community, letter) for letter in "AB")
    own, shared, night = (
        make_zone(session, community, code, spaces)
        for code, spaces in (("A1", 40), ("S1", 30), ("N1", 20))
    )
    at_night = make_plan(session, community, voted=False).openings[-1]
    plan = make_plan(
        session,
        community,
        [
            ProposedOpening(own.id, a.id),
            ProposedOpening(shared.id, a.id, spaces=12),
            ProposedOpening(shared.id, b.id, spaces=18),
            ProposedOpening(night.id, b.id, at_night.starts, at_night.ends),
        ],
    )
    assert spaces_by_compound(plan) == {a.id: 40 + 12, b.id: 18}


def test_an_opening_given_twice_counts_its_spaces_once(session):
    community = make_community(session, "A")
    zone = make_zone(session, community, "A1", spaces=40)
    opening = ProposedOpening(zone.id, community.compounds[0].id)
    plan = make_plan(session, community, [opening, opening])
    assert list(spaces_by_compound(plan).values()) == [40]


def test_without_a_plan_there_are_no_spaces(session, town):
    assert {one.spaces for one in counts_of(session, town.community, None)} == {0}


def test_lists_wait_until_they_are_decided(session, town):
    submit_list(session, town.compound("A"), list_csv(plate(1)), files=town.files)
    approve_list(session, town.compound("A"), list_csv(plate(2)), files=town.files)
    found = counts(session, town)
    assert (found["A"].lists_waiting, found["B"].lists_waiting) == (1, 0)


def test_a_conflict_is_open_until_it_is_settled(session, town):
    make_vehicle(session, town.compound("A"), plate(1))
    claim = submit_list(session, town.compound("B"), list_csv(plate(1)), files=town.files)
    assert counts(session, town)["B"].conflicts_open == 1
    settle_conflict(session, claim.rows[0], ConflictDecision.KEEP, "why", actor=OFFICE, at=AT)
    assert counts(session, town)["B"].conflicts_open == 0


def test_communities_are_counted_apart(session, town):
    other = make_community(session, "A", number=2)
    make_vehicle(session, compound_of(other, "A"))
    assert counts(session, town)["A"].vehicles == 0
