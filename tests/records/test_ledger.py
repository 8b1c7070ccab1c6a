from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from records import ledger

AT = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


def acts(count):
    return [
        ledger.Act("permit.issued", f"permit:{n}", {"letter": "A", "n": n}) for n in range(count)
    ]


def test_an_empty_ledger_has_head_zero(session):
    assert ledger.head(session) == ledger.Head(0, ledger.FIRST_PREVIOUS)


def test_entries_are_numbered_and_chained_from_the_first(session):
    ledger.append(session, "user:1", acts(2), AT)
    ledger.append(session, "user:2", acts(1), AT)
    entries = list(ledger.export(session))
    assert [entry["number"] for entry in entries] == [1, 2, 3]
    assert [entry["previous"] for entry in entries] == [
        ledger.FIRST_PREVIOUS,
        entries[0]["hash"],
        entries[1]["hash"],
    ]


def test_the_chain_read_back_from_the_database_holds(session):
    head = ledger.append(session, "user:1", acts(5), AT)
    session.commit()
    session.expire_all()
    assert ledger.verify(ledger.export(session)) == head == ledger.head(session)


def test_chinese_and_nested_details_hash_the_same_after_the_database(session):
    act = ledger.Act(
        "plan.proposed", "plan:1", {"zones": [{"zone": "C1", "name": "北区"}], "n": None}
    )
    ledger.append(session, "user:1", [act], AT)
    session.commit()
    ledger.verify(ledger.export(session))


@pytest.mark.parametrize(
    ("change", "number", "fault"),
    [
        (lambda entries: entries[2].update(act="permit.revoked"), 3, "hash"),
        (lambda entries: entries[2]["details"].update(n=9), 3, "hash"),
        (lambda entries: entries.pop(2), 3, "number"),
        (lambda entries: entries.reverse(), 1, "number"),
        (lambda entries: entries[3].update(previous="0" * 64), 4, "previous"),
    ],
    ids=["changed act", "changed detail", "removed", "reordered", "cut off from the one before"],
)
def test_tampering_is_found_and_named(session, change, number, fault):
    ledger.append(session, "user:1", acts(5), AT)
    entries = list(ledger.export(session))
    change(entries)
    with pytest.raises(ledger.LedgerBroken) as broken:
        ledger.verify(entries)
    assert broken.value.facts == {"number": number, "fault": fault}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET act = 'nothing' WHERE number = 1",
        "DELETE FROM ledger",
        "UPDATE ledger SET number = number + 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_ledger(session, statement):
    ledger.append(session, "user:1", acts(1), AT)
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


@pytest.mark.parametrize("collides", ["number", "previous", "hash"])
def test_no_insert_takes_the_place_of_an_entry(session, collides):
    head = ledger.append(session, "user:1", acts(1), AT)
    session.commit()
    entry = {"number": 1, "previous": ledger.FIRST_PREVIOUS, "hash": head.hash}
    forged = {"number": 77, "previous": "7" * 64, "hash": "8" * 64, collides: entry[collides]}
    statement = insert(ledger.LedgerEntry)
    if session.get_bind().dialect.name == "sqlite":
        # Which deletes what it collides with, unseen by any trigger on DELETE.
        statement = statement.prefix_with("OR REPLACE")
    with pytest.raises(DBAPIError):
        session.execute(
            statement.values(at=AT, actor="", act="forged", subject="", details={}, **forged)
        )
    session.rollback()
    assert [entry["act"] for entry in ledger.export(session)] == ["permit.issued"]


def test_no_acts_leave_the_ledger_as_it_is(session):
    head = ledger.append(session, "user:1", acts(1), AT)
    assert ledger.append(session, "user:1", [], AT) == head == ledger.head(session)


def test_a_moment_is_entered_in_utc_whichever_zone_it_was_given_in(session):
    local = AT.astimezone(timezone(timedelta(hours=8)))
    ledger.append(session, "user:1", acts(1), local)
    session.commit()
    assert next(ledger.export(session))["at"] == "2026-12-01T08:30:00.000000+00:00"
    ledger.verify(ledger.export(session))


def test_an_act_that_is_rolled_back_leaves_no_entry_and_no_gap(session):
    ledger.append(session, "user:1", acts(1), AT)
    session.commit()
    ledger.append(session, "user:1", acts(3), AT)
    session.rollback()
    ledger.append(session, "user:1", acts(1), AT)
    assert ledger.verify(ledger.export(session)).number == 2


def test_writers_at_the_same_time_lose_no_entry_and_keep_the_chain(engine):
    failures = []

    def write(name):
        try:
            for _ in range(10):
                with Session(engine) as session:
                    ledger.append(session, name, acts(1), AT)
                    session.commit()
        except Exception as error:
            failures.append(error)

    writers = [Thread(target=write, args=(f"user:{n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    with Session(engine) as session:
        assert ledger.verify(ledger.export(session)).number == 40
