"""The database: the models' common base, their column types, and one transaction a use case."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_BUSY_TIMEOUT_MS = 15_000


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: time zone aware in, UTC out, on every database.

    Raises:
        ValueError: when a naive datetime is bound.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The base of every model; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain class attribute
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


_read_only: contextvars.ContextVar[bool] = contextvars.ContextVar("read_only", default=False)


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Let transactions begun inside take no write lock (SQLite: plain `BEGIN`).

    Outside of it every transaction on SQLite begins with `BEGIN IMMEDIATE`: two writers then
    wait for each other instead of failing with "database is locked" half way.
    """
    token = _read_only.set(True)
    try:
        yield
    finally:
        _read_only.reset(token)


def prepare_engine(engine: Engine) -> Engine:
    """Return the engine with this product's settings: on SQLite WAL, foreign keys and locks."""
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: Any, _record: Any) -> None:
        # SQLAlchemy, not sqlite3, says when a transaction begins (see _on_begin).
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_TIMEOUT_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _read_only.get() else "BEGIN IMMEDIATE")

    return engine


def open_engine(url: str) -> Engine:
    """Return a prepared engine for a database URL (`sqlite:///…` or `postgresql+psycopg://…`)."""
    return prepare_engine(create_engine(url))


def open_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return a maker of sessions on the engine."""
    return sessionmaker(engine)


def is_sqlite(session: Session) -> bool:
    """Return whether the session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"
