import pytest

from permits.difference import CarChange, Change, difference, difference_of
from permits.mending import leave_out
from permits.plate_list import ListMeaning
from permits.reviewing import NO_HOUSEHOLD
from tests.factories import SEALER, draft_list, list_csv, make_town, make_vehicle

FLAT, NEXT_DOOR, TENTH = ("3", "", "501"), ("3", "", "502"), ("10", "", "101")


@pytest.mark.anywhere
def test_a_car_that_moves_stands_in_both_households_and_the_totals_add_up():
    change = difference(
        [
            CarChange("粤E00001", Change.MOVED, FLAT, NEXT_DOOR),
            CarChange("粤E00002", Change.ADDED, None, TENTH),
            CarChange("粤E00003", Change.REMOVED, FLAT, None),
            CarChange("粤E00004", Change.UPDATED, NEXT_DOOR, NEXT_DOOR),
        ],
        {FLAT: 2, NEXT_DOOR: 1, NO_HOUSEHOLD: 4},
        7,
    )
    assert (change.before, change.after, change.kept) == (7, 7, 4)
    found = [
        (one.household, one.before, one.after, [car.plate for car in one.cars])
        for one in change.households
    ]
    assert found == [
        (FLAT, 2, 0, ["粤E00001", "粤E00003"]),
        (NEXT_DOOR, 1, 2, ["粤E00001", "粤E00004"]),
        (TENTH, 0, 1, ["粤E00002"]),
    ]


def test_a_whole_list_shows_who_comes_moves_stays_and_goes(session, tmp_path):
    town = make_town(session, tmp_path)
    compound = town.compound("A")
    for plate, flat in (("粤E00001", "3-501"), ("粤E00002", "3-502"), ("粤E00003", None)):
        make_vehicle(session, compound, plate, flat)
    make_vehicle(session, town.compound("B"), "粤E00008", "3-501")
    content = list_csv(
        ("粤E00001", "3-502"), "粤E00002", ("粤E00007", "3-501"), "粤E00008", "粤EO0009"
    )
    draft = draft_list(session, compound, content, files=town.files, meaning=ListMeaning.WHOLE)
    change = difference_of(session, draft)
    assert change.counts == {
        Change.ADDED: 1,
        Change.MOVED: 1,
        Change.UPDATED: 0,
        Change.REMOVED: 1,
    }
    assert (change.before, change.after, change.kept) == (3, 3, 1)
    assert [one.household for one in change.households] == [NO_HOUSEHOLD, FLAT, NEXT_DOOR]

    leave_out(session, draft.rows[0], SEALER)
    change = difference_of(session, draft)
    assert (change.counts[Change.MOVED], change.counts[Change.REMOVED], change.kept) == (0, 1, 2)
