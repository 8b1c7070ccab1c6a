"""What PostgreSQL knows of its tables, brought up to date when much came at once."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from records.database import is_sqlite

MANY = 500
"""Rows in one act from which it matters; of fewer, PostgreSQL's own care comes soon enough."""


def count_anew(session: Session, rows: int, *tables: str) -> None:
    """Have PostgreSQL look at tables that got many rows, inside the session's transaction.

    It would do so by itself about a minute later. Until then it plans as if the tables were as
    small as before, and joins all rows of one with all of the other. SQLite plans by indexes.
    """
    if rows < MANY or is_sqlite(session):
        return
    for table in tables:
        session.execute(text(f"ANALYZE {table}"))
