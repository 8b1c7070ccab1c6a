from permits.demand import demand_of
from permits.vehicles import VehicleState
from tests.factories import compound_of, make_community, make_vehicle


def test_cars_that_live_here_and_are_not_above_the_households_limit_need_a_space(session):
    community = make_community(session, "AB", quota=2)
    a, b = (compound_of(community, letter) for letter in "AB")
    for household in ("1-101", "1-101", "1-101", "1-102", None, None, None):
        make_vehicle(session, a, household=household)
    make_vehicle(session, a, state=VehicleState.REMOVED)
    bound = make_vehicle(session, a, household="1-103")
    assert demand_of(session, community, bound={bound.id}) == {a.id: 6, b.id: 0}
    a.vehicles_per_household = None
    assert demand_of(session, community) == {a.id: 8, b.id: 0}
