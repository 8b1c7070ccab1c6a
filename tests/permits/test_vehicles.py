"""What the database itself refuses about vehicles and permits, whichever program writes."""

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from permits.permit import IN_FORCE, Permit, PermitState
from permits.vehicles import Household, Vehicle, VehicleState
from tests.factories import AT, TODAY, compound_of, make_community, make_permit, make_vehicle, plate


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def compound(community):
    return compound_of(community, "A")


def refuses(session, statement):
    """Whether the database refuses a statement that goes past the models."""
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError:
        return True
    return False


def vehicle_row(compound, **changes):
    facts = {
        "community_id": compound.community_id,
        "compound_id": compound.id,
        "plate": plate(1),
        "kind": "ordinary",
        "state": VehicleState.ACTIVE,
        "added_at": AT,
    }
    return insert(Vehicle).values(**{**facts, **changes})


def permit_row(permit, **changes):
    facts = {
        "community_id": permit.community_id,
        "compound_id": permit.compound_id,
        "vehicle_id": permit.vehicle_id,
        "number": permit.number + 1,
        "serial": "A-000002-0",
        "plate": permit.plate,
        "key_id": permit.key_id,
        "valid_from": TODAY,
        "valid_to": TODAY,
        "state": PermitState.REVOKED,
        "issued_at": AT,
        "ended_at": AT,
    }
    return insert(Permit).values(**{**facts, **changes})


def test_one_plate_is_active_once_in_a_community(session, community, compound):
    make_vehicle(session, compound, plate(1))
    assert refuses(session, vehicle_row(compound))
    assert refuses(session, vehicle_row(compound_of(community, "B")))


def test_a_removed_vehicle_leaves_its_plate_free(session, compound):
    make_vehicle(session, compound, plate(1), state=VehicleState.REMOVED)
    assert not refuses(session, vehicle_row(compound))


def test_two_communities_may_have_the_same_plate(session, compound):
    make_vehicle(session, compound, plate(1))
    other = make_community(session, number=2)
    assert not refuses(session, vehicle_row(compound_of(other, "A")))


@pytest.mark.parametrize(
    "changes",
    [
        {"compound_id": 999},
        {"household_id": 999},
        {"community_id": 999},
        {"plate": None},
        {"state": "parked"},
        {"state": VehicleState.REMOVED},
        {"removed_at": AT},
    ],
    ids=str,
)
def test_a_vehicle_that_cannot_be_is_refused(session, compound, changes):
    assert not refuses(session, vehicle_row(compound, plate=plate(2)))
    assert refuses(session, vehicle_row(compound, **changes))


def test_a_vehicle_is_of_a_compound_of_its_own_community(session, community, compound):
    other = make_community(session, number=2)
    assert refuses(session, vehicle_row(compound, community_id=other.id))


@pytest.mark.parametrize("state", IN_FORCE)
def test_a_vehicle_has_one_permit_in_force(session, compound, state):
    permit = make_permit(session, make_vehicle(session, compound))
    assert refuses(session, permit_row(permit, state=state, ended_at=None))
    assert not refuses(session, permit_row(permit))


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 1},
        {"number": 0},
        {"number": 2**32},
        {"vehicle_id": 999},
        {"key_id": 99},
        {"replaced_by_id": 999},
        {"valid_to": TODAY.replace(year=2020)},
        {"state": "lost"},
        {"ended_at": None},
    ],
    ids=str,
)
def test_a_permit_that_cannot_be_is_refused(session, compound, changes):
    permit = make_permit(session, make_vehicle(session, compound))
    assert refuses(session, permit_row(permit, **changes))


def test_a_permit_is_of_a_compound_of_its_own_community(session, compound):
    permit = make_permit(session, make_vehicle(session, compound))
    other = make_community(session, number=2)
    assert refuses(session, permit_row(permit, compound_id=compound_of(other, "A").id))


def test_a_compound_with_vehicles_cannot_go_away(session, compound):
    make_vehicle(session, compound)
    move = update(Vehicle).values(compound_id=compound.id + 999)
    assert refuses(session, move)


def test_a_flat_is_one_household(session, compound):
    flat = {"compound_id": compound.id, "building": "3", "unit": "", "room": "501"}
    assert not refuses(session, insert(Household).values(**flat))
    assert refuses(session, insert(Household).values(**flat))


@pytest.mark.parametrize(
    "texts", [("2-101", "10-101"), ("3-903", "3-1003"), ("3-1-501", "3-2-101")]
)
def test_households_are_ordered_as_a_person_walks(texts):
    first, second = (Household(building=b, unit=u, room=r) for b, u, r in map(_parts, texts))
    assert first.sort_key < second.sort_key


def _parts(text):
    parts = text.split("-")
    return (parts[0], parts[1] if len(parts) == 3 else "", parts[-1])
