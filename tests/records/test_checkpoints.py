"""Signed heads: their text, their signature, and what the database lets nobody do to them."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from records import ledger
from records.checkpoints import (
    Checkpoint,
    HeadForged,
    HeadUnreadable,
    NoHeadKey,
    SignedHead,
    export_heads,
    read_head,
    require_consistent,
    require_genuine,
    sign_head,
)
from records.keys import KeyStore, fingerprint
from records.ledger import Head, LedgerBroken
from records.signing_keys import current_key, make_key, public_pems
from tests.at_once import at_once
from tests.factories import AT
from tests.verifier import verifier

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "heads.json").read_text(encoding="utf-8")
)
KEYS = {int(key_id): pem for key_id, pem in VECTORS["keys"].items()}


@pytest.fixture
def keys(session, tmp_path):
    store = KeyStore(tmp_path / "keys")
    make_key(session, store, actor="user:1", at=AT)
    return store


@pytest.fixture
def sign(session, keys):
    """Enter an act and sign the head after it."""

    def sign(act="zone.added", at=AT, community=17):
        ledger.append(session, "user:1", [ledger.Act(act, "zone:A1", {})], at)
        signed = sign_head(session, keys, community=community, permits={"A": 3}, at=at)
        session.commit()
        return signed.checkpoint

    return sign


def result_of(text):
    try:
        head = read_head(text)
        require_genuine(head, KEYS)
    except HeadUnreadable:
        return "unreadable"
    except HeadForged:
        return "forged"
    return "genuine"


def result_of_the_verifier(text):
    try:
        head = verifier.read_head(text)
    except ValueError:
        return "unreadable"
    checked = verifier.Checked([], pems=[])
    checked.keys = {f"key:{key_id}": pem for key_id, pem in KEYS.items()}
    return "genuine" if checked._is_signed(head) else "forged"


@pytest.mark.anywhere
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["what"])
def test_the_product_and_the_verifier_make_the_same_of_every_vector(case):
    assert result_of(case["text"]) == case["result"]
    assert result_of_the_verifier(case["text"]) == case["result"]


@pytest.mark.anywhere
def test_a_heads_text_is_the_vectors_and_says_all_of_it():
    vector = VECTORS["head"]
    head = read_head(vector["text"])
    told = Checkpoint(
        vector["community"],
        Head(vector["number"], vector["hash"]),
        datetime.fromisoformat(vector["at"]),
        vector["permits"],
        vector["key_id"],
        head.signature,
    )
    assert told == head
    assert told.text == vector["text"]


@pytest.mark.anywhere
def test_an_old_notices_number_and_hash_are_a_head_too():
    assert read_head(f"7:\n{'AB' * 32}") == Head(7, "ab" * 32)


@pytest.mark.anywhere
def test_both_fingerprints_are_the_same():
    assert fingerprint(KEYS[1]) == verifier.fingerprint(KEYS[1])


def test_a_signed_head_is_genuine_and_is_kept(session, sign):
    head = sign()
    require_genuine(head, public_pems(session))
    assert read_head(head.text) == head
    assert [one["head"] for one in export_heads(session, head.head.number)] == [head.text]


def test_a_head_is_signed_only_when_the_ledger_has_grown(session, keys, sign):
    first = sign()
    again = sign_head(session, keys, community=17, permits={"A": 9}, at=AT + timedelta(hours=1))
    assert again.checkpoint == first
    assert sign().head.number == first.head.number + 1


def test_without_a_key_nothing_is_signed(session, tmp_path):
    with pytest.raises(NoHeadKey):
        sign_head(session, KeyStore(tmp_path), community=1, permits={}, at=AT)


def test_no_head_is_signed_over_a_chain_that_does_not_hold(session, keys, sign):
    last = sign().head
    forged = {"actor": "me", "act": "x", "subject": "x", "details": {}, "hash": "0" * 64}
    session.execute(
        insert(ledger.LedgerEntry).values(
            number=last.number + 1, at=AT, previous=last.hash, **forged
        )
    )
    with pytest.raises(LedgerBroken):
        sign_head(session, keys, community=17, permits={}, at=AT)


def test_a_retired_keys_heads_stay_genuine(session, keys, sign):
    head = sign()
    make_key(session, keys, actor="user:1", at=AT)
    assert current_key(session).id != head.key_id
    require_genuine(head, public_pems(session))


def test_the_later_of_two_heads_contains_the_earlier_in_any_order(session, sign):
    first, second = sign(), sign()
    for pair in ((first, second), (second, first), (first.head, second)):
        assert require_consistent(session, *pair) == (first.head, second.head)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda one: replace(one, permits={"A": 99}), HeadForged),
        (lambda one: Head(one.head.number, "0" * 64), LedgerBroken),
        (lambda one: Head(one.head.number + 9, one.head.hash), LedgerBroken),
    ],
    ids=["forged", "of another chain", "of entries that are gone"],
)
def test_a_head_that_is_not_this_ledgers_is_inconsistent(session, sign, change, error):
    first, second = sign(), sign()
    with pytest.raises(error):
        require_consistent(session, first, change(second))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signed_heads SET hash = hash",
        "DELETE FROM signed_heads",
        "TRUNCATE signed_heads",
        "TRUNCATE ledger",
        "INSERT OR REPLACE INTO signed_heads SELECT * FROM signed_heads",
    ],
)
def test_the_database_itself_refuses_to_change_a_head(session, sign, statement):
    sign()
    # Each database has a statement that the other lacks; both end as refusals.
    is_known = ("TRUNCATE" in statement) <= (session.get_bind().dialect.name == "postgresql")
    is_known &= ("REPLACE" in statement) <= (session.get_bind().dialect.name == "sqlite")
    with pytest.raises(DBAPIError, match="append-only" if is_known else "syntax"):
        session.execute(text(statement))
    session.rollback()
    assert session.query(SignedHead).count() == 1


def test_two_who_sign_at_once_make_one_head_and_no_append_is_lost(engine, session, keys):
    session.commit()

    def sign(one, _found):
        return sign_head(one, keys, community=17, permits={}, at=AT).number

    def enter(one, _found):
        return ledger.append(one, "user:2", [ledger.Act("x", "zone:A1", {})], AT).number

    results = at_once(engine, lambda one: None, sign, enter, sign, enter)
    assert all(isinstance(one, int) for one in results), results
    with Session(engine) as after:
        assert ledger.verify(ledger.export(after)).number == max(results)
        heads = list(export_heads(after, up_to=10**6))
        assert len(heads) == len({results[0], results[2]})
