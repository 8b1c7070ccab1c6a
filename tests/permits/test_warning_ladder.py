import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.answering import confirm_report
from permits.ending import ReasonMissing
from permits.suspending import suspend
from permits.vehicles import VehicleState
from permits.warning import WarningStep
from permits.warning_ladder import (
    WarningUsed,
    WarningWithdrawn,
    most_together,
    withdraw_warning,
)
from permits.watch_rules import StepsDoNotRise, WatchRules, change_rules, rules_of
from records.ledger import LedgerEntry
from tests.factories import (
    AT,
    OFFICE,
    make_community,
    make_permit,
    make_report,
    make_vehicle,
    make_warning,
)

PLATE = "粤E12345"
DAY = timedelta(days=1)
RULES = WatchRules()
REMINDER, WARNING, PROPOSED = WarningStep


@pytest.fixture
def community(session):
    return make_community(session, "AB")


@pytest.fixture
def vehicle(session, community):
    return make_vehicle(session, community.compounds[0], PLATE)


@pytest.fixture
def confirm(session, community):
    """Confirm a report of a car seen at a moment, and return the step."""

    def confirm(at):
        report = make_report(session, community, PLATE, at=at)
        warning = confirm_report(session, report, actor=OFFICE, at=AT + 90 * DAY)
        return warning and warning.step

    return confirm


def test_each_confirmed_report_of_another_day_is_the_next_step(vehicle, confirm):
    steps = [confirm(AT + place * DAY) for place in range(4)]
    assert steps == [REMINDER, WARNING, PROPOSED, PROPOSED]


def test_the_order_in_which_staff_confirm_does_not_matter(vehicle, confirm):
    assert [confirm(AT - place * DAY) for place in range(3)] == [REMINDER, WARNING, PROPOSED]


def test_a_car_climbs_one_step_a_day_however_many_neighbours_report_it(vehicle, confirm):
    assert [confirm(AT), confirm(AT + timedelta(minutes=5))] == [REMINDER, None]


def test_reports_that_lie_further_apart_than_the_communitys_days_begin_anew(vehicle, confirm):
    within = RULES.within_days * DAY
    assert [confirm(AT), confirm(AT - within)] == [REMINDER, REMINDER]
    assert confirm(AT + within - timedelta(seconds=1)) == WARNING


@pytest.mark.parametrize(
    ("days", "most"), [([], 1), ([1, 2], 3), ([-9, 9], 2), ([-10, 10], 1), ([-4, -3, 6], 3)]
)
def test_only_what_lies_in_one_span_of_time_counts_together(days, most):
    others = [AT + day * DAY for day in days]
    assert most_together(others, AT, 10 * DAY) == most


def test_a_car_that_leaves_the_register_and_comes_back_keeps_its_steps(
    session, community, vehicle, confirm
):
    confirm(AT)
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, AT
    session.flush()
    make_vehicle(session, community.compounds[1], PLATE)
    assert confirm(AT + DAY) == WARNING


def test_a_warning_that_is_taken_back_counts_no_longer(session, vehicle, confirm):
    warning = make_warning(session, vehicle)
    with pytest.raises(ReasonMissing):
        withdraw_warning(session, warning, " ", actor=OFFICE, at=AT)
    withdraw_warning(session, warning, "the wrong car", actor=OFFICE, at=AT)
    assert confirm(AT + DAY) == REMINDER
    with pytest.raises(WarningWithdrawn):
        withdraw_warning(session, warning, "again", actor=OFFICE, at=AT)


def test_a_warning_on_which_a_permit_is_suspended_is_not_taken_back(session, vehicle):
    make_permit(session, vehicle)
    warning = make_warning(session, vehicle, RULES.suspension_at)
    suspend(session, warning, "three times", days=1, actor=OFFICE, at=AT)
    with pytest.raises(WarningUsed):
        withdraw_warning(session, warning, "the wrong car", actor=OFFICE, at=AT)


def test_the_community_sets_its_ladder_and_the_ledger_has_it(session, community, vehicle, confirm):
    steep = WatchRules(warning_at=2, suspension_at=3, within_days=2)
    change_rules(session, community, steep, actor=OFFICE, at=AT)
    assert rules_of(session, community.id) == steep
    assert [confirm(AT), confirm(AT + 2 * DAY)] == [REMINDER, REMINDER]
    with pytest.raises(StepsDoNotRise):
        change_rules(
            session, community, WatchRules(warning_at=3, suspension_at=3), actor=OFFICE, at=AT
        )
    entered = session.scalars(select(LedgerEntry).where(LedgerEntry.act == "watch.rules_changed"))
    assert [one.details["within_days"] for one in entered] == [2]


def test_each_step_is_in_the_ledger_without_the_plate(session, vehicle, confirm):
    confirm(AT)
    [entry] = session.scalars(select(LedgerEntry))
    assert (entry.act, entry.subject) == ("warning.given", f"vehicle:{vehicle.id}")
    assert PLATE[1:] not in json.dumps(entry.details)
