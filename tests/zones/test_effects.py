from datetime import time

import pytest

from tests.factories import compound_of, make_community, make_zone
from zones.effects import Held, Hours, effects_of, losers
from zones.plans import Opening, ZonePlan

DAY, NIGHT = Hours(time(7), time(20)), Hours(time(20), time(7))


@pytest.fixture
def community(session):
    return make_community(session, "ABC")


@pytest.fixture
def plan_of(session, community):
    """Return an unsaved plan of openings such as "A A1" or "B S1 night 30"."""
    zones = {
        code: make_zone(session, community, code, spaces)
        for code, spaces in (("A1", 10), ("B1", 20), ("S1", 40))
    }

    def opening(words):
        letter, code, *more = words.split()
        hours = {"starts": NIGHT.starts, "ends": NIGHT.ends} if "night" in more else {}
        spaces = next((int(one) for one in more if one.isdecimal()), None)
        compound = compound_of(community, letter)
        return Opening(
            zone=zones[code],
            zone_id=zones[code].id,
            compound=compound,
            compound_id=compound.id,
            spaces=spaces,
            **hours,
        )

    with session.no_autoflush:
        yield lambda *openings: ZonePlan(openings=[opening(one) for one in openings])
        session.expunge_all()


@pytest.fixture
def effect(community, plan_of):
    """Return what a step from some openings to others changes for a compound."""

    def effect(letter, before, after):
        effects = effects_of(plan_of(*after), plan_of(*before), community.compounds)
        return next(one for one in effects if one.compound.letter == letter)

    return effect


def gains(effect):
    return [(one.hours, one.before.spaces, one.after.spaces) for one in effect.shifts]


def test_spaces_are_counted_by_the_hours_at_which_they_are_open(effect):
    before, after = ["A A1", "B B1"], ["A A1", "A S1 night", "B B1"]
    assert gains(effect("A", before, after)) == [(DAY, 10, 10), (NIGHT, 10, 50)]
    assert gains(effect("B", before, after)) == [(DAY, 20, 20), (NIGHT, 20, 20)]


def test_hours_at_which_nothing_differs_are_one_and_the_whole_day_has_no_ends(effect):
    assert gains(effect("A", ["A A1"], ["A B1"])) == [(Hours(), 10, 20)]


def test_zones_are_told_that_come_that_go_and_that_change(effect):
    told = effect("A", ["A A1", "A S1 night"], ["A B1", "A S1"])
    assert (told.zones_added, told.zones_removed, told.zones_changed) == (["B1"], ["A1"], ["S1"])
    assert (told.spaces_lost, told.loses) == (10, True)


def test_the_scarcest_hours_are_those_that_count_for_a_ratio(effect):
    told = effect("A", ["A A1", "A S1 night"], ["A A1 4", "A S1 night"])
    assert (told.least_before, told.least_after) == (10, 4)


def test_a_space_that_others_may_take_is_not_ones_own(effect):
    told = effect("A", ["A A1"], ["A A1", "B A1 4"])
    assert told.shifts[0].after == Held(spaces=10, alone=6)


@pytest.mark.parametrize(
    ("before", "after", "who"),
    [
        (["A A1", "B B1"], ["A A1", "B B1"], ""),
        (["A A1", "B B1"], ["A A1", "B B1", "C S1"], ""),
        (["A A1", "B B1"], ["B A1", "B B1"], "A"),
        (["A A1"], ["A A1 9"], "A"),
        (["A S1"], ["A S1 night"], "A"),
        # More in all, but somewhere else: whether that is as good is for A to say.
        (["A A1"], ["A B1"], "A"),
        # As many as before, but to be shared from now on.
        (["A S1"], ["A S1", "B S1 night"], "A"),
        # The part that B gets is left over by A.
        (["A S1 30"], ["A S1 30", "B S1 10"], ""),
        (["A S1", "B S1"], ["A S1"], "B"),
    ],
)
def test_who_has_less_anywhere_at_any_hour_or_has_to_share_it_loses(
    community, plan_of, before, after, who
):
    lost = losers(plan_of(*after), plan_of(*before), community.compounds)
    assert [one.letter for one in lost] == list(who)


def test_where_no_plan_is_in_force_everybody_may_lose(community, plan_of):
    assert losers(plan_of("A A1"), None, community.compounds) == community.compounds
    assert all(one.loses for one in effects_of(plan_of("A A1"), None, community.compounds))
