from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits import token
from records import ledger
from records.keys import KeyStore, load_public
from records.signing_keys import (
    LAST_KEY_ID,
    KeyIdsUsedUp,
    SigningKey,
    current_key,
    make_key,
    public_pems,
)
from tests.factories import AT, OFFICE
from tests.permits.test_token import FIELDS


@pytest.fixture
def store(tmp_path):
    return KeyStore(tmp_path / "keys")


def rotate(session, store, days=0):
    return make_key(session, store, actor=OFFICE, at=AT + timedelta(days=days))


def test_there_is_no_current_key_before_the_first(session):
    assert current_key(session) is None
    assert public_pems(session) == {}


def test_the_newest_key_signs_and_the_one_before_is_retired(session, store):
    first = rotate(session, store)
    second = rotate(session, store, days=1)
    assert current_key(session) is second
    assert (first.id, first.retired_at) == (1, AT + timedelta(days=1))
    assert (second.id, second.retired_at) == (2, None)


def test_a_token_of_before_the_rotation_still_verifies(session, store):
    rotate(session, store)
    signed = token.sign(FIELDS, store.private(1))
    rotate(session, store, days=1)
    keys = {key_id: load_public(pem) for key_id, pem in public_pems(session).items()}
    assert token.verify(signed, keys) == FIELDS


def test_making_and_retiring_keys_is_in_the_ledger(session, store):
    rotate(session, store)
    rotate(session, store)
    acts = [(entry["act"], entry["subject"]) for entry in ledger.export(session)]
    assert acts == [("key.made", "key:1"), ("key.made", "key:2"), ("key.retired", "key:1")]


def test_no_private_key_is_in_the_database(session, store):
    rotate(session, store)
    assert all("PRIVATE" not in pem for pem in public_pems(session).values())
    assert all("PRIVATE" not in str(entry) for entry in ledger.export(session))


def test_after_255_keys_the_next_is_refused(session, store):
    rotate(session, store)
    only = public_pems(session)[1]
    session.add(SigningKey(id=LAST_KEY_ID, public_pem=only, created_at=AT))
    session.flush()
    with pytest.raises(KeyIdsUsedUp):
        rotate(session, store)
    assert session.scalar(select(func.count()).select_from(SigningKey)) == 2


def test_a_rotation_that_was_rolled_back_does_not_block_the_next(session, store):
    rotate(session, store)
    session.rollback()
    key = rotate(session, store)
    assert key.id == 1
    signed = token.sign(FIELDS, store.private(1))
    assert token.verify(signed, {1: load_public(key.public_pem)}) == FIELDS


def test_two_who_rotate_at_once_take_turns(engine, store):
    failures, start = [], Barrier(2)

    def turn():
        try:
            start.wait()
            with Session(engine) as session:
                rotate(session, store)
                session.commit()
        except Exception as error:
            failures.append(error)

    turns = [Thread(target=turn) for _ in range(2)]
    for one in turns:
        one.start()
    for one in turns:
        one.join()
    assert failures == []
    with Session(engine) as session:
        keys = session.scalars(select(SigningKey).order_by(SigningKey.id)).all()
        assert [(key.id, key.retired_at is None) for key in keys] == [(1, False), (2, True)]
