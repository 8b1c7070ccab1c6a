import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.deciding import decide_now
from permits.ending import ReasonMissing, revoke
from permits.issuing import issue, replace
from permits.permit import permit_fields
from permits.snapshot import snapshot
from permits.suspending import (
    LONGEST_DAYS,
    AlreadySuspended,
    NoPermitToSuspend,
    NotContestable,
    NotContested,
    NotProposed,
    SuspensionEnded,
    SuspensionTooLong,
    contest,
    lift,
    suspend,
    uphold,
)
from permits.suspension import SuspensionState, contests_query
from permits.token import sign, url
from permits.vehicles import VehicleState
from permits.verdicts import Reason
from permits.warning_ladder import WarningUsed, WarningWithdrawn, withdraw_warning
from permits.watch_rules import WatchRules, change_rules
from records.ledger import LedgerEntry
from tests.factories import (
    AT,
    OFFICE,
    REPRESENTATIVE,
    make_permit,
    make_town,
    make_vehicle,
    make_warning,
)

PLATE = "粤E12345"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MIDNIGHT = AT.replace(hour=16, minute=0)
"""The end of `AT`'s day in Shanghai."""

OK, SUSPENDED = (Reason.OK,), (Reason.SUSPENDED,)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def vehicle(session, town):
    return make_vehicle(session, town.compound("A"), PLATE)


@pytest.fixture
def permit(session, vehicle):
    return make_permit(session, vehicle)


@pytest.fixture
def proposal(session, vehicle, permit):
    return make_warning(session, vehicle, WatchRules().suspension_at)


@pytest.fixture
def suspension(session, proposal):
    return suspend(session, proposal, "three times", days=2, actor=OFFICE, at=AT)


@pytest.fixture
def at_gate(session, town):
    """What a gate says of the car's plate at a moment."""
    return lambda at, **asked: (
        decide_now(session, town.community, at=at, **(asked or {"plate": PLATE})).reasons
    )


def test_a_suspended_permit_is_refused_to_the_end_of_its_last_day(
    session, town, permit, suspension, at_gate
):
    token = sign(permit_fields(permit, town.community), town.keys.private(permit.key_id))
    end = MIDNIGHT + DAY
    assert suspension.ends == end
    for asked in ({"plate": PLATE}, {"scanned": url("https://p.example", token)}):
        assert at_gate(AT - SECOND, **asked) == OK
        assert at_gate(AT, **asked) == at_gate(end - SECOND, **asked) == SUSPENDED
        assert at_gate(end, **asked) == OK


def test_a_phone_without_a_network_has_every_suspension_until_it_ends(
    session, town, permit, suspension
):
    def known(at):
        given = snapshot(session, town.community, gates=[], keys=town.keys, cursor=1, at=at)
        return given["suspended"]

    assert known(AT) == [[permit.number, AT.isoformat(), (MIDNIGHT + DAY).isoformat()]]
    assert known(suspension.ends) == []
    lift(session, suspension, "mistaken", actor=OFFICE, at=AT + DAY)
    assert known(AT + DAY) == []


def test_a_new_card_or_a_new_entry_in_the_register_does_not_get_around_it(
    session, town, vehicle, permit, suspension, at_gate
):
    new = replace(session, permit, "lost", keys=town.keys, actor=OFFICE, at=AT)
    assert at_gate(AT) == SUSPENDED
    revoke(session, new, "moved away", actor=OFFICE, at=AT)
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, AT
    session.flush()
    make_vehicle(session, town.compound("B"), PLATE)
    issue(session, town.community, keys=town.keys, actor=OFFICE, at=AT)
    assert at_gate(AT) == SUSPENDED


