"""Patrols in Python; `tests/browser/test_patrol.py` runs the same cases in the browser."""

from datetime import time

import pytest

from permits.gate import Decision, ZoneWindow
from permits.patrol import Finding, find
from permits.verdicts import VERDICT_OF, Reason
from tests.vectors import reading

pytestmark = pytest.mark.anywhere

CASES = reading.document("patrol")["cases"]


def moment(text):
    return time.fromisoformat(text) if text else None


def decision(case):
    windows = [
        ZoneWindow(one["zone"], moment(one["starts"]), moment(one["ends"])) for one in case["zones"]
    ]
    reasons = tuple(Reason(one) for one in case["reasons"])
    return Decision(VERDICT_OF[reasons[0]], reasons, zones=tuple(windows))


@pytest.mark.parametrize("case", [pytest.param(one, id=one["name"]) for one in CASES])
def test_a_parked_car_is_what_its_case_expects(case):
    found = find(decision(case), case["zone"], moment(case["time"]))
    assert {"finding": found.finding, "zones": list(found.zones)} == case["expected"]


def test_every_finding_is_reached_by_a_case():
    assert {case["expected"]["finding"] for case in CASES} == set(Finding)


def test_cases_have_names_of_their_own():
    assert len({case["name"] for case in CASES}) == len(CASES)
