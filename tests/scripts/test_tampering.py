"""A thousand edits of an export and of the database file: the verifier finds every one."""

import copy
import json
import random
import sqlite3

import pytest
from sqlalchemy.orm import Session

from records import ledger, migrating
from records.checkpoints import export_heads, sign_head
from records.database import open_engine
from records.keys import KeyStore
from records.signing_keys import make_key
from tests.factories import AT
from tests.verifier import verifier

pytestmark = pytest.mark.anywhere

ENTRIES = 12
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    """A small ledger with a signed head, in a SQLite file of its own."""
    folder = tmp_path_factory.mktemp("honest")
    engine = open_engine(f"sqlite:///{folder / 'parking.db'}")
    migrating.upgrade(engine)
    keys = KeyStore(folder)
    with Session(engine) as session:
        make_key(session, keys, actor="user:1", at=AT)
        acts = [
            ledger.Act("permit.issued", f"permit:{n}", {"letter": "A", "n": n, "note": "发证"})
            for n in range(2, ENTRIES + 1)
        ]
        ledger.append(session, "user:1", acts, AT)
        signed = sign_head(session, keys, community=1, permits={"A": 11}, at=AT)
        entries = list(ledger.export(session))
        heads = list(export_heads(session, up_to=ENTRIES))
        printed = signed.checkpoint.text
        session.commit()
    engine.dispose()
    return folder / "parking.db", entries, heads, printed


def faults_of(entries, heads, printed):
    lines = [json.dumps(one, ensure_ascii=False) for one in (*entries, *heads)]
    checked = verifier.Checked(lines, [verifier.read_head(printed)], exact=True)
    return {one["fault"] for one in checked.faults}


def rehash(entries, place):
    """Compute the hashes anew from an entry on: what a careful forger does."""
    for number in range(place, len(entries)):
        entries[number]["number"] = number + 1
        before = entries[number - 1]["hash"] if number else ledger.FIRST_PREVIOUS
        entries[number]["previous"] = before
        entries[number]["hash"] = ledger.entry_hash(entries[number])


def change(chance, entries, heads, place):
    entry = entries[place]
    name = chance.choice([*entry])
    if name == "details":
        entry["details"]["n"] = chance.randrange(10**6, 10**9)
    elif name == "number":
        entry["number"] += chance.choice([-1, 1, 100])
    else:
        kept = entry[name]
        spot = chance.randrange(len(kept))
        other = chance.choice([one for one in "0123456789abcdef" if one != kept[spot]])
        entry[name] = kept[:spot] + other + kept[spot + 1 :]


def remove(chance, entries, heads, place):
    del entries[min(place, len(entries) - 2)]


def swap(chance, entries, heads, place):
    other = chance.choice([one for one in range(len(entries)) if one != place])
    entries[place], entries[other] = entries[other], entries[place]


def add(chance, entries, heads, place):
    added = copy.deepcopy(chance.choice(entries))
    added["actor"] = f"user:{chance.randrange(2, 99)}"
    added["hash"] = ledger.entry_hash(added)
    entries.insert(place, added)


def truncate(chance, entries, heads, place):
    del entries[max(place, 1) :]


def forge(chance, entries, heads, place):
    head = heads[0]["head"]
    spot = chance.randrange(head.index("SIG:") + 4, len(head) - 1)
    other = chance.choice([one for one in LETTERS if one != head[spot]])
    heads[0]["head"] = head[:spot] + other + head[spot + 1 :]


def change_and_rehash(chance, entries, heads, place):
    entries[place]["actor"] = f"user:{chance.randrange(2, 99)}"
    rehash(entries, place)


def remove_and_rehash(chance, entries, heads, place):
    del entries[place]
    rehash(entries, place)


def add_and_rehash(chance, entries, heads, place):
    add(chance, entries, heads, place)
    rehash(entries, place)


EDITS = {
    change: {"changed", "removed", "added", "reordered"},
    remove: {"removed"},
    swap: {"reordered"},
    add: {"added"},
    truncate: {"truncated"},
    forge: {"forged_head"},
    change_and_rehash: {"rewritten"},
    # Without the entry that names the key, nothing is left that could have signed the head.
    remove_and_rehash: {"rewritten", "truncated", "forged_head"},
    add_and_rehash: {"rewritten"},
}
"""What is done to the copy, and the words of which at least one must be said."""


def test_nothing_is_found_in_an_honest_copy(honest):
    _file, entries, heads, printed = honest
    assert faults_of(entries, heads, printed) == set()


def test_every_one_of_800_random_edits_of_the_export_is_found_and_named(honest):
    _file, entries, heads, printed = honest
    chance = random.Random(6)
    missed = []
    for turn in range(800):
        edit = chance.choice([*EDITS])
        place = chance.randrange(len(entries))
        copied, copied_heads = copy.deepcopy(entries), copy.deepcopy(heads)
        edit(chance, copied, copied_heads, place)
        if not faults_of(copied, copied_heads, printed) & EDITS[edit]:
            missed.append((turn, edit.__name__, place))
    assert missed == []


def database_edits(chance):
    """Return a statement that a forger with the database file might run."""
    number, other = chance.sample(range(1, ENTRIES + 1), 2)
    return chance.choice(
        [
            f"UPDATE ledger SET actor = 'user:{ENTRIES + other}' WHERE number = {number}",
            f"UPDATE ledger SET details = '{{\"n\": 0}}' WHERE number = {number}",
            f"UPDATE ledger SET at = datetime(at, '+{other} seconds') WHERE number = {number}",
            f"UPDATE ledger SET subject = subject || ' ' WHERE number = {number}",
            f"UPDATE ledger SET hash = '{other:064d}' WHERE number = {number}",
            f"DELETE FROM ledger WHERE number = {number}",
            f"DELETE FROM ledger WHERE number > {min(number, ENTRIES - 1)}",
            f"UPDATE ledger SET number = number + 100 WHERE number >= {number}",
            f"INSERT INTO ledger SELECT number + {ENTRIES}, at, actor, act, subject, details, "
            f"'{number:064d}', '{other:064d}' FROM ledger WHERE number = {number}",
            "UPDATE signed_heads SET permits = '{\"A\": 999}'",
            f"UPDATE signed_heads SET hash = '{other:064d}'",
        ]
    )


def test_every_one_of_200_random_edits_of_the_database_file_is_found(honest):
    file, _entries, _heads, printed = honest
    with sqlite3.connect(file) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    engine = open_engine(f"sqlite:///{file}")
    chance = random.Random(7)
    missed = []
    with Session(engine) as session:
        for _turn in range(200):
            statement = database_edits(chance)
            session.connection().exec_driver_sql(statement)
            heads = export_heads(session, up_to=10**6)
            if not faults_of(list(ledger.export(session)), list(heads), printed):
                missed.append(statement)
            session.rollback()
            session.expunge_all()
    engine.dispose()
    assert missed == []
