"""Bringing a database to a version of the models with Alembic."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from records.database import Base

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to a revision; one that is there already is left alone."""
    with _connected(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to a revision."""
    with _connected(engine) as connection:
        command.downgrade(_config(connection), revision)


@contextlib.contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """Give a connection on which a migration may change any table, committed at the end.

    SQLite changes a table by making another and dropping the first. Rows that refer to it forbid
    that while foreign keys are on, and they can be switched only outside of a transaction.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            connection.commit()
            return
        database = connection.connection.cursor()
        database.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            database.execute("PRAGMA foreign_keys=ON")
        orphans = database.execute("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise RuntimeError(f"rows refer to nothing: {orphans[:5]}")


def revision_of(connection: Connection) -> str | None:
    """Return the revision at which a database is, None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def draft_revision(engine: Engine, message: str) -> None:
    """Write a new migration with what the models have and the database has not."""
    with engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
        connection.rollback()


def differences(engine: Engine) -> list[str]:
    """Return what the models have and the migrated database has not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]
