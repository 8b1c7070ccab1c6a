from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.ending_soon import SOON_DAYS
from permits.ending_told import tell_of_endings
from permits.permit import PermitState
from records.message import Message
from records.people import Role
from tests.factories import (
    AT,
    OFFICE,
    compound_of,
    make_community,
    make_permit,
    make_user,
    make_vehicle,
    representative_of,
)


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def permits(session, community):
    """Make permits of a compound that end so many days after today."""

    def permits(letter, *days_left, state=PermitState.ISSUED):
        compound = compound_of(community, letter)
        representative_of(session, compound)
        for days in days_left:
            make_permit(session, make_vehicle(session, compound), state, days=days + 1)

    return permits


def test_each_compound_and_the_office_read_once_a_week_how_many_end(session, community, permits):
    office = make_user(session, community, Role.STAFF)
    permits("A", 0, 3, SOON_DAYS, SOON_DAYS + 1)
    permits("A", 3, state=PermitState.REVOKED)
    permits("B", SOON_DAYS + 2)
    for days in (0, 1):
        tell_of_endings(session, community, actor=OFFICE, at=AT + timedelta(days=days))
    a = representative_of(session, compound_of(community, "A"))
    told = session.scalars(select(Message).order_by(Message.user_id)).all()
    assert {one.user_id for one in told} == {a.id, office.id}
    last_day = community.local_day(AT) + timedelta(days=SOON_DAYS)
    facts = {"compound": "A", "count": 3, "last_day": last_day.isoformat()}
    assert [one.facts for one in told] == [facts, facts]


def test_the_next_week_who_still_has_some_is_told_again(session, community, permits):
    permits("A", 20)
    for weeks in (0, 1):
        tell_of_endings(session, community, actor=OFFICE, at=AT + timedelta(weeks=weeks))
    assert len(session.scalars(select(Message)).all()) == 2
