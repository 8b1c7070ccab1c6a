"""Which cars get a place: the rule by itself, and as a list and a fair plan follow it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.allotting import Claim, CountsBy, Limits, Taken, WhyNoRoom, allot
from permits.demand import demand_of
from permits.limits import FirstCarsNeedPlaces, change_limits, limits_of, room
from records import ledger
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    draft_list,
    list_csv,
    make_town,
    make_vehicle,
    plate,
)

FLATS = [("3", "", f"50{number}") for number in range(4)]
BY = {"actor": OFFICE, "at": AT}

limits = st.builds(
    Limits,
    cars=st.none() | st.integers(1, 3),
    first_cars_first=st.booleans(),
    places=st.integers(1, 8),
) | st.builds(Limits, cars=st.none() | st.integers(1, 3))
claims = st.lists(st.none() | st.sampled_from(FLATS), max_size=12).map(
    lambda units: [Claim(str(place), unit) for place, unit in enumerate(units)]
)
taken = st.dictionaries(st.sampled_from(FLATS), st.integers(1, 2)).map(
    lambda by_unit: Taken(by_unit, sum(by_unit.values()))
)


def got(allotment, claims):
    return [claim for claim in claims if claim.plate not in allotment.without]


@pytest.mark.anywhere
@given(limits, taken, claims)
def test_no_claim_takes_a_place_over_a_limit(limits, taken, claims):
    placed = got(allot(limits, taken, claims), claims)
    if limits.places is not None:
        assert len(placed) <= max(0, limits.places - taken.in_all)
    for unit, cars in Counter(claim.unit for claim in placed).items():
        if limits.cars is not None and unit is not None:
            assert taken.by_unit.get(unit, 0) + cars <= limits.cars


@pytest.mark.anywhere
@given(limits, taken, claims)
def test_nobody_waits_while_there_is_a_place_for_him(limits, taken, claims):
    allotment = allot(limits, taken, claims)
    in_all = taken.in_all + len(got(allotment, claims))
    for claim in claims:
        why = allotment.without.get(claim.plate)
        if why is WhyNoRoom.HOUSEHOLD_FULL:
            assert allotment.by_unit[claim.unit] >= limits.cars
        elif why is not None:
            assert in_all >= limits.places


@pytest.mark.anywhere
@given(limits, taken, claims)
def test_where_first_cars_come_first_no_second_car_has_what_a_first_one_lacks(
    limits, taken, claims
):
    allotment = allot(limits, taken, claims)
    asking = {claim.unit for claim in claims} - {None}
    if limits.first_cars_first and any(not allotment.by_unit.get(unit) for unit in asking):
        placed = [claim.unit for claim in got(allotment, claims)]
        assert None not in placed
        assert len(placed) == len(set(placed))
        assert not any(taken.by_unit.get(unit) for unit in placed)


@pytest.mark.anywhere
@given(limits, taken, claims, st.integers(0, 12))
def test_who_comes_later_takes_nothing_from_those_before_but_a_second_cars_place(
    limits, taken, claims, length
):
    earlier = claims[:length]
    before, after = allot(limits, taken, earlier), allot(limits, taken, claims)
    lost = {claim for claim in got(before, earlier) if claim.plate in after.without}
    assert not lost or limits.first_cars_first
    firsts = {unit for unit in FLATS if not taken.by_unit.get(unit)}
    seen = set()
    for claim in earlier:
        is_first = claim.unit in firsts and claim.unit not in seen
        seen.add(claim.unit)
        assert not (is_first and claim in lost)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def compound(town):
    return town.compound("A")


def outcomes(session, compound, content, town):
    rows = draft_list(session, compound, content, files=town.files).rows
    return [row.reason for row in rows]


def test_limits_are_changed_with_an_entry_that_neighbours_can_read(session, compound):
    assert limits_of(session, compound) == Limits()
    wanted = Limits(2, CountsBy.RESIDENT, True, 300)
    change_limits(session, compound, wanted, **BY)
    assert limits_of(session, compound) == wanted
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["subject"]) == ("limits.changed", "compound:1")
    assert entry["details"] == {
        "letter": "A",
        "vehicles_per_household": 2,
        "counts_by": "resident",
        "first_cars_first": True,
        "places": 300,
    }


def test_first_cars_can_only_come_first_where_places_run_out(session, compound):
    with pytest.raises(FirstCarsNeedPlaces):
        change_limits(session, compound, Limits(first_cars_first=True), **BY)
    assert limits_of(session, compound) == Limits()


def test_a_list_gives_first_cars_the_last_places_whichever_row_stands_first(
    session, town, compound
):
    make_vehicle(session, compound, plate(1), "3-501")
    change_limits(session, compound, Limits(2, first_cars_first=True, places=3), **BY)
    content = list_csv(
        (plate(2), "3-501"), plate(3), (plate(4), "3-502"), (plate(5), "3-503"), (plate(6), "3-504")
    )
    assert outcomes(session, compound, content, town) == [
        "first_cars_first",
        "first_cars_first",
        "new_vehicle",
        "new_vehicle",
        "no_place",
    ]


def test_a_resident_counts_over_all_flats_and_a_car_without_name_or_phone_for_its_flat(
    session, town, compound
):
    make_vehicle(session, compound, plate(1), "3-501", owner="陈伟", phone="13800138000")
    make_vehicle(session, compound, plate(2), "3-502", owner="李静")
    change_limits(session, compound, Limits(1, CountsBy.RESIDENT), **BY)
    content = list_csv(
        (plate(3), "9-901", "陈伟", "13800138000"),
        (plate(4), "3-501", "王芳", "13900139000"),
        (plate(5), "3-502", "李静"),
    )
    assert outcomes(session, compound, content, town) == [
        "resident_over_quota",
        "new_vehicle",
        "over_quota",
    ]


def test_room_for_one_car_says_why_there_is_none_and_counts_those_who_leave(session, compound):
    make_vehicle(session, compound, plate(1), "3-501")
    change_limits(session, compound, Limits(1, places=2), **BY)
    flat, other = ("3", "", "501"), ("3", "", "502")
    assert room(session, compound, flat) is WhyNoRoom.HOUSEHOLD_FULL
    assert room(session, compound, flat, leaving=[plate(1)]) is None
    assert room(session, compound, other) is None
    make_vehicle(session, compound, plate(2), "3-503")
    assert room(session, compound, other) is WhyNoRoom.NO_PLACE
    by_resident = Limits(1, CountsBy.RESIDENT)
    make_vehicle(session, compound, plate(3), "3-509", owner="陈伟", phone="13800138000")
    change_limits(session, compound, by_resident, **BY)
    resident = SEALER.digest("陈伟", "13800138000")
    assert room(session, compound, other, resident) is WhyNoRoom.RESIDENT_FULL


def test_a_fair_plan_gives_no_spaces_for_cars_over_a_limit(session, town, compound):
    for place in range(3):
        make_vehicle(session, compound, household="3-501", owner="陈伟", phone=f"1380013800{place}")
    change_limits(session, compound, Limits(1, CountsBy.RESIDENT), **BY)
    assert demand_of(session, town.community)[compound.id] == 3
    change_limits(session, compound, Limits(places=2), **BY)
    assert demand_of(session, town.community)[compound.id] == 2
