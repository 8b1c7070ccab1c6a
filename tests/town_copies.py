"""Databases that hold a town, kept once a process and copied into the databases of tests.

Making a town takes forty times as long as copying it: drafting, proposing and voting go through the
domain, as they must, because the database refuses a plan in force that nobody voted for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from records.database import Base, is_sqlite


class DatabaseCopy(Protocol):
    """What a database held at a moment."""

    def restore(self, session: Session) -> None:
        """Bring it all back into an empty database; the session begins anew."""


def copy_of(session: Session) -> DatabaseCopy:
    """Return a copy of what a session's database holds, as committed."""
    session.commit()
    return SqliteCopy(session) if is_sqlite(session) else PostgresqlCopy(session)


def _connection(session: Session) -> Any:
    """Return a connection beside the session's own, which must not be in a transaction."""
    session.rollback()
    return session.get_bind().engine.raw_connection()


class SqliteCopy:
    """The pages of the file."""

    def __init__(self, session: Session) -> None:
        self._pages = sqlite3.connect(":memory:", check_same_thread=False)
        connection = _connection(session)
        connection.driver_connection.backup(self._pages)
        connection.close()

    def restore(self, session: Session) -> None:
        """Write the pages."""
        connection = _connection(session)
        self._pages.backup(connection.driver_connection)
        connection.close()


_LAST_NUMBERS = text(
    "SELECT sequencename, last_value FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


class PostgresqlCopy:
    """The rows of all tables and the sequences' last numbers."""

    def __init__(self, session: Session) -> None:
        tables = Base.metadata.sorted_tables
        rows = {table: session.execute(select(table)).mappings().all() for table in tables}
        self._rows: dict[Any, list[Mapping[str, Any]]] = {
            table: [dict(row) for row in found] for table, found in rows.items() if found
        }
        self._last = dict(session.execute(_LAST_NUMBERS).all())
        session.rollback()

    def restore(self, session: Session) -> None:
        """Insert the rows; triggers and foreign keys looked at them when they were made."""
        session.rollback()
        session.execute(text("SET LOCAL session_replication_role = replica"))
        connection = session.connection()
        for table, rows in self._rows.items():
            connection.execute(insert(table), rows)
        for sequence, last in self._last.items():
            connection.execute(text(f"SELECT setval('{sequence}', {last})"))
        session.commit()
