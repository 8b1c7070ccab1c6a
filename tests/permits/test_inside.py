from datetime import timedelta

import pytest

from permits.inside import (
    LONGEST_STAY,
    cars_without_permit,
    overstays,
    who_is_inside,
)
from permits.passes import Direction, PassKind
from permits.permit import PermitState
from permits.visiting import cancel_visit, register_drop_off
from tests.factories import (
    AT,
    OFFICE,
    make_community,
    make_gate,
    make_pass,
    make_permit,
    make_town,
    make_vehicle,
    make_visit,
    plate,
)

OUT = Direction.OUT
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
CAR = "粤E12345"


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def gate(town):
    return town.community.gates[0]


def inside(session, town, at=AT):
    return who_is_inside(session, town.community, town.plan, at)


def came(session, gate, visit, at=AT):
    """Let a visitor's car in."""
    kind = PassKind.VISITOR if visit.compound else PassKind.DROP_OFF
    more = {"kind": kind, "visit": visit, "compound": visit.compound}
    return make_pass(session, gate, visit.plate, at=at, **more)


def test_who_came_in_and_did_not_leave_is_inside(session, town, gate):
    make_pass(session, gate, CAR, at=AT - 2 * HOUR)
    assert inside(session, town).cars == 1
    make_pass(session, gate, CAR, OUT, at=AT - HOUR)
    assert inside(session, town).cars == 0
    make_pass(session, gate, CAR, at=AT)
    assert inside(session, town).cars == 1


def test_a_car_may_leave_by_another_gate(session, town, gate):
    make_pass(session, gate, CAR, at=AT - HOUR)
    make_pass(session, make_gate(session, town.community, "west"), CAR, OUT)
    assert inside(session, town).cars == 0


def test_passes_count_by_their_own_time_in_whatever_order_they_arrive(session, town, gate):
    make_pass(session, gate, CAR, OUT, at=AT - HOUR)
    make_pass(session, gate, CAR, at=AT - 2 * HOUR)
    assert inside(session, town).cars == 0


def test_who_was_turned_away_did_not_come_in_and_did_not_leave(session, town, gate):
    make_pass(session, gate, plate(1), let_through=False)
    make_pass(session, gate, plate(2), at=AT - HOUR)
    make_pass(session, gate, plate(2), OUT, let_through=False)
    assert inside(session, town).cars == 1


def test_cars_are_counted_by_colour_beside_its_spaces(session, town, gate):
    a, b = town.compound("A"), town.compound("B")
    for number, compound in enumerate((a, a, b)):
        make_pass(session, gate, plate(number), compound=compound)
    came(session, gate, make_visit(session, b))
    seen = {
        one.compound.letter: (one.residents, one.visitors, one.cars, one.spaces)
        for one in inside(session, town).compounds
    }
    assert seen == {"A": (2, 0, 2, 10), "B": (1, 1, 2, 10)}


def test_without_a_plan_there_are_cars_and_no_spaces(session, town, gate):
    make_pass(session, gate, CAR, compound=town.compound("A"))
    one = who_is_inside(session, town.community, None, AT).compounds[0]
    assert (one.cars, one.spaces) == (1, 0)


def test_cars_of_no_colour_are_told_apart(session, town, gate):
    drop_off = register_drop_off(session, town.community, plate=CAR, actor=OFFICE, at=AT)
    came(session, gate, drop_off)
    make_pass(session, gate, "粤EA234警", kind=PassKind.SERVICE)
    make_pass(session, gate, plate())
    found = inside(session, town)
    assert (found.drop_offs, found.services, found.others, found.cars) == (1, 1, 1, 3)


def test_a_pass_without_a_plate_counts_for_nobody(session, town, gate):
    make_pass(session, gate, None)
    assert inside(session, town).cars == 0


def test_an_entry_of_long_ago_is_an_exit_that_nobody_recorded(session, town, gate):
    make_pass(session, gate, plate(1), at=AT - LONGEST_STAY)
    make_pass(session, gate, plate(2), at=AT - LONGEST_STAY + MINUTE)
    assert inside(session, town).cars == 1


def test_another_communitys_gates_let_nobody_in_here(session, town):
    other = make_community(session, "A", number=2)
    make_pass(session, make_gate(session, other), CAR)
    assert inside(session, town).cars == 0


def test_who_was_inside_at_an_earlier_moment_is_told_too(session, town, gate):
    make_pass(session, gate, CAR, at=AT - 2 * HOUR)
    make_pass(session, gate, CAR, OUT, at=AT)
    assert inside(session, town, AT - HOUR).cars == 1


def test_a_visitor_who_stays_too_long_is_named_with_his_host(session, town, gate):
    visit = make_visit(session, town.compound("A"), hours=2)
    came(session, gate, visit)
    assert overstays(session, town.community, AT + 2 * HOUR - MINUTE) == []
    [late] = overstays(session, town.community, AT + 2 * HOUR)
    assert (late.visit.id, late.ended_at, late.came_at) == (visit.id, visit.valid_to, AT)


