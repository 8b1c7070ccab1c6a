from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.ending import ReasonMissing, expire, revoke
from permits.permit import IN_FORCE, Permit, PermitState, WrongPermitState
from records import ledger
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    TODAY,
    compound_of,
    make_community,
    make_permit,
    make_vehicle,
)


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def vehicle(session, community):
    return make_vehicle(session, compound_of(community, "A"))


@pytest.mark.parametrize("state", IN_FORCE)
def test_a_permit_in_force_can_be_revoked_for_a_reason(session, vehicle, state):
    permit = make_permit(session, vehicle, state)
    revoke(session, permit, " 车已卖出 ", actor=OFFICE, at=AT)
    assert (permit.state, permit.end_reason, permit.ended_at) == (
        PermitState.REVOKED,
        "车已卖出",
        AT,
    )
    entry = list(ledger.export(session))[-1]
    assert (entry["act"], entry["subject"], entry["details"]) == (
        "permit.revoked",
        f"permit:{permit.serial}",
        {"letter": "A"},
    )


def test_a_permit_is_not_revoked_without_a_reason(session, vehicle):
    permit = make_permit(session, vehicle)
    with pytest.raises(ReasonMissing):
        revoke(session, permit, " \n", actor=OFFICE, at=AT)
    assert permit.state == PermitState.ISSUED


@pytest.mark.parametrize("state", sorted(set(PermitState) - set(IN_FORCE)))
def test_an_ended_permit_cannot_be_ended_again(session, vehicle, state):
    permit = make_permit(session, vehicle, state)
    before = ledger.head(session)
    with pytest.raises(WrongPermitState):
        revoke(session, permit, "why", actor=OFFICE, at=AT)
    assert (permit.state, ledger.head(session)) == (state, before)


def test_a_permit_expires_after_its_last_day_and_not_on_it(session, community, vehicle):
    permit = make_permit(session, vehicle, days=30)
    last_day = AT + timedelta(days=(permit.valid_to - TODAY).days)
    assert expire(session, community, actor=OFFICE, at=last_day) == 0
    assert expire(session, community, actor=OFFICE, at=last_day + timedelta(days=1)) == 1
    assert permit.state == PermitState.EXPIRED


def test_the_day_that_counts_is_the_communitys_own(session, community, vehicle):
    make_permit(session, vehicle, days=1)
    evening_in_utc = AT.replace(hour=16, minute=30)
    assert evening_in_utc.date() == TODAY
    assert expire(session, community, actor=OFFICE, at=evening_in_utc) == 1


def test_other_communities_permits_do_not_expire_with_these(session, community):
    other = make_community(session, number=2)
    permit = make_permit(session, make_vehicle(session, compound_of(other, "A")), days=1)
    assert expire(session, community, actor=OFFICE, at=AT + timedelta(days=9)) == 0
    assert permit.state == PermitState.ISSUED


def test_two_clerks_who_revoke_at_once_revoke_once(engine, session, vehicle):
    number = make_permit(session, vehicle).id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get_one(Permit, number),
        *[lambda one, permit: revoke(one, permit, "why", actor=OFFICE, at=AT)] * 2,
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "WrongPermitState"]
    assert session.scalar(select(Permit.state)) == PermitState.REVOKED
