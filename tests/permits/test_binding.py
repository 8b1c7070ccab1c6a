"""A car with a space of its own takes no shared one, and its permit names the space."""

from dataclasses import replace
from datetime import timedelta

import pytest

from permits.allotting import Limits, WhyNoRoom
from permits.binding import (
    HasOwnSpace,
    LeaseDaysWrong,
    SpaceFacts,
    SpaceTaken,
    bind,
    end_leases,
    release,
    take_along,
)
from permits.counts import counts_of
from permits.limits import change_limits, room
from permits.moving import touched_query
from permits.own_space import PaperKind, Tenure, space_of
from permits.print_batch import UNNAMED_SPACE, PrintSettings, choose
from permits.print_rules import change_print_rules
from permits.vehicles import VehicleState
from records import ledger
from tests.factories import AT, OFFICE, SEALER, TODAY, make_permit, make_town, make_vehicle, plate

BY = {"actor": OFFICE, "at": AT}
DAY = timedelta(days=1)
OWNED = SpaceFacts("b1", "023", Tenure.OWNED, PaperKind.TITLE, "粤(2024)第123号")
LEASED = SpaceFacts(
    "B1", "024", Tenure.LEASED, PaperKind.LEASE, first_day=TODAY, last_day=TODAY + 30 * DAY
)
FLAT = ("3", "", "501")


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def vehicle(session, town):
    return make_vehicle(session, town.compound("A"), plate(1), "3-501")


def bound(session, vehicle, facts=OWNED, at=AT):
    return bind(session, vehicle, facts, sealer=SEALER, actor=OFFICE, at=at)


def last_entry(session):
    return list(ledger.export(session))[-1]


def test_a_bound_car_leaves_its_place_to_others_and_is_counted_by_itself(session, town, vehicle):
    compound = town.compound("A")
    make_permit(session, vehicle)
    make_permit(session, make_vehicle(session, compound, plate(2), "3-502"))
    change_limits(session, compound, Limits(1), **BY)
    assert room(session, compound, FLAT) is WhyNoRoom.HOUSEHOLD_FULL
    space = bound(session, vehicle)
    assert room(session, compound, FLAT) is None
    [a, _b] = counts_of(session, town.community, town.plan)
    assert (a.vehicles, a.own_spaces, a.permits_in_force) == (2, 1, 2)
    assert a.permits_per_space == 1 / a.spaces
    assert [one.plate for one in session.scalars(touched_query(compound))] == [plate(2)]
    release(session, space, **BY)
    assert room(session, compound, FLAT) is WhyNoRoom.HOUSEHOLD_FULL
    assert counts_of(session, town.community, town.plan)[0].permits_per_space == 2 / a.spaces


def test_the_ledger_says_that_a_car_has_a_space_and_neither_which_nor_by_what_paper(
    session, vehicle
):
    space = bound(session, vehicle)
    assert (space.name, SEALER.open(space.paper_sealed)) == ("B1-023", "粤(2024)第123号")
    entry = last_entry(session)
    assert (entry["act"], entry["subject"]) == ("space.bound", f"vehicle:{vehicle.id}")
    assert entry["details"] == {"letter": "A", "tenure": "owned", "cars": 1}
    release(session, space, **BY)
    assert (last_entry(session)["act"], space.paper_sealed) == ("space.released", None)


def test_a_space_is_for_one_car_unless_it_says_more(session, town, vehicle):
    compound = town.compound("A")
    bound(session, vehicle)
    with pytest.raises(HasOwnSpace):
        bound(session, vehicle, replace(OWNED, number="099"))
    other, third = (make_vehicle(session, compound) for _ in range(2))
    with pytest.raises(SpaceTaken) as taken:
        bound(session, other, replace(OWNED, garage="B1 ", cars=2))
    assert taken.value.facts == {"space": "B1-023", "cars": 1}
    shared = replace(OWNED, number="050", cars=2)
    for car in (other, third):
        bound(session, car, shared)
    with pytest.raises(SpaceTaken):
        bound(session, make_vehicle(session, compound), shared)
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, AT
    bound(session, make_vehicle(session, compound), OWNED)


@pytest.mark.parametrize("last_day", [None, TODAY - DAY])
def test_a_lease_has_an_end_that_is_still_to_come(session, vehicle, last_day):
    with pytest.raises(LeaseDaysWrong):
        bound(session, vehicle, replace(LEASED, last_day=last_day))
    assert space_of(session, vehicle) is None


def test_a_lease_that_is_over_brings_the_car_back_under_the_limits(session, town, vehicle):
    bound(session, vehicle, LEASED)
    owner = make_vehicle(session, town.compound("A"))
    bound(session, owner)
    on_last_day, after = AT + 30 * DAY, AT + 31 * DAY
    assert end_leases(session, town.community, actor=OFFICE, at=on_last_day) == 0
    assert end_leases(session, town.community, actor=OFFICE, at=after) == 1
    assert end_leases(session, town.community, actor=OFFICE, at=after) == 0
    assert (space_of(session, vehicle), vehicle.state) == (None, VehicleState.ACTIVE)
    assert space_of(session, owner) is not None


def test_a_car_that_takes_anothers_place_has_its_space(session, town, vehicle):
    space = bound(session, vehicle)
    new = make_vehicle(session, town.compound("A"), plate(2), "3-501")
    take_along(session, vehicle, new)
    assert (space_of(session, vehicle), space_of(session, new)) == (None, space)


def test_a_printed_permit_names_the_space_unless_the_community_leaves_it_off(
    session, town, vehicle, tmp_path
):
    make_permit(session, vehicle)
    make_permit(session, make_vehicle(session, town.compound("A"), plate(2)))
    bound(session, vehicle)
    settings = PrintSettings(tmp_path, tmp_path, "https://parking.example.cn", town.keys)

    def spaces():
        batch = choose(session, town.community, settings, layout="card", at=AT)
        return [one.space for one in batch.printed]

    assert spaces() == ["B1-023", None]
    change_print_rules(session, town.community, names_compound=True, names_space=False, **BY)
    assert spaces() == [UNNAMED_SPACE, None]
