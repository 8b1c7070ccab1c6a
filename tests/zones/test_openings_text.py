from datetime import time

import pytest

from zones.areas import Zone
from zones.openings_text import window_text, zones_line
from zones.plans import Opening

pytestmark = pytest.mark.anywhere


def opening(code, starts=None, ends=None):
    return Opening(zone=Zone(code=code), starts=starts, ends=ends)


def test_a_window_is_shown_with_both_ends_and_all_day_with_none():
    assert window_text(time(20), time(7, 30)) == "20:00–07:30"
    assert window_text(None, None) == ""


def test_zones_open_all_day_come_first_and_then_those_with_hours():
    night = opening("S1", time(20), time(7))
    assert zones_line([night, opening("C1"), opening("C2")]) == "C1 C2 · S1 20:00–07:00"


def test_only_hours_or_nothing_at_all_need_no_separator():
    assert zones_line([opening("S1", time(20), time(7))]) == "S1 20:00–07:00"
    assert zones_line([]) == ""
