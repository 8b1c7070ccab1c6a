"""Reading a plate list as it really comes: a file or pasted text in, rows out.

Pure: nothing is looked up and nothing is written. Whether a plate is one is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from permits.delimited import decode, read_delimited
from permits.headers import (
    HEADER_SEARCH_ROWS,
    Column,
    guess_columns,
    looks_like_plate,
    read_header,
)
from permits.households_text import HouseholdText, canonical_part, fold, parse_household
from permits.plate_cells import split_cell
from permits.reading_errors import EmptyList, FileTooLarge, NoPlateColumn, TooManyRows
from permits.workbooks import MAX_ROWS, Table, is_workbook, read_workbook

MAX_FILE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ListRow:
    """One plate of a list, or one row of it that has other data but no plate.

    Attributes:
        sheet: the sheet's name; empty for text.
        row: the row's number from 1, as Excel shows it.
        raw: the plate as typed; empty where there is none.
    """

    sheet: str
    row: int
    raw: str
    owner: str = ""
    phone: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""


@dataclass(frozen=True)
class ReadList:
    """A list as read.

    Attributes:
        sheets: the sheets that hold rows.
        ignored: the sheets without plates.
        encoding: a text file's encoding.
    """

    rows: tuple[ListRow, ...]
    sheets: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    encoding: str | None = None


def read_list(content: bytes, file_name: str = "") -> ReadList:
    """Return the rows of a list file: xlsx, xls, ods, csv or tsv, told apart by content.

    Args:
        file_name: only named in errors.

    Raises:
        FileTooLarge, TooManyRows, TooManyColumns, DecompressionBomb, UnreadableFile,
        EncryptedFile, NotAList, EmptyList, NoPlateColumn: see `permits.reading_errors`.
    """
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge(limit_mb=MAX_FILE_BYTES // 1024**2, file=file_name)
    if not content.strip():
        raise EmptyList(file=file_name)
    if is_workbook(content):
        return _rows_of(read_workbook(content), None)
    text, encoding = decode(content)
    return _rows_of(read_delimited(text), encoding)


def read_text(text: str) -> ReadList:
    """Return the rows of pasted text: cells copied from Excel, or plates one a line.

    Raises:
        FileTooLarge, TooManyRows, TooManyColumns, EmptyList, NoPlateColumn.
    """
    if len(text.encode(errors="replace")) > MAX_FILE_BYTES:
        raise FileTooLarge(limit_mb=MAX_FILE_BYTES // 1024**2, file="")
    if not text.strip():
        raise EmptyList(file="")
    return _rows_of(read_delimited(text), None)


def _rows_of(tables: list[Table], encoding: str | None) -> ReadList:
    filled = [table for table in tables if any(any(row) for row in table.rows)]
    if not filled:
        raise EmptyList(file="")
    rows: list[ListRow] = []
    sheets: list[str] = []
    ignored: list[str] = []
    for table in filled:
        found = _columns_of(table)
        if found is None:
            ignored.append(table.name)
            continue
        sheets.append(table.name)
        for one in _list_rows(table, *found):
            rows.append(one)
            if len(rows) > MAX_ROWS:
                raise TooManyRows(limit=MAX_ROWS)
    if not sheets:
        raise NoPlateColumn
    if not rows:
        raise EmptyList(file="")
    return ReadList(tuple(rows), tuple(sheets), tuple(ignored), encoding)


def _columns_of(table: Table) -> tuple[int, Mapping[int, Column]] | None:
    """Return the index of the first data row and the columns, None for a sheet without plates."""
    for index, row in enumerate(table.rows[:HEADER_SEARCH_ROWS]):
        columns = read_header(row)
        if columns is not None:
            return index + 1, columns
    guessed = guess_columns([row for row in table.rows if any(row)])
    if guessed is None:
        return None
    plate_columns = [index for index, column in guessed.items() if column is Column.PLATE]
    for index, row in enumerate(table.rows):
        if any(looks_like_plate(word) for at in plate_columns for word in _cells(row, at)):
            return index, guessed
    return 0, guessed


def _cells(row: list[str], index: int) -> list[str]:
    return split_cell(row[index]) if index < len(row) else []


def _list_rows(table: Table, first: int, columns: Mapping[int, Column]) -> Iterator[ListRow]:
    plate_columns = [index for index, column in columns.items() if column is Column.PLATE]
    others = {column: index for index, column in columns.items() if column is not Column.PLATE}
    households: dict[tuple[str, str, str, str], HouseholdText] = {}
    for index in range(first, len(table.rows)):
        row = table.rows[index]
        if not any(row) or read_header(row) is not None:
            continue
        data: dict[Column, str] = {
            column: row[at] for column, at in others.items() if at < len(row) and row[at]
        }
        plates = [plate for at in plate_columns for plate in _cells(row, at)]
        if not plates:
            if _is_a_car(data):
                plates = [""]
            else:
                continue
        key = tuple(
            data.get(column, "")
            for column in (Column.BUILDING, Column.UNIT, Column.ROOM, Column.HOUSEHOLD)
        )
        household = households.get(key)  # type: ignore[arg-type]
        if household is None:
            household = households[key] = _household(*key)  # type: ignore[index]
        owner = " ".join(data.get(Column.OWNER, "").split())
        phone = fold(data.get(Column.PHONE, ""))
        for plate in plates:
            yield ListRow(table.name, index + 1, plate, owner, phone, *household)


def _is_a_car(data: Mapping[Column, str]) -> bool:
    """Return whether a row without a plate still stands for a car whose plate was forgotten.

    Totals, signatures and notes below a list fill at most one of its columns.
    """
    return len(data) >= 2 or Column.PHONE in data


def _household(building: str, unit: str, room: str, household: str) -> HouseholdText:
    if household:
        whole = parse_household(household)
        return HouseholdText(
            canonical_part(building) if building else whole.building,
            canonical_part(unit) if unit else whole.unit,
            canonical_part(room) if room else whole.room,
        )
    if room and not building and not unit:
        return parse_household(room)
    return HouseholdText(canonical_part(building), canonical_part(unit), canonical_part(room))
