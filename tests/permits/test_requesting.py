import pytest
from sqlalchemy import select

from permits.permit import PermitState
from permits.plates import PlateError
from permits.request import RequestDecided, RequestKind, RequestState, WhyLost, requests_query
from permits.requesting import (
    AskedAlready,
    CarHasNoPermit,
    CarNotHere,
    FlatMissing,
    PlateTaken,
    ask_for_new_card,
    ask_for_other_plate,
    ask_for_second_car,
    ask_to_leave,
    car_of,
    withdraw_request,
)
from records.ledger import LedgerEntry
from tests.factories import (
    AT,
    REPRESENTATIVE,
    SEALER,
    make_community,
    make_permit,
    make_vehicle,
)

PLATE, NEW_PLATE = "粤E12345", "粤E54321"
ASKED = {"actor": REPRESENTATIVE, "at": AT}


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def compound(community):
    return community.compounds[0]


@pytest.fixture
def vehicle(session, compound):
    return make_vehicle(session, compound, PLATE, "3-501")


def second_car(session, compound, **named):
    car = {"household": "3-501", "plate": NEW_PLATE, "owner": "陈伟", "phone": "13800138000"}
    return ask_for_second_car(session, compound, **{**car, **named}, sealer=SEALER, **ASKED)


def test_a_car_is_found_by_its_plate_as_people_type_it_and_only_in_its_own_compound(
    session, community, vehicle
):
    assert car_of(session, vehicle.compound, "粤e·12345") is vehicle
    with pytest.raises(CarNotHere):
        car_of(session, community.compounds[1], PLATE)


def test_asking_changes_nothing_but_the_ledger_which_names_nobody(session, vehicle):
    permit = make_permit(session, vehicle, PermitState.HANDED_OVER)
    asked = ask_for_new_card(session, vehicle, WhyLost.STOLEN, **ASKED)
    assert (asked.permit, permit.state) == (permit, PermitState.HANDED_OVER)
    entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc())).first()
    assert (entry.act, entry.subject) == ("request.made", f"request:{asked.id}")
    assert entry.details == {"letter": "A", "kind": RequestKind.LOST_PERMIT}


def test_a_card_is_lost_only_where_there_is_one(session, vehicle):
    make_permit(session, vehicle, PermitState.REVOKED)
    with pytest.raises(CarHasNoPermit):
        ask_for_new_card(session, vehicle, WhyLost.LOST, **ASKED)


def test_about_one_car_one_request_waits_at_a_time(session, vehicle):
    make_permit(session, vehicle)
    first = ask_to_leave(session, vehicle, with_all=False, **ASKED)
    with pytest.raises(AskedAlready) as refused:
        ask_for_new_card(session, vehicle, WhyLost.LOST, **ASKED)
    assert refused.value.facts == {"number": first.id}
    withdraw_request(session, first, **ASKED)
    assert ask_for_new_card(session, vehicle, WhyLost.LOST, **ASKED).state == RequestState.OPEN


def test_the_same_new_plate_is_asked_for_once(session, compound):
    second_car(session, compound)
    with pytest.raises(AskedAlready):
        second_car(session, compound, household="3-502")


@pytest.mark.parametrize("taken_in", [0, 1])
def test_a_plate_that_is_registered_here_or_elsewhere_cannot_come(
    session, community, vehicle, taken_in
):
    make_vehicle(session, community.compounds[taken_in], NEW_PLATE)
    with pytest.raises(PlateTaken):
        ask_for_other_plate(session, vehicle, NEW_PLATE, **ASKED)
    with pytest.raises(PlateTaken):
        second_car(session, community.compounds[0])


@pytest.mark.parametrize(
    ("named", "error"),
    [({"plate": "粤EO1234"}, PlateError), ({"household": " "}, FlatMissing)],
)
def test_a_second_car_needs_a_plate_and_a_flat(session, compound, named, error):
    with pytest.raises(error):
        second_car(session, compound, **named)


def test_a_household_that_no_car_has_cannot_move_out(session, compound):
    with pytest.raises(FlatMissing):
        ask_to_leave(session, make_vehicle(session, compound), with_all=True, **ASKED)


def test_who_was_named_in_a_request_that_is_taken_back_is_forgotten(session, community, compound):
    asked = second_car(session, compound)
    assert SEALER.open(asked.owner_sealed) == "陈伟"
    withdraw_request(session, asked, **ASKED)
    assert (asked.owner_sealed, asked.phone_sealed, asked.details_digest) == (None, None, None)
    assert session.scalars(requests_query(community, state=RequestState.WITHDRAWN)).all() == [asked]
    with pytest.raises(RequestDecided):
        withdraw_request(session, asked, **ASKED)
