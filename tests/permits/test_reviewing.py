from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from permits.allotting import Limits, Taken
from permits.plate_list import APPLIED, Outcome
from permits.reading import ListRow
from permits.reviewing import (
    NO_HOUSEHOLD,
    Register,
    Registered,
    parse_rows,
    plates_among,
    review,
)

pytestmark = pytest.mark.anywhere

OURS, THEIRS = 1, 2
FLAT, NEXT_DOOR = ("3", "2", "501"), ("3", "2", "502")


def digest(owner, phone):
    return f"{owner}|{phone}".encode()


def row(raw, household=FLAT, *, number=2, owner="张三", phone="13800138000"):
    building, unit, room = household
    return ListRow("清单", number, raw, owner, phone, building, unit, room)


def registered(household=FLAT, *, compound=OURS, owner="张三", phone="13800138000"):
    return Registered(9, compound, household, digest(owner, phone))


def reviewed(*rows, register=None):
    return review(parse_rows(rows, "粤"), register or Register(OURS), digest)


def outcomes(*rows, register=None):
    return [(one.outcome, one.reason) for one in reviewed(*rows, register=register)]


def test_a_new_car_is_accepted():
    assert outcomes(row("粤E·12345")) == [(Outcome.ACCEPTED, "new_vehicle")]


def test_a_registered_car_is_unchanged():
    register = Register(OURS, vehicles={"粤E12345": registered()})
    assert outcomes(row("粤E12345"), register=register) == [(Outcome.UNCHANGED, "unchanged")]


def test_a_list_that_names_no_more_than_the_plate_takes_nothing_away():
    register = Register(OURS, vehicles={"粤E12345": registered()})
    bare = row("粤E12345", NO_HOUSEHOLD, owner="", phone="")
    assert outcomes(bare, register=register) == [(Outcome.UNCHANGED, "unchanged")]


@pytest.mark.parametrize("news", [{"owner": "李四"}, {"phone": "13900139000"}])
def test_a_new_name_or_phone_is_brought_up_to_date(news):
    register = Register(OURS, vehicles={"粤E12345": registered()})
    assert outcomes(row("粤E12345", **news), register=register) == [
        (Outcome.ACCEPTED, "details_changed")
    ]


def test_a_car_that_moves_to_another_flat_needs_attention():
    register = Register(OURS, vehicles={"粤E12345": registered()})
    assert outcomes(row("粤E12345", NEXT_DOOR), register=register) == [
        (Outcome.NEEDS_ATTENTION, "household_differs")
    ]


def test_of_the_same_plate_twice_the_first_row_counts():
    first, second = reviewed(row("粤E12345", number=2), row("粤e-12345", NEXT_DOOR, number=7))
    assert (first.outcome, second.outcome) == (Outcome.ACCEPTED, Outcome.DUPLICATE_IN_LIST)
    assert second.facts == {"first_sheet": "清单", "first_row": 2}


def test_a_registered_plate_twice_in_a_list_is_unchanged_and_a_duplicate():
    register = Register(OURS, vehicles={"粤E12345": registered()})
    assert [one for one, _ in outcomes(row("粤E12345"), row("粤E12345"), register=register)] == [
        Outcome.UNCHANGED,
        Outcome.DUPLICATE_IN_LIST,
    ]


def test_a_second_row_saves_no_plate_whose_first_row_is_over_quota_or_a_conflict():
    register = Register(
        OURS,
        limits=Limits(cars=1),
        vehicles={"粤E99999": registered(compound=THEIRS)},
        taken=Taken({FLAT: 1}),
    )
    rows = [
        row("粤E12345"),
        row("粤E12345", NEXT_DOOR),
        row("粤E99999"),
        row("粤E99999", NEXT_DOOR),
    ]
    assert [one for one, _ in outcomes(*rows, register=register)] == [
        Outcome.OVER_QUOTA,
        Outcome.DUPLICATE_IN_LIST,
        Outcome.CONFLICT,
        Outcome.DUPLICATE_IN_LIST,
    ]


def test_a_car_of_another_compound_is_a_conflict_with_it():
    register = Register(OURS, vehicles={"粤E12345": registered(compound=THEIRS)})
    (one,) = reviewed(row("粤E12345"), register=register)
    assert (one.outcome, one.reason) == (Outcome.CONFLICT, "registered_elsewhere")
    assert one.claimed_by == THEIRS


def test_a_car_that_another_compound_has_handed_in_is_a_conflict_with_it():
    register = Register(OURS, pending={"粤E12345": THEIRS})
    (one,) = reviewed(row("粤E12345"), register=register)
    assert (one.outcome, one.reason) == (Outcome.CONFLICT, "claimed_elsewhere")
    assert one.claimed_by == THEIRS


