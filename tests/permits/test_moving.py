import pytest

from permits.moving import moves_of, touched_query
from permits.permit import PermitState
from tests.factories import compound_of, make_community, make_permit, make_plan, make_vehicle
from zones.drafting import ProposedOpening
from zones.effects import effects_of


@pytest.fixture
def community(session):
    return make_community(session, "AB")


@pytest.fixture
def moves(session, community):
    """What it means that A keeps 4 of the 10 spaces of A1, and B takes the others."""
    base = make_plan(session, community)
    a, b = (compound_of(community, letter) for letter in "AB")
    own = {one.zone.code: one.zone_id for one in base.openings}
    plan = make_plan(
        session,
        community,
        [
            ProposedOpening(own["A1"], a.id, spaces=4),
            ProposedOpening(own["A1"], b.id, spaces=6),
            ProposedOpening(own["B1"], b.id),
        ],
        voted=False,
    )
    for compound, permits in ((a, 3), (b, 2)):
        for _ in range(permits):
            make_permit(session, make_vehicle(session, compound))
    make_permit(session, make_vehicle(session, a), PermitState.REVOKED)
    return moves_of(session, community, effects_of(plan, base, community.compounds))


def test_no_more_cars_move_than_have_permits_and_no_more_than_spaces_are_lost(moves):
    a, b = moves
    # A loses 6 of A1 and, by night, S1: more than it has cars.
    assert (a.effect.spaces_lost, a.permits, a.at_most) == (16, 3, 3)
    assert (b.effect.spaces_lost, b.permits, b.at_most) == (10, 2, 2)


def test_permits_for_each_space_are_told_before_and_after(moves):
    assert [(one.ratio_before, one.ratio_after) for one in moves] == [
        (3 / 10, 3 / 4),
        (2 / 10, 2 / 16),
    ]


def test_only_permits_in_force_of_the_compound_are_touched(session, community, moves):
    a = compound_of(community, "A")
    found = session.scalars(touched_query(a)).all()
    assert [one.compound for one in found] == [a] * 3
