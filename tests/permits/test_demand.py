from permits.binding import SpaceFacts, bind
from permits.demand import demand_of
from permits.own_space import PaperKind, Tenure
from permits.vehicles import VehicleState
from tests.factories import AT, OFFICE, SEALER, compound_of, make_community, make_vehicle


def test_cars_that_live_here_and_are_not_above_the_households_limit_need_a_space(session):
    community = make_community(session, "AB", quota=2)
    a, b = (compound_of(community, letter) for letter in "AB")
    for household in ("1-101", "1-101", "1-101", "1-102", None, None, None):
        make_vehicle(session, a, household=household)
    make_vehicle(session, a, state=VehicleState.REMOVED)
    bound = make_vehicle(session, a, household="1-103")
    space = SpaceFacts("B1", "023", Tenure.OWNED, PaperKind.TITLE)
    assert demand_of(session, community) == {a.id: 7, b.id: 0}
    bind(session, bound, space, sealer=SEALER, actor=OFFICE, at=AT)
    assert demand_of(session, community) == {a.id: 6, b.id: 0}
    a.vehicles_per_household = None
    assert demand_of(session, community) == {a.id: 7, b.id: 0}
