"""Reading a plate list as it really comes: a file or pasted text in, rows out.

Pure: nothing is looked up and nothing is written. Whether a plate is one is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from permits.delimited import decode, read_delimited
from permits.headers import (
    HEADER_SEARCH_ROWS,
    Column,
    Group,
    Layout,
    guess_columns,
    is_second_header,
    looks_like_plate,
    read_header,
    repeats_header,
)
from permits.households_text import HouseholdText, canonical_part, fold, parse_household
from permits.plate_cells import split_cell
from permits.plates import PROVINCES, normalise
from permits.reading_errors import EmptyList, FileTooLarge, NoPlateColumn, TooManyRows
from permits.workbook_reader import MAX_ROWS
from permits.workbooks import Table, is_workbook, read_workbook

MAX_FILE_BYTES = 10 * 1024 * 1024

_NOTE = re.compile(
    r"(合计|总计|共计|小计|累计|总数|备注|说明|制表|填表|填报|审核|审批|签名|签字|签章|盖章|日期|业主代表"
    r"|以上|注[:：]|共[0-9]+|total\b|signature\b|signed\b|date\b|note\b|[0-9]{4}年)",
    re.IGNORECASE,
)
_LONGEST_NAME = 20
EXAMPLE_SHEETS = frozenset(("示例", "填写示例", "样例", "EXAMPLE"))
"""Names, in capitals, of sheets that show how a list is filled in and are none."""
_PLATE_START = re.compile(rf"[{PROVINCES}使]?[A-Z0-9]{{5,8}}[警学挂领港澳临使]?")
_HOUSEHOLD_COLUMNS = (Column.BUILDING, Column.UNIT, Column.ROOM, Column.HOUSEHOLD)
_DIGIT = re.compile(r"[0-9]")


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
        found = None if _is_example(table) else _columns_of(table)
        if found is None:
            ignored.append(table.name)
            continue
        sheets.append(table.name)
        for one in _list_rows(table, *found):
            rows.append(one)
            if len(rows) > MAX_ROWS:
                raise TooManyRows(limit=MAX_ROWS)
    if not sheets and not all(_is_example(table) for table in filled):
        raise NoPlateColumn
    if not rows:
        raise EmptyList(file="")
    return ReadList(tuple(rows), tuple(sheets), tuple(ignored), encoding)


def _is_example(table: Table) -> bool:
    return table.name.strip().upper() in EXAMPLE_SHEETS


def _columns_of(table: Table) -> tuple[int, Layout] | None:
    """Return the index of the first data row and the columns, None for a sheet without plates."""
    for index in range(min(len(table.rows), HEADER_SEARCH_ROWS)):
        header = _header_at(table.rows, index)
        if header is not None:
            return header
    guessed = guess_columns([row for row in table.rows if any(row)])
    if guessed is None:
        return None
    for index in range(len(table.rows)):
        if any(_begins_list(raw) for group in guessed for raw in _plates(table, index, group)):
            return index, guessed
    return 0, guessed


def _header_at(rows: list[list[str]], index: int) -> tuple[int, Layout] | None:
    """Return where the data below a header begins and its columns, None where none begins."""
    layout = read_header(rows[index])
    if layout is None:
        return None
    if index + 1 < len(rows) and is_second_header(rows[index + 1]):
        return index + 2, read_header(rows[index], rows[index + 1]) or layout
    return index + 1, layout


def _begins_list(raw: str) -> bool:
    """Return whether a text may be a plate, right or wrong, and so is no title above the list."""
    if looks_like_plate(raw):
        return True
    text = normalise(raw)
    return _PLATE_START.fullmatch(text) is not None and len(_DIGIT.findall(text)) >= 3


def _plates(table: Table, index: int, group: Group) -> list[str]:
    row = table.rows[index]
    columns = (at for at in group.plates if at < len(row) and (index, at) not in table.filled)
    return [plate for at in columns if row[at] for plate in split_cell(row[at])]


def _list_rows(table: Table, first: int, layout: Layout) -> Iterator[ListRow]:
    households: dict[tuple[str, ...], HouseholdText] = {}
    index = first
    while index < len(table.rows):
        row = table.rows[index]
        if repeats_header(row) and (header := _header_at(table.rows, index)):
            index, layout = header
            continue
        for group, plates in _cars(table, index, layout):
            data = {
                column: row[at] for column, at in group.others.items() if at < len(row) and row[at]
            }
            key = tuple(data.get(column, "") for column in _HOUSEHOLD_COLUMNS)
            household = households.get(key)
            if household is None:
                household = households[key] = _household(*key)
            owner = " ".join(data.get(Column.OWNER, "").split())
            phone = fold(data.get(Column.PHONE, ""))
            for plate in plates:
                yield ListRow(table.name, index + 1, plate, owner, phone, *household)
        index += 1


def _cars(table: Table, index: int, layout: Layout) -> Iterator[tuple[Group, list[str]]]:
    """Yield the plates of each group of columns, `[""]` for a car whose plate was forgotten."""
    row = table.rows[index]
    if not any(row):
        return
    found = [(group, _plates(table, index, group)) for group in layout]
    plates = [plate for _, some in found for plate in some]
    if not any(map(looks_like_plate, plates)) and _is_note(row, layout, plates):
        return
    if not plates and any((index, at) in table.filled for group in layout for at in group.plates):
        # The row goes on with a plate that is merged over several rows.
        return
    for group, some in found:
        own = [at for column, at in group.others.items() if column in group.own]
        if some:
            yield group, some
        elif _has_own(table, index, own):
            yield group, [""]
            plates = [""]
    if not plates and _has_own(table, index, list(layout[0].others.values())):
        yield layout[0], [""]


def _has_own(table: Table, index: int, columns: list[int]) -> bool:
    """Return whether one of the columns has a text of this row, not of a merged cell above."""
    row = table.rows[index]
    return any(at < len(row) and row[at] and (index, at) not in table.filled for at in columns)


def _is_note(row: list[str], layout: Layout, plates: list[str]) -> bool:
    """Return whether a row is a total, a signature or a note and stands for no car."""
    indexes = {at for group in layout for at in group.others.values()}
    data = [row[at] for at in indexes if at < len(row) and row[at]]
    first = next(cell for cell in row if cell)
    plain = [cell for cell in data if not _NOTE.match(cell)]
    says_so = _NOTE.match(first) or len(plain) < len(data) or any(map(_NOTE.match, plates))
    if says_so and len(plain) < 2:
        return True
    alone = len(data) == 1 and not plates
    return alone and (len(data[0]) > _LONGEST_NAME or "：" in data[0] or ":" in data[0])


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