def test_nobody_is_suspended_but_on_a_proposal_with_a_reason(session, vehicle, permit, proposal):
    def refused(error, warning=proposal, reason="three times", days=2):
        with pytest.raises(error):
            suspend(session, warning, reason, days=days, actor=OFFICE, at=AT)

    refused(NotProposed, make_warning(session, vehicle, 2))
    refused(ReasonMissing, reason=" ")
    refused(SuspensionTooLong, days=0)
    refused(SuspensionTooLong, days=LONGEST_DAYS + 1)
    other = make_warning(session, vehicle, 4)
    suspend(session, proposal, "three times", days=2, actor=OFFICE, at=AT)
    refused(WarningUsed)
    refused(AlreadySuspended, other)
    withdraw_warning(session, other, "the wrong car", actor=OFFICE, at=AT)
    refused(WarningWithdrawn, other)


def test_a_car_without_a_permit_has_none_to_suspend(session, vehicle):
    warning = make_warning(session, vehicle, 3)
    with pytest.raises(NoPermitToSuspend):
        suspend(session, warning, "three times", days=2, actor=OFFICE, at=AT)


def test_a_contested_suspension_stands_until_it_is_decided(session, town, suspension, at_gate):
    contest(session, suspension, "it was my guest", actor=REPRESENTATIVE, at=AT)
    assert suspension.state(AT) == SuspensionState.CONTESTED
    assert at_gate(AT) == SUSPENDED
    assert len(session.scalars(contests_query(town.community, AT)).all()) == 1
    with pytest.raises(NotContestable):
        contest(session, suspension, "again", actor=REPRESENTATIVE, at=AT)
    uphold(session, suspension, "the photo shows it", actor=OFFICE, at=AT)
    assert (suspension.state(AT), at_gate(AT)) == (SuspensionState.UPHELD, SUSPENDED)
    with pytest.raises(NotContested):
        uphold(session, suspension, "again", actor=OFFICE, at=AT)
    assert suspension.state(suspension.ends) == SuspensionState.OVER


def test_where_the_community_says_so_a_contest_pauses_it_and_its_days_come_later(
    session, town, suspension, at_gate
):
    rules = WatchRules(contest_pauses=True)
    change_rules(session, town.community, rules, actor=OFFICE, at=AT)
    contest(session, suspension, "it was my guest", actor=REPRESENTATIVE, at=AT + SECOND)
    later = AT + 9 * DAY
    assert suspension.state(later) == SuspensionState.PAUSED
    assert at_gate(later) == OK
    uphold(session, suspension, "the photo shows it", actor=OFFICE, at=later)
    assert at_gate(later) == SUSPENDED
    assert suspension.ends == MIDNIGHT + 10 * DAY


def test_a_lifted_suspension_ends_at_once_and_its_warning_counts_no_longer(
    session, proposal, suspension, at_gate
):
    with pytest.raises(ReasonMissing):
        lift(session, suspension, "", actor=OFFICE, at=AT)
    later = AT + timedelta(hours=1)
    lift(session, suspension, "the wrong car", actor=OFFICE, at=later)
    assert at_gate(later) == OK
    # A pass of the past is decided as it stood then.
    assert at_gate(AT) == SUSPENDED
    assert proposal.withdrawn_at == later
    with pytest.raises(SuspensionEnded):
        lift(session, suspension, "again", actor=OFFICE, at=later)
    with pytest.raises(NotContestable):
        contest(session, suspension, "too late", actor=REPRESENTATIVE, at=later)


def test_every_act_is_in_the_ledger_without_plate_and_reason(session, permit, suspension):
    contest(session, suspension, "it was my guest", actor=REPRESENTATIVE, at=AT)
    uphold(session, suspension, "the photo shows it", actor=OFFICE, at=AT)
    lift(session, suspension, "enough", actor=OFFICE, at=AT)
    entries = session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.subject == f"permit:{permit.serial}")
        .order_by(LedgerEntry.number)
    ).all()
    assert [one.act for one in entries] == [
        "permit.suspended",
        "suspension.contested",
        "suspension.upheld",
        "suspension.lifted",
    ]
    written = json.dumps([one.details for one in entries], ensure_ascii=False)
    for secret in (PLATE, "12345", "three times", "guest", "photo"):
        assert secret not in written
