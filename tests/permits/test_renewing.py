from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.counts import counts_of
from permits.deciding import decide_now
from permits.ending_soon import endings
from permits.gate import Reason
from permits.issuing import hand_over
from permits.permit import Permit, PermitState, counted, permit_fields
from permits.renewing import RenewalTooShort, renew, renewals, usual_end
from permits.token import sign
from records.ledger import LedgerEntry
from tests.factories import AT, OFFICE, TODAY, make_permit, make_town, make_vehicle

ACT = {"actor": OFFICE, "at": AT}


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


def permit(session, town, state=PermitState.HANDED_OVER, letter="A", days_left=20):
    """A permit of which so many days are left after today."""
    vehicle = make_vehicle(session, town.compound(letter))
    begun = TODAY - timedelta(days=100)
    return make_permit(session, vehicle, state, valid_from=begun, days=101 + days_left)


@pytest.fixture
def renewed(session, town):
    def renewed(at=AT, **more):
        how = {"keys": town.keys, "actor": OFFICE, "at": at}
        serials = renew(session, town.compound("A"), **how, **more)
        return [session.scalars(select(Permit).filter_by(serial=one)).one() for one in serials]

    return renewed


@pytest.fixture
def at_the_gate(session, town):
    def at_the_gate(permit):
        card = sign(permit_fields(permit, town.community), town.keys.private(1))
        return decide_now(session, town.community, at=AT, scanned=card).reasons[0]

    return at_the_gate


def test_only_what_ends_soon_in_the_compound_gets_a_successor(session, town, renewed):
    due = permit(session, town)
    for other in ({"days_left": 61}, {"letter": "B"}, {"state": PermitState.REVOKED}):
        permit(session, town, **other)
    [new] = renewed()
    assert (new.vehicle, new.valid_from) == (due.vehicle, TODAY)
    assert new.valid_to == usual_end(town.community, AT)


def test_the_old_card_is_good_and_does_not_count_until_the_new_one_is_handed_over(
    session, town, renewed, at_the_gate
):
    old = permit(session, town)
    [new] = renewed()
    session.refresh(old)
    assert (at_the_gate(old), at_the_gate(new)) == (Reason.OK, Reason.OK)
    assert session.scalars(select(Permit).where(counted())).all() == [new]
    assert counts_of(session, town.community, None)[0].permits == {PermitState.ISSUED: 1}
    new.state = PermitState.PRINTED
    session.flush()
    hand_over(session, [new], **ACT)
    assert (at_the_gate(old), old.replaced_by) == (Reason.REPLACED, new)


@pytest.mark.parametrize("state", [PermitState.ISSUED, PermitState.PRINTED])
def test_a_card_that_nobody_fetched_is_replaced_at_once(session, town, renewed, state):
    old = permit(session, town, state)
    [new] = renewed()
    session.refresh(old)
    assert (old.state, old.replaced_by) == (PermitState.REPLACED, new)


def test_a_run_that_is_started_again_renews_only_what_is_left(session, town, renewed):
    permit(session, town)
    assert len(renewed()) == 1
    assert renewed() == renewed(AT + timedelta(days=1)) == []
    later = permit(session, town)
    assert [one.vehicle for one in renewed()] == [later.vehicle]


def test_the_new_permits_last_longer_than_those_that_they_follow(session, town, renewed):
    old = permit(session, town)
    with pytest.raises(RenewalTooShort):
        renewed(until=old.valid_to)
    [new] = renewed(until=old.valid_to + timedelta(days=1))
    assert new.valid_to == old.valid_to + timedelta(days=1)


def test_short_permits_are_due_late_in_their_lives(session, town, renewed):
    town.community.permit_days = 28
    permit(session, town, days_left=8)
    due = permit(session, town, days_left=7)
    assert [one.vehicle for one in renewed()] == [due.vehicle]


def test_a_preview_counts_what_a_run_would_renew_and_what_stays(session, town, renewed):
    first = permit(session, town, days_left=3)
    last = permit(session, town, PermitState.ISSUED)
    permit(session, town, days_left=90)
    [a, b] = renewals(session, town.community, AT)
    assert (a.due, a.beyond, a.unprinted) == (2, 1, 1)
    assert (a.first_end, a.last_end) == (first.valid_to, last.valid_to)
    assert (b.due, b.beyond, b.first_end) == (0, 0, None)
    renewed()
    assert renewals(session, town.community, AT)[0].due == 0


def test_each_new_permit_and_the_run_stand_in_the_ledger(session, town, renewed):
    old = permit(session, town)
    [new] = renewed()
    last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc()).limit(2)).all()
    assert [(one.act, one.subject) for one in last] == [
        ("permits.renewed", "compound:1"),
        ("permit.issued", f"permit:{new.serial}"),
    ]
    assert last[1].details["renews"] == old.serial


def test_what_ends_soon_is_told_by_compound_until_it_is_renewed(session, town, renewed):
    first, last = (permit(session, town, days_left=left) for left in (5, 30))
    permit(session, town, days_left=31)
    [ending] = endings(session, town.community, AT)
    assert (ending.compound, ending.count) == (town.compound("A"), 2)
    assert (ending.first_day, ending.last_day) == (first.valid_to, last.valid_to)
    renewed()
    assert endings(session, town.community, AT) == []