def test_a_claim_of_another_compound_does_not_touch_a_car_we_have():
    register = Register(OURS, vehicles={"粤E12345": registered()}, pending={"粤E12345": THEIRS})
    assert outcomes(row("粤E12345"), register=register) == [(Outcome.UNCHANGED, "unchanged")]


def test_a_wrong_plate_says_why_and_what_was_meant():
    (one,) = reviewed(row("粤EO2345"))
    assert (one.outcome, one.reason, one.plate) == (Outcome.INVALID_PLATE, "letter_o_or_i", None)
    assert one.facts == {"position": 3, "character": "O", "suggestion": "粤E02345"}


def test_a_plate_without_its_province_is_suggested_with_the_local_one():
    (one,) = reviewed(row("E12345"))
    assert (one.reason, one.facts["suggestion"]) == ("province_missing", "粤E12345")


def test_the_same_wrong_plate_twice_is_wrong_twice():
    assert {one for one, _ in outcomes(row("粤EO2345"), row("粤EO2345"))} == {Outcome.INVALID_PLATE}


def test_a_row_without_a_plate_is_named():
    assert outcomes(row("")) == [(Outcome.MISSING_PLATE, "missing_plate")]


@pytest.mark.parametrize(
    ("plate", "reason"),
    [
        ("粤E12345临", "temporary_plate"),
        ("粤E1234警", "service_vehicle"),
        ("WJ粤12345", "service_vehicle"),
        ("VA12345", "service_vehicle"),
        ("粤X1234应急", "service_vehicle"),
    ],
)
def test_temporary_and_service_plates_need_attention(plate, reason):
    assert outcomes(row(plate)) == [(Outcome.NEEDS_ATTENTION, reason)]


def test_the_quota_counts_the_register_and_the_rows_before():
    register = Register(OURS, limits=Limits(cars=3), taken=Taken({FLAT: 1}))
    rows = [row(f"粤E1234{n}") for n in range(3)]
    first, second, third = reviewed(*rows, register=register)
    assert [first.outcome, second.outcome] == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert (third.outcome, third.facts) == (
        Outcome.OVER_QUOTA,
        {"quota": 3, "count": 3, "places": None, "waits": True},
    )


def test_neither_refused_nor_registered_rows_use_up_the_quota():
    register = Register(
        OURS,
        limits=Limits(cars=2),
        vehicles={"粤E00001": registered(), "粤E00002": registered(compound=THEIRS)},
        taken=Taken({FLAT: 1}),
    )
    rows = [row(raw) for raw in ("粤E00001", "粤E00002", "粤EO0003", "", "粤E00001", "粤E00004")]
    assert outcomes(*rows, register=register)[-1] == (Outcome.ACCEPTED, "new_vehicle")


def test_each_household_has_a_quota_of_its_own():
    register = Register(OURS, limits=Limits(cars=1))
    rows = [row("粤E12345"), row("粤E12346", NEXT_DOOR)]
    assert {one for one, _ in outcomes(*rows, register=register)} == {Outcome.ACCEPTED}


