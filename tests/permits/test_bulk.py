from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.bulk import hand_over_many, remove_many, revoke_many
from permits.bulk_act import (
    MOST_AT_ONCE,
    CarRemovedAlready,
    NothingChosen,
    NotYourLastAct,
    TooManyChosen,
    UndoTooLate,
)
from permits.deciding import decide_now
from permits.ending import ReasonMissing
from permits.handing_out import take_back
from permits.issuing import issue
from permits.limits import Limits, change_limits
from permits.permit import Permit, PermitState, WrongPermitState
from permits.undoing import undo
from permits.vehicles import Vehicle, VehicleState
from permits.verdicts import Verdict
from records import ledger
from records.ledger import LedgerEntry
from tests.factories import AT, OFFICE, make_permit, make_town, make_vehicle

COLLEAGUE = "user:999"
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def permits(session, town):
    """One in each state in force, of compounds A and B."""
    return [
        make_permit(session, make_vehicle(session, town.compound(letter), f"粤E0000{place}"), state)
        for place, (letter, state) in enumerate(
            (
                ("A", PermitState.ISSUED),
                ("A", PermitState.PRINTED),
                ("B", PermitState.HANDED_OVER),
            )
        )
    ]


@pytest.fixture
def revoke(session, town):
    return lambda permits, reason="sold": revoke_many(
        session, town.community, permits, reason, actor=OFFICE, at=AT
    )


@pytest.fixture
def remove(session, town):
    return lambda cars, reason="moved away": remove_many(
        session, town.community, cars, reason, actor=OFFICE, at=AT
    )


@pytest.fixture
def take_it_back(session, town):
    return lambda act, actor=OFFICE, at=LATER: undo(
        session, town.community, act, actor=actor, at=at
    )


@pytest.fixture
def verdict(session, town):
    return lambda plate: decide_now(session, town.community, at=LATER, plate=plate).verdict


def states(permits):
    return [one.state for one in permits]


def entered(session):
    return session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.number)).all()


def test_revoking_many_and_undoing_it_gives_each_its_state_back(
    session, permits, revoke, take_it_back, verdict
):
    before = states(permits)
    act = revoke(permits)
    assert states(permits) == [PermitState.REVOKED] * 3
    assert {one.end_reason for one in permits} == {"sold"}
    assert verdict("粤E00000") is Verdict.REFUSE
    take_it_back(act)
    assert states(permits) == before
    assert verdict("粤E00000") is Verdict.ADMIT
    assert entered(session)[-6:] == ["permit.revoked"] * 3 + ["permit.reinstated"] * 3


def test_devices_learn_of_the_undoing(session, permits, revoke, take_it_back):
    act = revoke(permits)
    at_revoking = {one.changed for one in permits}
    take_it_back(act)
    session.expire_all()
    assert {one.changed for one in permits} == {ledger.head(session).number}
    assert at_revoking != {ledger.head(session).number}


def test_removing_cars_ends_their_permits_and_undoing_brings_both_back(
    session, town, permits, remove, take_it_back, verdict
):
    cars = [one.vehicle for one in permits]
    ended_before = make_permit(session, make_vehicle(session, town.compound("A")))
    revoke_many(
        session, town.community, [ended_before], "lost", actor=OFFICE, at=AT - timedelta(days=1)
    )
    act = remove([*cars, ended_before.vehicle])
    assert act.count == 4
    assert {one.state for one in cars} == {VehicleState.REMOVED}
    assert verdict("粤E00002") is not Verdict.ADMIT
    take_it_back(act)
    assert {one.state for one in cars} == {VehicleState.ACTIVE}
    assert states(permits) == ["issued", "printed", "handed_over"]
    assert ended_before.state == PermitState.REVOKED
    assert verdict("粤E00002") is Verdict.ADMIT
    assert entered(session).count("vehicle.restored") == 4


