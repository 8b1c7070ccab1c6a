from datetime import timedelta

import pytest
from sqlalchemy import select

from records.managing_users import close_account
from records.message import KINDS, Message, MessageKind
from records.people import Role, User
from records.telling import KEPT, forget_old, mark_all_read, mark_read, tell, unread
from tests.factories import (
    AT,
    OFFICE,
    compound_of,
    make_community,
    make_user,
    representative_of,
)


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def people(session, community):
    """One of each role, and a representative of each compound, by the roles and letters."""
    a, b = (representative_of(session, compound_of(community, letter)) for letter in "AB")
    others = {
        role: make_user(session, community, role) for role in Role if role != Role.REPRESENTATIVE
    }
    return {"A": a, "B": b, **others}


@pytest.fixture
def told(session, community, people):
    """Tell something and return the keys in `people` of those who were told."""

    def told(kind, *, actor=OFFICE, at=AT, **given):
        facts = dict.fromkeys(KINDS[kind].facts, 1)
        tell(session, kind, "list:1", facts, community_id=community.id, actor=actor, at=at, **given)
        found = set(session.scalars(select(Message.user_id).where(Message.at == at)))
        return {key for key, user in people.items() if user.id in found}

    return told


def test_a_representative_is_told_of_the_own_compound_and_not_of_others(told, community):
    a = compound_of(community, "A")
    assert told(MessageKind.LIST_RETURNED, compound_id=a.id) == {"A"}


def test_what_concerns_all_is_told_to_every_role_that_reads_it_but_to_no_guard(told):
    everybody = {"A", "B", Role.STAFF, Role.ADMINISTRATOR}
    assert told(MessageKind.PLAN_PROPOSED) == everybody


def test_nobody_is_told_of_the_own_act(told, people):
    assert told(MessageKind.PLAN_PROPOSED, actor=people["B"].actor) == {
        "A",
        Role.STAFF,
        Role.ADMINISTRATOR,
    }


def test_a_closed_account_and_another_community_are_told_nothing(session, told, people):
    close_account(session, people["A"], actor=OFFICE, at=AT)
    stranger = representative_of(session, compound_of(make_community(session, "A", number=2), "A"))
    assert told(MessageKind.PLAN_REJECTED) == {"B", Role.STAFF, Role.ADMINISTRATOR}
    assert unread(session, stranger.id) == 0


def test_of_a_term_only_its_representative_and_the_administrator_are_told(told, people):
    ending = told(MessageKind.TERM_ENDING, representative_id=people["B"].id)
    assert ending == {"B", Role.ADMINISTRATOR}


def test_under_one_key_a_person_is_told_once_and_who_comes_later_too(
    session, told, people, community
):
    assert told(MessageKind.PERMITS_ENDING, once="week 1") == {"A", "B", Role.STAFF}
    later = make_user(session, community, Role.STAFF)
    tomorrow = AT + timedelta(days=1)
    assert told(MessageKind.PERMITS_ENDING, once="week 1", at=tomorrow) == set()
    assert unread(session, later.id) == 1
    assert told(MessageKind.PERMITS_ENDING, once="week 2", at=AT + timedelta(days=7)) == {
        "A",
        "B",
        Role.STAFF,
    }


def test_facts_that_the_kind_does_not_tell_are_refused(session, community):
    given = {"community_id": community.id, "actor": OFFICE, "at": AT}
    with pytest.raises(ValueError, match="list_returned"):
        tell(session, MessageKind.LIST_RETURNED, "list:1", {}, **given)
    with pytest.raises(ValueError, match="list_returned"):
        tell(session, MessageKind.LIST_RETURNED, "list:1", {"list": 1, "owner": "陈伟"}, **given)


def test_what_was_read_is_counted_no_more_and_keeps_its_first_moment(session, told, people):
    user = people["A"]
    for _ in range(3):
        told(MessageKind.LIST_RETURNED)
    first = session.scalars(select(Message).where(Message.user_id == user.id)).first()
    mark_read(first, at=AT + timedelta(hours=1))
    assert unread(session, user.id) == 2
    mark_all_read(session, user.id, at=AT + timedelta(hours=2))
    assert unread(session, user.id) == 0
    assert unread(session, people["B"].id) == 3
    session.refresh(first)
    assert first.read_at == AT + timedelta(hours=1)


def test_messages_are_forgotten_after_a_year(session, told):
    told(MessageKind.LIST_RETURNED)
    told(MessageKind.LIST_RETURNED, at=AT + timedelta(days=1))
    forget_old(session, AT + KEPT + timedelta(hours=1))
    assert set(session.scalars(select(Message.at))) == {AT + timedelta(days=1)}
    assert session.scalars(select(User)).all()
