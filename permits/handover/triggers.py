"""Setting aside what refuses rows with a past, while a whole past comes in at once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection, text

_OF_SQLITE = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%refuse%'"
)
_OF_POSTGRESQL = text(
    "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE relnamespace = current_schema()::regnamespace"
    " AND NOT tgisinternal AND tgname LIKE '%refuse%'"
)


_NAMING_THEIR_OWN = text(
    "SELECT relname, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
    " WHERE relnamespace = current_schema()::regnamespace"
    " AND contype = 'f' AND conrelid = confrelid"
)


class NamesNothing(ValueError):
    """A row names another one that is not there."""


@contextlib.contextmanager
def set_aside(connection: Connection) -> Iterator[None]:
    """Let rows in that were decided elsewhere, such as a plan that was voted for long ago.

    Triggers that refuse are off. A row may name a later one of its table, as a permit does that
    was replaced. All of it within the connection's transaction: nobody else ever sees the tables
    without their triggers, and what fails leaves them as they were.

    Raises:
        NamesNothing, IntegrityError: rows name others that did not come in.
    """
    if connection.dialect.name == "sqlite":
        triggers = connection.execute(_OF_SQLITE).all()
        for trigger in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{trigger.name}"')
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        yield
        for trigger in triggers:
            connection.exec_driver_sql(trigger.sql)
        # SQLite would refuse the commit, and leave the transaction open.
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise NamesNothing
        return
    found = connection.execute(_OF_POSTGRESQL).all()
    keys = connection.execute(_NAMING_THEIR_OWN).all()
    for table, trigger in found:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
    for table, key in keys:
        connection.exec_driver_sql(
            f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" DEFERRABLE INITIALLY DEFERRED'
        )
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, key in keys:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" NOT DEFERRABLE')
    for table, trigger in found:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER "{trigger}"')
