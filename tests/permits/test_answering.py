from datetime import timedelta

import pytest

from permits.answering import (
    AnswerMissing,
    CarNotRegistered,
    LookBackTooEarly,
    PhotoMissing,
    ReportAnswered,
    ReportClosed,
    ReportConfirmed,
    ReportNotAnswered,
    answer_report,
    confirm_report,
    look_back,
)
from permits.infringement import InfringementKind, ReportState, StepKind
from permits.warning import WarningStep
from permits.watch_rules import WatchRules, change_rules
from records.photo import NotAPhoto
from tests.factories import AT, OFFICE, make_report, make_town, make_vehicle, photo_file

GUARD = "user:7"
PLATE = "粤E12345"
HOUR = timedelta(hours=1)
RULES = WatchRules()


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def report(session, town):
    return make_report(session, town.community, PLATE)


@pytest.fixture
def look(session, town):
    def look(report, at, found=StepKind.GONE, photo=photo_file()):  # noqa: B008 - bytes
        look_back(
            session, report, found, " seen ", photo=photo, files=town.files, actor=GUARD, at=at
        )

    return look


def test_an_answer_sets_the_time_of_the_look_back_and_a_fire_lanes_comes_first(
    session, town, report
):
    due = answer_report(session, report, " owner rung ", actor=GUARD, at=AT)
    assert due == report.look_back_due == AT + RULES.look_back_hours * HOUR
    assert [(one.kind, one.words, one.by) for one in report.steps] == [
        (StepKind.ANSWERED, "owner rung", GUARD)
    ]
    urgent = make_report(session, town.community, kind=InfringementKind.FIRE_LANE)
    assert answer_report(session, urgent, "towed", actor=GUARD, at=AT) == AT + HOUR


def test_the_community_sets_the_time_of_the_look_back(session, town, report):
    rules = WatchRules(look_back_hours=48)
    change_rules(session, town.community, rules, actor=OFFICE, at=AT)
    assert answer_report(session, report, "rung", actor=GUARD, at=AT) == AT + 48 * HOUR


def test_a_look_back_at_the_set_time_closes_the_report_with_its_photo(session, town, report, look):
    due = answer_report(session, report, "rung", actor=OFFICE, at=AT)
    look(report, due)
    assert (report.state, report.closed_at, report.closed_by) == (ReportState.CLOSED, due, GUARD)
    assert town.files.read(report.steps[-1].photo_sha256).startswith(b"\xff\xd8")


def test_what_is_found_unchanged_is_open_again_until_it_is_put_right(session, report, look):
    due = answer_report(session, report, "rung", actor=OFFICE, at=AT)
    look(report, due, StepKind.UNCHANGED)
    assert (report.state, report.times_reopened) == (ReportState.OPEN, 1)
    look(report, answer_report(session, report, "towed", actor=OFFICE, at=due))
    assert report.state == ReportState.CLOSED
    assert [one.words for one in report.steps] == ["rung", "seen", "towed", "seen"]


def test_every_step_out_of_turn_is_refused_by_its_name(session, report, look):
    with pytest.raises(ReportNotAnswered):
        look(report, AT)
    with pytest.raises(AnswerMissing):
        answer_report(session, report, " ", actor=OFFICE, at=AT)
    due = answer_report(session, report, "rung", actor=OFFICE, at=AT)
    with pytest.raises(ReportAnswered):
        answer_report(session, report, "again", actor=OFFICE, at=AT)
    with pytest.raises(LookBackTooEarly):
        look(report, due - timedelta(seconds=1))
    with pytest.raises(PhotoMissing):
        look(report, due, photo=None)
    with pytest.raises(NotAPhoto):
        look(report, due, photo=b"no picture")
    assert report.state == ReportState.ANSWERED
    look(report, due)
    with pytest.raises(ReportClosed):
        look(report, due)
    with pytest.raises(ReportClosed):
        answer_report(session, report, "again", actor=OFFICE, at=due)


def test_a_report_counts_for_its_car_only_once_it_is_confirmed_and_only_once(session, town, report):
    with pytest.raises(CarNotRegistered):
        confirm_report(session, report, actor=OFFICE, at=AT)
    make_vehicle(session, town.compound("A"), PLATE)
    assert confirm_report(session, report, actor=OFFICE, at=AT).step == WarningStep.REMINDER
    with pytest.raises(ReportConfirmed):
        confirm_report(session, report, actor=OFFICE, at=AT)