def test_handing_over_many_is_undone(session, town, permits, take_it_back):
    printed = permits[1:2]
    act = hand_over_many(session, town.community, printed, actor=OFFICE, at=AT)
    assert states(printed) == [PermitState.HANDED_OVER]
    take_it_back(act)
    assert states(printed) == [PermitState.PRINTED]
    assert printed[0].handed_over_at is None


def test_all_are_done_or_none(session, town, permits, revoke, remove):
    with pytest.raises(WrongPermitState):
        hand_over_many(session, town.community, permits, actor=OFFICE, at=AT)
    with pytest.raises(ReasonMissing):
        revoke(permits, "  ")
    with pytest.raises(NothingChosen):
        revoke([])
    with pytest.raises(TooManyChosen):
        remove([permits[0].vehicle] * (MOST_AT_ONCE + 1))
    assert states(permits) == ["issued", "printed", "handed_over"]
    gone = make_vehicle(session, town.compound("A"), state=VehicleState.REMOVED)
    with pytest.raises(CarRemovedAlready):
        remove([permits[0].vehicle, gone])
    revoke(permits[:1])
    with pytest.raises(WrongPermitState):
        revoke(permits)
    assert states(permits[1:]) == ["printed", "handed_over"]


def test_only_the_own_last_act_is_undone_and_once(permits, revoke, take_it_back):
    first, second = revoke(permits[:1]), revoke(permits[1:])
    with pytest.raises(NotYourLastAct):
        take_it_back(first)
    with pytest.raises(NotYourLastAct):
        take_it_back(second, COLLEAGUE)
    take_it_back(second)
    with pytest.raises(NotYourLastAct):
        take_it_back(second)
    # What came before the last act stays: only the last one can be undone.
    with pytest.raises(NotYourLastAct):
        take_it_back(first)


def test_a_permit_issued_meanwhile_keeps_the_old_one_revoked(
    session, town, permits, revoke, take_it_back
):
    act = revoke(permits)
    issue(session, town.community, None, keys=town.keys, actor=COLLEAGUE, at=AT)
    with pytest.raises(UndoTooLate) as refused:
        take_it_back(act)
    assert refused.value.facts["things"] == [one.serial for one in permits]
    assert states(permits) == [PermitState.REVOKED] * 3


def test_what_somebody_changed_meanwhile_is_not_undone(
    session, town, permits, revoke, remove, take_it_back
):
    handed = hand_over_many(session, town.community, permits[1:2], actor=OFFICE, at=AT)
    take_back(session, town.community, permits[1], actor=OFFICE, at=AT)
    with pytest.raises(UndoTooLate):
        take_it_back(handed)
    revoked = revoke(permits[:1])
    with pytest.raises(UndoTooLate):
        take_it_back(revoked, at=AT + timedelta(days=400))
    remove_many(session, town.community, [permits[0].vehicle], "left", actor=COLLEAGUE, at=LATER)
    with pytest.raises(UndoTooLate):
        take_it_back(revoked)


def test_a_plate_that_is_registered_anew_stays_where_it_is(session, town, remove, take_it_back):
    car = make_vehicle(session, town.compound("A"), "粤E00009")
    act = remove([car])
    make_vehicle(session, town.compound("B"), "粤E00009")
    with pytest.raises(UndoTooLate) as refused:
        take_it_back(act)
    assert refused.value.facts["things"] == ["粤E00009"]


def test_a_place_that_another_car_has_by_now_is_not_given_back(session, town, remove, take_it_back):
    compound = town.compound("A")
    change_limits(session, compound, Limits(places=1), actor=OFFICE, at=AT)
    car = make_vehicle(session, compound, household="3-501")
    act = remove([car])
    other = make_vehicle(session, compound, household="3-502")
    with pytest.raises(UndoTooLate):
        take_it_back(act)
    remove_many(session, town.community, [other], "left", actor=COLLEAGUE, at=LATER)
    take_it_back(act)
    active = select(Vehicle.id).where(Vehicle.state == VehicleState.ACTIVE)
    assert session.scalars(active).all() == [car.id]
    assert session.scalars(select(Permit)).all() == []
