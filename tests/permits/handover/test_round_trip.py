import json
import zipfile

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from permits.handover.columns import LEFT_OUT, TABLES, Way
from permits.handover.manifest import HandoverOfOtherVersion
from permits.handover.reading import InstallationNotEmpty, NoAdministrator
from permits.handover.writing import Source, write_handover
from records import ledger, migrating
from records.database import open_engine
from records.file_store import FileStore
from records.people import UnknownUser, User, sign_in
from tests.conftest import POSTGRESQL
from tests.factories import AT, OFFICE, PASSWORD, SEALER, make_vehicle
from tests.permits.handover.conftest import PASSPHRASE, RECEIVER, opened, rows_of, without
from tests.verifier import verifier
from zones.communities import Compound
from zones.plans import ZonePlan


def columns(*ways):
    return {
        table: {name for name, way in kept.ways.items() if way in ways}
        for table, kept in TABLES.items()
    }


SECRETS = {**columns(Way.RENEWED, Way.DROPPED), **{table: {"*"} for table in LEFT_OUT}}
PEOPLE = columns(Way.PERSONAL, Way.SEALED, Way.COMPUTED)
BOTH = {table: names | PEOPLE.get(table, set()) for table, names in SECRETS.items()}


def test_with_people_everything_but_secrets_comes_back_as_it_was(hand_over, hand_on, engine):
    handed = hand_over(PASSPHRASE)
    hand_on(handed.path, passphrase=PASSPHRASE)
    was, now = opened(handed.rows, SEALER), opened(rows_of(engine), RECEIVER)
    assert without(now, SECRETS) == without(was, SECRETS)
    assert "=陈伟" in [one["owner_sealed"] for one in now["vehicles"]]
    for table, names in columns(Way.RENEWED).items():
        for name in names:
            assert not {one[name] for one in was[table]} & {one[name] for one in now[table]}


def test_a_digest_of_the_receivers_knows_the_same_list_again(hand_over, hand_on, engine):
    hand_on(hand_over(PASSPHRASE).path, passphrase=PASSPHRASE)
    with Session(engine) as session:
        found = session.execute(text("SELECT details_digest FROM vehicles WHERE plate='粤E12345'"))
        assert bytes(found.scalar_one()) == RECEIVER.digest("=陈伟", "13800138000")


def test_without_people_all_but_names_phones_and_secrets_comes_back(hand_over, hand_on, engine):
    handed = hand_over()
    hand_on(handed.path)
    now = rows_of(engine)
    assert without(now, BOTH) == without(handed.rows, BOTH)
    shown = opened(now, RECEIVER)
    for table, names in PEOPLE.items():
        assert not any(one[name] for one in shown[table] for name in names), table


def test_a_handover_without_people_names_nobody_and_shows_no_handed_in_file(hand_over):
    handed = hand_over()
    lists = {one["file_sha256"] for one in handed.rows["plate_lists"]}
    with zipfile.ZipFile(handed.path) as archive:
        names = archive.namelist()
        content = b"".join(archive.read(name) for name in names if not name.endswith(".xlsx"))
    for secret in ("陈伟", "13800138000", "13900139000", "+86 138"):
        assert secret.encode() not in content
    assert not {f"files/{one}" for one in lists} & set(names)
    assert not [name for name in names if "private" in name or "signing-" in name]


def test_handed_in_files_are_kept_by_the_receiver(hand_over, hand_on, tmp_path):
    handed = hand_over(PASSPHRASE)
    hand_on(handed.path, passphrase=PASSPHRASE)
    received = FileStore(tmp_path / "received")
    named = [one["file_sha256"] for one in handed.rows["plate_lists"]]
    named += [one["sheet_sha256"] for one in handed.rows["paper_votes"]]
    assert len(named) == 3
    for sha256 in named:
        assert received.read(sha256) == handed.files.read(sha256)


