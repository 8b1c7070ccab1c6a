from datetime import timedelta

import pytest
from sqlalchemy import event

from permits.answering import answer_report
from permits.approving import settle_conflict
from permits.inbox import InboxKind, waiting, waiting_counts
from permits.infringement import InfringementKind
from permits.permit import PermitState
from permits.plate_list import ConflictDecision
from permits.requesting import ask_to_leave
from permits.suspending import contest, suspend
from permits.verdicts import Verdict
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    list_csv,
    make_community,
    make_pass,
    make_permit,
    make_report,
    make_town,
    make_vehicle,
    make_waiting_car,
    make_warning,
    submit_list,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def all_kinds(session, town):
    """One of everything that can wait, each an hour younger than the one before."""
    a, b = town.compound("A"), town.compound("B")
    claimed = make_vehicle(session, b)
    make_permit(session, claimed, PermitState.HANDED_OVER)
    lists = submit_list(session, a, list_csv(claimed.plate), files=town.files, at=AT - 9 * HOUR)
    make_report(session, town.community, "粤E00001", compound=a, at=AT - 8 * HOUR)
    answered = make_report(session, town.community, "粤E00002", compound=b, at=AT - 40 * DAY)
    answer_report(session, answered, "rung", actor=OFFICE, at=answered.at)
    answered.look_back_due = AT - 7 * HOUR
    warned = make_vehicle(session, a)
    make_permit(session, warned, PermitState.HANDED_OVER)
    make_warning(session, warned, count=3, at=AT - 6 * HOUR)
    suspended = make_vehicle(session, b)
    make_permit(session, suspended, PermitState.HANDED_OVER)
    suspension = suspend(
        session, make_warning(session, suspended, count=3), "x", days=9, actor=OFFICE, at=AT - DAY
    )
    contest(session, suspension, "not me", actor=REPRESENTATIVE, at=AT - 5 * HOUR)
    gate = town.community.gates[0]
    make_pass(session, gate, "粤E00003", known=Verdict.REFUSE, at=AT - 4 * HOUR)
    make_vehicle(session, a).added_at = AT - 3 * HOUR
    make_permit(session, make_vehicle(session, a)).issued_at = AT - 2 * HOUR
    make_permit(session, make_vehicle(session, a), PermitState.PRINTED).printed_at = AT - HOUR
    make_waiting_car(session, b).place_since = AT - HOUR / 3
    ask_to_leave(session, warned, with_all=False, actor=REPRESENTATIVE, at=AT - HOUR / 2)
    session.flush()
    return lists


def kinds(session, town, **more):
    return [one.kind for one in waiting(session, town.community, AT, limit=50, **more)]


def test_everything_that_waits_stands_in_one_list_the_oldest_first(session, town, all_kinds):
    found = waiting(session, town.community, AT, limit=50)
    assert {one.kind for one in found} == set(InboxKind)
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_one_kind_can_be_chosen_and_a_long_list_is_cut(session, town, all_kinds):
    report, *_of_warnings = waiting(session, town.community, AT, InboxKind.REPORT, limit=50)
    assert (report.text, report.at) == ("粤E00001", AT - 8 * HOUR)
    assert report.compound is town.compound("A")
    whole = kinds(session, town)
    cut = [one.kind for one in waiting(session, town.community, AT, limit=3, offset=2)]
    assert cut == whole[2:5]


def test_cards_are_counted_together_by_compound_since_the_oldest(session, town):
    for letter, hours in (("A", 2), ("A", 5), ("B", 1)):
        make_permit(
            session, make_vehicle(session, town.compound(letter)), PermitState.PRINTED
        ).printed_at = AT - hours * HOUR
    session.flush()
    found = waiting(session, town.community, AT, InboxKind.HAND_OUT, limit=50)
    assert [(one.compound.letter, one.amount, one.at) for one in found] == [
        ("A", 2, AT - 5 * HOUR),
        ("B", 1, AT - HOUR),
    ]
    count = waiting_counts(session, town.community, AT)[InboxKind.HAND_OUT]
    assert (count.entries, count.things) == (2, 3)


def test_what_is_decided_waits_no_longer(session, town, all_kinds):
    [row] = all_kinds.rows
    settle_conflict(session, row, ConflictDecision.KEEP, "seen", actor=OFFICE, at=AT)
    session.flush()
    assert InboxKind.CONFLICT not in kinds(session, town)
    assert InboxKind.LIST in kinds(session, town)


def test_a_look_back_waits_once_it_is_due(session, town):
    report = make_report(session, town.community, "粤E00001", InfringementKind.WRONG_ZONE)
    due = answer_report(session, report, "rung", actor=OFFICE, at=AT)
    assert not waiting(session, town.community, due - HOUR, limit=5)
    [entry] = waiting(session, town.community, due, limit=5)
    assert (entry.kind, entry.at) == (InboxKind.LOOK_BACK, due)


def test_another_communitys_work_is_not_in_the_inbox(session, town, all_kinds):
    elsewhere = make_community(session, "A", number=2)
    assert not waiting(session, elsewhere, AT, limit=5)
    assert not any(one.things for one in waiting_counts(session, elsewhere, AT).values())


def test_an_inbox_of_any_length_costs_one_query(session, town, all_kinds):
    asked, community = [], town.community
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert len(waiting(session, community, AT, limit=50)) >= len(InboxKind)
    assert len(asked) == 1
