from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.stocktaking import Stock, Use
from permits.what_if import LIMITS, fullness, permits_under
from zones.areas import Zone
from zones.communities import Compound
from zones.plans import Opening

A, B = 1, 2

pytestmark = pytest.mark.anywhere


def stock(households, without_household=0, own_spaces=0):
    vehicles = sum(cars * count for cars, count in households.items()) + without_household
    return Stock(
        compound=Compound(id=A, letter="A"),
        vehicles=vehicles,
        households=households,
        without_household=without_household,
        sharing=households,
        sharing_without_household=without_household,
        own_spaces=own_spaces,
        new_energy=0,
        use=Use(0, 0, 0),
        permits=0,
        demand=0,
        spaces=0,
    )


def opening(zone, compound_id, spaces=None, starts=None):
    return Opening(
        zone=zone, zone_id=zone.id, compound_id=compound_id, spaces=spaces, starts=starts
    )


def zone(number, spaces):
    return Zone(id=number, code=f"Z{number}", spaces=spaces)


def test_a_limit_cuts_what_is_above_it():
    households = stock({1: 10, 2: 5, 4: 1}, without_household=3)
    assert [permits_under(households, limit) for limit in (1, 2, 3, None)] == [19, 25, 26, 27]


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 500), max_size=6), st.integers(0, 50))
def test_a_higher_limit_never_gives_fewer_permits(households, loose):
    one = stock(households, loose)
    given_permits = [permits_under(one, limit) for limit in (*LIMITS, 9, None)]
    assert given_permits == sorted(given_permits)
    assert given_permits[-1] == one.vehicles
    assert given_permits[0] == sum(households.values()) + loose


def test_a_colours_cars_spread_evenly_over_its_spaces():
    large, small = zone(1, 30), zone(2, 10)
    full = fullness([opening(large, A), opening(small, A)], {A: 60})
    assert [(one.zone.code, one.cars, one.share) for one in full] == [
        ("Z1", 45, 1.5),
        ("Z2", 15, 1.5),
    ]


def test_a_divided_zone_holds_the_cars_of_both_colours():
    divided, own = zone(1, 20), zone(2, 10)
    plan = [opening(divided, A, 10), opening(own, A), opening(divided, B, 10)]
    full = {one.zone.code: one.cars for one in fullness(plan, {A: 30, B: 5})}
    assert full == {"Z1": 20, "Z2": 15}


def test_spaces_by_the_hour_count_for_nothing():
    assert fullness([opening(zone(1, 10), A, starts=time(20))], {A: 5}) == []


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from([A, B])), max_size=8))
def test_no_car_is_lost_between_the_zones(drawn):
    plan = [opening(zone(number, spaces), owner) for number, (spaces, owner) in enumerate(drawn, 1)]
    permits = {A: 40, B: 7}
    parked = sum(one.cars for one in fullness(plan, permits))
    assert parked == pytest.approx(sum(permits[one] for one in {owner for _, owner in drawn}))
