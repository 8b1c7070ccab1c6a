import pytest
from sqlalchemy import select

from permits import token
from permits.deciding import decide_now
from permits.ending import ReasonMissing
from permits.gate import Reason
from permits.granting import CarSuspended, FlatFull, grant, refuse
from permits.issuing import replace
from permits.permit import IN_FORCE, Permit, PermitState, WrongPermitState, permit_fields
from permits.request import RequestDecided, RequestState, WhyLost
from permits.requesting import (
    CarNotHere,
    PlateTaken,
    ask_for_new_card,
    ask_for_other_plate,
    ask_for_second_car,
    ask_to_leave,
)
from permits.snapshot import snapshot
from permits.suspending import suspend
from permits.vehicles import Vehicle, VehicleState
from records.ledger import LedgerEntry
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    SEALER,
    make_permit,
    make_town,
    make_vehicle,
    make_warning,
)

PLATE, NEW_PLATE = "粤E12345", "粤E54321"
ASKED = {"actor": REPRESENTATIVE, "at": AT}


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path, quota=2)


@pytest.fixture
def vehicle(session, town):
    return make_vehicle(session, town.compound("A"), PLATE, "3-501", owner="陈伟")


@pytest.fixture
def permit(session, vehicle):
    return make_permit(session, vehicle, PermitState.HANDED_OVER)


@pytest.fixture
def granted(session, town):
    return lambda asked: grant(session, asked, keys=town.keys, actor=OFFICE, at=AT)


@pytest.fixture
def at_the_gate(session, town):
    """Return what a gate says of a permit's card, or of a typed plate."""

    def at_the_gate(what):
        if isinstance(what, str):
            return decide_now(session, town.community, at=AT, plate=what).reasons[0]
        private_key = town.keys.private(what.key_id)
        card = token.sign(permit_fields(what, town.community), private_key)
        return decide_now(session, town.community, at=AT, scanned=card).reasons[0]

    return at_the_gate


def second_car(session, town, flat="3-501"):
    return ask_for_second_car(
        session,
        town.compound("A"),
        household=flat,
        plate=NEW_PLATE,
        owner="陈伟",
        phone="",
        sealer=SEALER,
        **ASKED,
    )


def acts_of(session):
    return [entry.act for entry in session.scalars(select(LedgerEntry).order_by("number"))]


def test_a_lost_card_is_refused_at_once_at_every_gate_with_a_network_and_without(
    session, town, vehicle, permit, granted, at_the_gate
):
    before = snapshot(session, town.community, gates=[], keys=town.keys, cursor=None, at=AT)[
        "cursor"
    ]
    new = granted(ask_for_new_card(session, vehicle, WhyLost.LOST, **ASKED))
    assert (at_the_gate(permit), at_the_gate(new), at_the_gate(PLATE)) == (
        Reason.REPLACED,
        Reason.OK,
        Reason.OK,
    )
    known = snapshot(session, town.community, gates=[], keys=town.keys, cursor=before, at=AT)
    assert known["ended"] == [[permit.number, PermitState.REPLACED, new.serial]]
    assert new.valid_to == permit.valid_to
    assert acts_of(session)[-3:] == ["permit.replaced", "permit.issued", "request.granted"]


def test_a_card_that_was_replaced_meanwhile_is_not_replaced_again(
    session, town, vehicle, permit, granted
):
    asked = ask_for_new_card(session, vehicle, WhyLost.DAMAGED, **ASKED)
    replace(session, permit, "at the counter", keys=town.keys, actor=OFFICE, at=AT)
    with pytest.raises(WrongPermitState):
        granted(asked)


def test_another_plate_keeps_the_flat_the_owner_and_the_days_that_are_left(
    session, vehicle, permit, granted, at_the_gate
):
    new = granted(ask_for_other_plate(session, vehicle, "粤e·54321", **ASKED))
    car = session.get_one(Vehicle, new.vehicle_id)
    assert (car.plate, car.household) == (NEW_PLATE, vehicle.household)
    assert SEALER.open(car.owner_sealed) == "陈伟"
    assert (new.valid_to, permit.replaced_by) == (permit.valid_to, new)
    session.refresh(vehicle)
    assert vehicle.state == VehicleState.REMOVED
    assert (at_the_gate(permit), at_the_gate(new)) == (Reason.REPLACED, Reason.OK)
    assert (at_the_gate(PLATE), at_the_gate(NEW_PLATE)) == (Reason.PLATE_UNKNOWN, Reason.OK)


def test_another_plate_is_no_way_around_a_suspension(session, vehicle, permit, granted):
    proposal = make_warning(session, vehicle, count=3)
    suspend(session, proposal, "three times", days=3, actor=OFFICE, at=AT)
    with pytest.raises(CarSuspended):
        granted(ask_for_other_plate(session, vehicle, NEW_PLATE, **ASKED))


def test_a_plate_that_was_registered_meanwhile_does_not_come(session, town, vehicle, granted):
    asked = ask_for_other_plate(session, vehicle, NEW_PLATE, **ASKED)
    make_vehicle(session, town.compound("B"), NEW_PLATE)
    with pytest.raises(PlateTaken):
        granted(asked)


def test_a_second_car_gets_its_permit_and_its_owner_leaves_the_request(
    session, town, vehicle, granted, at_the_gate
):
    asked = second_car(session, town)
    new = granted(asked)
    assert (new.vehicle.household, at_the_gate(new)) == (vehicle.household, Reason.OK)
    assert SEALER.open(new.vehicle.owner_sealed) == "陈伟"
    assert (asked.owner_sealed, asked.made) == (None, new)


def test_a_flat_that_has_as_many_cars_as_it_may_gets_no_more(session, town, vehicle, granted):
    make_vehicle(session, town.compound("A"), household="3-501")
    asked = second_car(session, town)
    with pytest.raises(FlatFull) as refused:
        granted(asked)
    assert refused.value.facts == {"count": 2, "quota": 2}


@pytest.mark.parametrize(("with_all", "left"), [(False, 1), (True, 0)])
def test_who_moves_out_loses_the_permit_and_with_the_flat_all_its_cars_go(
    session, town, vehicle, permit, granted, at_the_gate, with_all, left
):
    other = make_permit(session, make_vehicle(session, town.compound("A"), household="3-501"))
    assert granted(ask_to_leave(session, vehicle, with_all=with_all, **ASKED)) is None
    assert at_the_gate(permit) == Reason.REVOKED
    assert at_the_gate(other) == (Reason.OK if left else Reason.REVOKED)
    in_force = session.scalars(select(Permit).where(Permit.state.in_(IN_FORCE))).all()
    assert len(in_force) == left


def test_a_car_that_has_left_meanwhile_cannot_leave_again(session, vehicle, granted):
    asked = ask_to_leave(session, vehicle, with_all=False, **ASKED)
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, AT
    session.flush()
    with pytest.raises(CarNotHere):
        granted(asked)


def test_a_refusal_says_why_and_nothing_can_be_decided_twice(session, vehicle, permit, granted):
    asked = ask_for_new_card(session, vehicle, WhyLost.LOST, **ASKED)
    with pytest.raises(ReasonMissing):
        refuse(session, asked, "  ", actor=OFFICE, at=AT)
    refuse(session, asked, "the card lies at the counter", actor=OFFICE, at=AT)
    assert (asked.state, asked.reason) == (RequestState.REFUSED, "the card lies at the counter")
    assert permit.state == PermitState.HANDED_OVER
    with pytest.raises(RequestDecided):
        granted(asked)