def test_the_receiver_has_the_same_head_and_goes_on_from_it(hand_over, hand_on, engine):
    handed = hand_over()
    taken_in = hand_on(handed.path)
    with Session(engine) as session:
        head = ledger.head(session)
        assert head == handed.manifest.head == taken_in.manifest.head
        act = ledger.Act("community.changed", "community:1", {})
        assert ledger.append(session, OFFICE, [act], AT).number == head.number + 1
        last = max(one["id"] for one in handed.rows["vehicles"])
        compound = session.scalars(select(Compound)).first()
        assert make_vehicle(session, compound).id == last + 1


def test_the_ledger_in_it_is_what_verify_ledger_reads_with_the_handover_as_its_last_entry(
    hand_over,
):
    handed = hand_over()
    with zipfile.ZipFile(handed.path) as archive:
        lines = archive.read("ledger.jsonl").decode().splitlines()
    checked = verifier.Checked(lines, [], [], True)
    assert checked.faults == []
    entries = [json.loads(line) for line in lines if "act" in json.loads(line)]
    last = handed.manifest.head
    assert (entries[-1]["number"], entries[-1]["hash"]) == (last.number, last.hash)
    assert (entries[-1]["act"], entries[-1]["details"]) == ("handover.exported", {"people": False})


def test_one_administrator_gets_a_password_and_nobody_else_has_one(hand_over, hand_on, engine):
    taken_in = hand_on(hand_over().path)
    with Session(engine) as session:
        assert sign_in(session, taken_in.user, taken_in.password).name == "chief"
        for user in session.scalars(select(User)):
            with pytest.raises(UnknownUser):
                sign_in(session, user.name, PASSWORD)


def test_only_an_administrator_with_an_open_account_gets_it(hand_over, hand_on, engine):
    with pytest.raises(NoAdministrator):
        hand_on(hand_over().path, administrator="clerk")
    assert not any(rows_of(engine).values())


def test_a_plan_in_force_is_guarded_again_after_the_import(hand_over, hand_on, engine):
    hand_on(hand_over().path)
    for statement in ("UPDATE zone_plans SET note = 'mine'", "DELETE FROM ledger"):
        with engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    columns = {"community_id": 1, "number": 9, "state": "ratified", "voting_rule": "all"}
    ratified = insert(ZonePlan).values(**columns, first_day=AT.date(), created_at=AT)
    with Session(engine) as session, pytest.raises(DBAPIError):
        session.execute(ratified)


def test_an_installation_that_is_not_empty_stays_as_it_is(hand_over, hand_on, engine, session):
    handed = hand_over()
    hand_on(handed.path)
    before = rows_of(engine)
    with pytest.raises(InstallationNotEmpty):
        hand_on(handed.path, into=engine)
    assert rows_of(engine) == before


def test_a_handover_of_another_version_is_refused(hand_over, hand_on, engine):
    handed = hand_over()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        with pytest.raises(HandoverOfOtherVersion) as refused:
            hand_on(handed.path, into=engine)
    finally:
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :revision"),
                {"revision": handed.manifest.revision},
            )
    assert refused.value.facts == {"found": handed.manifest.revision, "expected": "0001"}


def test_the_record_goes_from_one_database_to_the_other_and_back(
    hand_over, hand_on, engine, tmp_path
):
    """On PostgreSQL by way of SQLite, otherwise by way of another file of the same kind."""
    handed = hand_over()
    other = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrating.upgrade(other)
    hand_on(handed.path, into=other)
    back = tmp_path / "back.zip"
    manifest = write_handover(Source(other, RECEIVER, handed.files), back, at=AT)
    other.dispose()
    hand_on(back)
    assert (manifest.head, manifest.rows) == (handed.manifest.head, handed.manifest.rows)
    assert without(rows_of(engine), BOTH) == without(handed.rows, BOTH)
    assert engine.dialect.name == ("postgresql" if POSTGRESQL else "sqlite")
