"""What a person learns of the ledger at a sign-in."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from records import ledger
from records.seen_heads import look_again, seen_by
from tests.factories import AT, make_community, make_user

LATER = AT + timedelta(days=1)


@pytest.fixture
def user_id(session):
    user_id = make_user(session, make_community(session)).id
    enter(session, 3)
    session.commit()
    return user_id


def enter(session, count):
    head = ledger.append(session, "user:1", [ledger.Act("x", "zone:A1", {})] * count, AT)
    session.commit()
    return head


def change(session, number, statement="UPDATE ledger SET actor = 'me' WHERE number = :number"):
    """Do what somebody does who has the database and switches its triggers off."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE ledger DISABLE TRIGGER ALL"))
    else:
        session.execute(text("DROP TRIGGER ledger_refuses_update"))
        session.execute(text("DROP TRIGGER ledger_refuses_delete"))
    session.execute(text(statement), {"number": number})
    session.commit()


def test_the_first_visit_begins_at_the_head_that_is_there(session, user_id):
    seen = look_again(session, user_id, AT)
    assert (seen.number, seen.before_at, seen.wrong_number) == (3, None, None)
    assert seen_by(session, user_id) is seen


def test_a_visit_counts_what_was_added_since_the_one_before(session, user_id):
    look_again(session, user_id, AT)
    session.commit()
    head = enter(session, 2)
    seen = look_again(session, user_id, LATER)
    assert (seen.added, seen.before_at, seen.at) == (2, AT, LATER)
    assert (seen.number, seen.hash) == (head.number, head.hash)
    assert seen.wrong_number is None


@pytest.mark.parametrize(
    ("number", "statement", "fault"),
    [
        (3, "UPDATE ledger SET actor = 'me' WHERE number = :number", "head"),
        (3, "DELETE FROM ledger WHERE number >= :number", "head"),
        (4, "UPDATE ledger SET actor = 'me' WHERE number = :number", "hash"),
        (4, "DELETE FROM ledger WHERE number = :number", "number"),
    ],
)
def test_a_change_is_told_at_every_visit_until_it_is_mended(
    session, user_id, number, statement, fault
):
    look_again(session, user_id, AT)
    session.commit()
    enter(session, 3)
    change(session, number, statement)
    for at in (LATER, LATER + timedelta(days=1)):
        seen = look_again(session, user_id, at)
        session.commit()
        assert (seen.wrong_number, seen.wrong_fault) == (number, fault)
        assert (seen.number, seen.at) == (3, AT)


def test_a_visit_reads_only_the_entries_since_the_last_one(session, engine, user_id):
    look_again(session, user_id, AT)
    session.commit()
    enter(session, 40)
    look_again(session, user_id, AT)
    session.commit()
    enter(session, 2)
    hashed = []

    @event.listens_for(engine, "after_cursor_execute")
    def count(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT ledger.number, ledger.at"):
            hashed.append(parameters)

    look_again(session, user_id, LATER)
    bounds = [one["number_1"] if isinstance(one, dict) else one[0] for one in hashed]
    assert bounds == [43, 44]
