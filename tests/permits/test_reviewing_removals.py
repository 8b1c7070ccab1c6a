import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.allotting import Limits, Taken
from permits.plate_list import Outcome
from permits.reading import ListRow
from permits.reviewing import NO_HOUSEHOLD, Register, Registered, parse_rows, review
from permits.reviewing_removals import review_removals

pytestmark = pytest.mark.anywhere

OURS, THEIRS = 1, 2
FLAT, NEXT_DOOR = ("3", "2", "501"), ("3", "2", "502")
REGISTER = Register(
    OURS,
    Limits(1),
    {
        "粤E00001": Registered(1, OURS, FLAT, None),
        "粤E00002": Registered(2, THEIRS, FLAT, None),
    },
    taken=Taken({FLAT: 1}, 1),
)


def rows(*texts, household=NO_HOUSEHOLD):
    return parse_rows(
        [ListRow("", number, text, "", "", *household) for number, text in enumerate(texts, 2)]
    )


def outcomes(reviewed):
    return [one.outcome for one in reviewed]


def test_of_the_own_cars_those_that_are_named_go():
    found = review_removals(rows("粤e·00001", "粤E00001", "粤EO0001", ""), REGISTER)
    assert outcomes(found) == [
        Outcome.REMOVED,
        Outcome.DUPLICATE_IN_LIST,
        Outcome.INVALID_PLATE,
        Outcome.MISSING_PLATE,
    ]


def test_of_a_car_that_is_not_ours_nobody_learns_whether_another_compound_has_it():
    theirs, nobodys = review_removals(rows("粤E00002", "粤E00009"), REGISTER)
    told = [(one.outcome, one.reason, one.claimed_by, one.facts) for one in (theirs, nobodys)]
    assert told == [(Outcome.NOT_IN_REGISTER, "not_in_register", None, {})] * 2


def test_a_flat_that_differs_from_the_registers_is_remarked():
    for named, remarks in ((NO_HOUSEHOLD, ()), (FLAT, ()), (NEXT_DOOR, ("other_flat",))):
        [one] = review_removals(rows("粤E00001", household=named), REGISTER)
        assert (one.outcome, one.remarks) == (Outcome.REMOVED, remarks)


@given(
    st.lists(st.sampled_from(["粤E00001", "粤E00002", "粤E00003", "粤EO0003", ""]), max_size=8),
    st.sets(st.integers(0, 7)),
    st.booleans(),
)
def test_what_is_left_out_counts_for_nothing(texts, left_out, removes):
    """The other rows are reviewed as if it had never stood in the list: order, quota, moves."""

    def reviewed(parsed, left_out=()):
        if removes:
            return review_removals(parsed, REGISTER, left_out)
        return review(parsed, REGISTER, lambda owner, phone: b"", left_out)

    parsed = rows(*texts, household=FLAT)
    found = reviewed(parsed, left_out)
    others = [one for at, one in enumerate(found) if at not in left_out]
    assert others == reviewed([one for at, one in enumerate(parsed) if at not in left_out])
    assert {one.outcome for at, one in enumerate(found) if at in left_out} <= {Outcome.LEFT_OUT}
