"""The tables of a handover: written as csv, and read from there again."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from permits.handover.archive import ArchiveReader, ArchiveWriter
from permits.handover.cells import CellUnreadable, text_of, value_of
from permits.handover.columns import handed_over, heading, is_sealed
from permits.handover.manifest import HandoverDamaged
from permits.handover.workbook import Book
from records.batches import BATCH, batches
from records.sealed import Sealer

_LONGEST_FIELD = 64 * 1024**2
_BYTE_ORDER_MARK = "\ufeff"
"""Tells a spreadsheet program that the file is UTF-8."""


FOLDER = "tables"


def csv_name(table: Table) -> str:
    """Return the name of a table's csv file in the zip."""
    return f"{FOLDER}/{table.name}.csv"


def write_table(
    session: Session,
    table: Table,
    archive: ArchiveWriter,
    book: Book,
    sealer: Sealer,
    *,
    with_people: bool,
    progress: Callable[[int], None],
) -> int:
    """Write a table's file and its sheet, and return its number of rows.

    Args:
        progress: told of the rows written so far, now and then.
    """
    columns = handed_over(table, with_people)
    rows = 0
    header = [heading(column) for column in columns]
    book.begin_table(table.name, header)
    with archive.part(csv_name(table)) as part:
        lines = _Lines(part.write)
        lines.row(header)
        query = select(*columns).order_by(*table.primary_key.columns)
        for partition in session.execute(query.execution_options(yield_per=BATCH)).partitions():
            for row in partition:
                values = [
                    sealer.open(value) if value is not None and is_sealed(column) else value
                    for column, value in zip(columns, row, strict=True)
                ]
                texts = [
                    text_of(value, column) for value, column in zip(values, columns, strict=True)
                ]
                lines.row(texts)
                book.row(values, texts)
            rows += len(partition)
            lines.flush()
            progress(rows)
        lines.flush()
    return rows


def read_table(
    table: Table, archive: ArchiveReader, sealer: Sealer, *, with_people: bool
) -> Iterator[list[dict[str, object]]]:
    """Yield a table's rows in batches, by column, sealed anew.

    Raises:
        HandoverDamaged: the file is no such table.
    """
    name, columns = csv_name(table), handed_over(table, with_people)
    with archive.part(name) as part, _long_fields():
        lines = csv.reader(io.TextIOWrapper(part, "utf-8-sig", newline=""), strict=True)
        try:
            if next(lines, None) != [heading(column) for column in columns]:
                raise HandoverDamaged(file=name, fault="wrong")
            yield from batches(_row(line, columns, sealer) for line in lines)
        except (csv.Error, UnicodeDecodeError, CellUnreadable):
            raise HandoverDamaged(file=name, fault="wrong") from None


@contextlib.contextmanager
def _long_fields() -> Iterator[None]:
    """Read long fields inside: the limit is the whole process's, and lists need the usual one."""
    usual = csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _row(
    line: Sequence[str], columns: Sequence[Column[object]], sealer: Sealer
) -> dict[str, object]:
    if len(line) != len(columns):
        raise CellUnreadable
    row: dict[str, object] = {}
    for text, column in zip(line, columns, strict=True):
        if is_sealed(column):
            opened = text.removeprefix("'")
            row[column.name] = sealer.seal(opened) if text else None
        else:
            row[column.name] = value_of(text, column)
    return row


class _Lines:
    """csv lines, gathered and handed on as bytes."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._text = io.StringIO(_BYTE_ORDER_MARK)
        self._text.seek(0, io.SEEK_END)
        self._writer = csv.writer(self._text)

    def row(self, cells: Sequence[str]) -> None:
        self._writer.writerow(cells)

    def flush(self) -> None:
        self._write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()
