"""Values of the database as cells of a csv file, and back to the very same values."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Time,
)

from records.database import UtcDateTime

# A spreadsheet program takes a cell that begins like this for a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'")
_TRUTHS = {"true": True, "false": False}


class CellUnreadable(ValueError):
    """A cell holds no value of its column's type."""


def text_of(value: object, column: Column[object]) -> str:
    """Return a value as the text of a cell.

    NULL is an empty cell. A text that begins like a formula, or with an apostrophe, has an
    apostrophe before it; so has an empty text in a column that may be NULL.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str() if not isinstance(column.type, JSON):
            quoted = value.startswith(_DANGEROUS) or (not value and column.nullable)
            return f"'{value}" if quoted else value
        case int() | float():
            return repr(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)


def value_of(text: str, column: Column[object]) -> object:
    """Return the value that `text_of` made a cell of.

    Raises:
        CellUnreadable: the cell holds no such value.
    """
    is_text = isinstance(column.type, String)
    if not text and (column.nullable or not is_text):
        if column.nullable:
            return None
        raise CellUnreadable(column.name)
    if is_text:
        return text.removeprefix("'")
    try:
        return _parsed(text, column)
    except (ValueError, KeyError):
        raise CellUnreadable(column.name) from None


def _parsed(text: str, column: Column[object]) -> object:
    match column.type:
        case Boolean():
            return _TRUTHS[text]
        case Integer():
            return int(text)
        case Float():
            return float(text)
        case UtcDateTime():
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case Date():
            return date.fromisoformat(text)
        case Time():
            return time.fromisoformat(text)
        case LargeBinary():
            return bytes.fromhex(text)
        case _:
            return json.loads(text)