def test_the_longest_over_stands_first(session, town, gate):
    visits = [make_visit(session, town.compound("A"), hours=hours) for hours in (3, 1, 2)]
    for visit in visits:
        came(session, gate, visit)
    late = overstays(session, town.community, AT + 4 * HOUR)
    assert [one.visit.number for one in late] == [2, 3, 1]


def test_a_drop_off_that_stays_is_late_after_half_an_hour(session, town, gate):
    came(
        session,
        gate,
        register_drop_off(session, town.community, plate=CAR, actor=OFFICE, at=AT),
    )
    assert len(overstays(session, town.community, AT + 31 * MINUTE)) == 1


def test_who_left_in_time_is_not_late(session, town, gate):
    visit = make_visit(session, town.compound("A"), hours=2)
    came(session, gate, visit)
    make_pass(session, gate, visit.plate, OUT, at=AT + HOUR)
    assert overstays(session, town.community, AT + 3 * HOUR) == []


def test_who_never_came_is_not_late(session, town):
    make_visit(session, town.compound("A"), hours=2)
    assert overstays(session, town.community, AT + 3 * HOUR) == []


def test_a_cancelled_visitor_who_is_inside_is_late(session, town, gate):
    visit = make_visit(session, town.compound("A"), hours=8)
    came(session, gate, visit)
    cancel_visit(session, visit, actor=OFFICE, at=AT + HOUR)
    [late] = overstays(session, town.community, AT + HOUR)
    assert late.ended_at == AT + HOUR


def test_a_second_visit_or_a_permit_lets_a_visitor_stay(session, town, gate):
    a = town.compound("A")
    guest, neighbour = (make_visit(session, a, hours=1) for _ in range(2))
    for visit in (guest, neighbour):
        came(session, gate, visit)
    make_visit(session, town.compound("B"), guest.plate, hours=5)
    make_permit(session, make_vehicle(session, a, neighbour.plate))
    assert overstays(session, town.community, AT + 2 * HOUR) == []


def test_of_two_visits_that_are_over_the_later_one_is_named_once(session, town, gate):
    a = town.compound("A")
    first = make_visit(session, a, CAR, hours=1)
    second = make_visit(session, a, CAR, hours=2)
    came(session, gate, first)
    late = overstays(session, town.community, AT + 3 * HOUR)
    assert [one.visit.number for one in late] == [second.number]


def test_a_car_that_comes_after_its_visit_is_a_car_without_a_permit(session, town, gate):
    visit = make_visit(session, town.compound("A"), hours=1)
    came(session, gate, visit, at=AT + HOUR)
    assert overstays(session, town.community, AT + 2 * HOUR) == []
    [seen] = cars_without_permit(session, town.community, AT + 2 * HOUR)
    assert seen.plate == visit.plate


def test_cars_without_a_permit_are_named_with_their_passes_of_today(session, town, gate):
    yesterday = AT - timedelta(days=1)
    for at, let_through in ((yesterday, True), (AT - HOUR, False), (AT, True)):
        make_pass(session, gate, CAR, at=at, let_through=let_through)
    make_pass(session, gate, plate(), at=yesterday)
    [seen] = cars_without_permit(session, town.community, AT)
    assert (seen.plate, seen.passes, seen.let_through) == (CAR, 2, True)
    assert (seen.first_at, seen.last_at) == (AT - HOUR, AT)


def test_permits_visits_drop_offs_and_fire_engines_are_not_without(session, town, gate):
    permit = make_permit(session, make_vehicle(session, town.compound("A")))
    make_pass(session, gate, permit.plate, permit=permit)
    came(session, gate, make_visit(session, town.compound("A")))
    drop_off = register_drop_off(session, town.community, plate=CAR, actor=OFFICE, at=AT)
    came(session, gate, drop_off)
    make_pass(session, gate, "粤EA234警", kind=PassKind.SERVICE)
    make_pass(session, gate, None)
    assert cars_without_permit(session, town.community, AT) == []


@pytest.mark.parametrize("state", [PermitState.REVOKED, PermitState.REPLACED])
def test_a_car_whose_permit_has_ended_is_without_one(session, town, gate, state):
    permit = make_permit(session, make_vehicle(session, town.compound("A")), state)
    make_pass(session, gate, permit.plate, permit=permit)
    assert [one.plate for one in cars_without_permit(session, town.community, AT)] == [permit.plate]


def test_the_last_seen_stand_first_and_a_long_list_is_cut(session, town, gate):
    for number in range(3):
        make_pass(session, gate, plate(number), at=AT - number * MINUTE)
    seen = cars_without_permit(session, town.community, AT, limit=2)
    assert [one.plate for one in seen] == [plate(0), plate(1)]