def test_a_car_moves_only_into_a_flat_that_has_room():
    register = Register(
        OURS,
        limits=Limits(cars=1),
        vehicles={"粤E12345": registered()},
        taken=Taken({FLAT: 1, NEXT_DOOR: 1}),
    )
    assert outcomes(row("粤E12345", NEXT_DOOR), register=register) == [
        (Outcome.OVER_QUOTA, "over_quota")
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_a_car_that_moves_out_makes_room_for_another_whichever_row_stands_first(order):
    register = Register(
        OURS, limits=Limits(cars=1), vehicles={"粤E12345": registered()}, taken=Taken({FLAT: 1})
    )
    rows = [row("粤E12345", NEXT_DOOR), row("粤E12346", FLAT)]
    assert outcomes(*rows[::order], register=register)[::order] == [
        (Outcome.NEEDS_ATTENTION, "household_differs"),
        (Outcome.ACCEPTED, "new_vehicle"),
    ]


def test_cars_follow_each_other_from_flat_to_flat():
    third = ("3", "2", "503")
    register = Register(
        OURS,
        limits=Limits(cars=1),
        vehicles={"粤E12345": registered(), "粤E12346": registered(NEXT_DOOR)},
        taken=Taken({FLAT: 1, NEXT_DOOR: 1}),
    )
    rows = [row("粤E12345", NEXT_DOOR), row("粤E12346", third)]
    assert {one for one, _ in outcomes(*rows, register=register)} == {Outcome.NEEDS_ATTENTION}


@pytest.mark.parametrize("household", [NO_HOUSEHOLD, ("3", "", ""), ("3", "2", "")])
def test_where_there_is_a_quota_a_car_without_a_flat_needs_attention(household):
    rows = [row(f"粤E1234{n}", household) for n in range(3)]
    assert set(outcomes(*rows, register=Register(OURS, limits=Limits(cars=1)))) == {
        (Outcome.NEEDS_ATTENTION, "household_needed_for_quota")
    }


def test_without_a_quota_a_car_needs_no_flat():
    assert outcomes(row("粤E12345", NO_HOUSEHOLD)) == [(Outcome.ACCEPTED, "new_vehicle")]


@pytest.mark.parametrize(
    ("change", "remarks"),
    [
        ({}, ()),
        ({"owner": ""}, ("owner_missing",)),
        ({"owner": "张三2"}, ("owner_odd",)),
        ({"phone": ""}, ("phone_missing",)),
        ({"phone": "1380013800"}, ("phone_odd",)),
        ({"phone": "1.38E+10"}, ("phone_odd",)),
        ({"phone": "138-0013-8000"}, ()),
        ({"phone": "+86 138 0013 8000"}, ()),
        ({"phone": "0757-83123456"}, ()),
        ({"room": ""}, ("room_missing",)),
        ({"building": "", "unit": "", "room": ""}, ("household_missing",)),
    ],
)
def test_what_is_missing_or_odd_is_a_remark_and_refuses_nothing(change, remarks):
    (one,) = reviewed(replace(row("粤E12345"), **change))
    assert (one.outcome, one.remarks) == (Outcome.ACCEPTED, remarks)


def test_plates_among_names_each_plate_once_in_order():
    rows = [row(raw) for raw in ("粤E2·2222", "粤E11111", "粤EO1111", "", "粤E22222")]
    assert plates_among(parse_rows(rows)) == ["粤E22222", "粤E11111"]


lists = st.lists(
    st.builds(
        row,
        st.sampled_from(
            [
                "粤E00001",
                "粤e·00001",
                "粤E00002",
                "粤E00003",
                "粤E1234警",
                "粤EO0004",
                "",
                "粤E00009",
            ]
        ),
        st.sampled_from([FLAT, NEXT_DOOR, NO_HOUSEHOLD, ("3", "", "")]),
        owner=st.sampled_from(["张三", "李四", ""]),
        phone=st.sampled_from(["13800138000", "x", ""]),
    ),
    max_size=10,
)


@st.composite
def registers(draw):
    """A register with some of the listed cars, whose flats keep to the quota."""
    quota = draw(st.sampled_from([None, 1, 2]))
    plates = st.sampled_from(["粤E00001", "粤E00002", "粤E00003", "粤E00005"])
    where = draw(st.dictionaries(plates, st.sampled_from([FLAT, NEXT_DOOR, NO_HOUSEHOLD])))
    ours = {plate: registered(household) for plate, household in where.items()}
    counts = Counter(where.values())
    assume(quota is None or max(counts[FLAT], counts[NEXT_DOOR]) <= quota)
    others = {"粤E00009": registered(compound=THEIRS)}
    limits, taken = Limits(cars=quota), Taken(counts, counts.total())
    return Register(OURS, limits, {**ours, **others}, taken=taken)


def applied(register, rows):
    """The register after the list was approved: what a row does not name stays."""
    vehicles = dict(register.vehicles)
    for one in rows:
        if one.outcome not in APPLIED:
            continue
        known = vehicles.get(one.plate.text, Registered(1, OURS, NO_HOUSEHOLD, None))
        household = known.household if one.household == NO_HOUSEHOLD else one.household
        details = one.details_digest or known.details_digest
        vehicles[one.plate.text] = Registered(1, OURS, household, details)
    ours = [one.household for one in vehicles.values() if one.compound_id == OURS]
    return replace(register, vehicles=vehicles, taken=Taken(Counter(ours), len(ours)))


@given(lists, registers())
def test_sending_the_same_list_again_changes_nothing(rows, register):
    first = reviewed(*rows, register=register)
    again = reviewed(*rows, register=applied(register, first))
    for before, after in zip(first, again, strict=True):
        kept = Outcome.UNCHANGED if before.outcome in APPLIED else before.outcome
        assert after.outcome == kept


@given(lists, registers())
def test_every_row_gets_one_outcome_and_only_first_rows_are_applied(rows, register):
    read = reviewed(*rows, register=register)
    assert [one.source for one in read] == rows
    plates = [one.plate.text for one in read if one.outcome in APPLIED]
    assert len(plates) == len(set(plates))


@given(lists, registers())
def test_no_household_ever_gets_over_its_quota(rows, register):
    after = applied(register, reviewed(*rows, register=register))
    quota = register.limits.cars
    flats = [count for flat, count in after.taken.by_unit.items() if flat[2]]
    assert quota is None or max(flats, default=0) <= quota


@given(st.lists(st.text(alphabet="粤E0123O ", max_size=9)), registers())
def test_nothing_but_the_plate_decides_between_accepted_and_invalid(raws, register):
    bare = reviewed(*(row(raw, NO_HOUSEHOLD, owner="", phone="") for raw in raws))
    full = reviewed(*(row(raw) for raw in raws))
    assert [one.outcome for one in bare] == [one.outcome for one in full]
