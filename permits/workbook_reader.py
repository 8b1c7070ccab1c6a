"""Reads one spreadsheet file in a process of its own, with bounds on its memory and time.

A sheet with a cell at A1 and another at XFD1048576 makes the library ask for half a terabyte, and
Rust code that is given no memory ends the process it runs in. So that is never the server's.

Run as a script it takes the file on standard input and writes an `Answer` to standard output.
"""

from __future__ import annotations

import datetime
import io
import marshal
import re
import resource
import sys
from typing import Any

import python_calamine as calamine

MAX_COLUMNS = 200
MAX_ROWS = 50_000
SPARE_ROWS = 1_000
"""Rows allowed above `MAX_ROWS` for titles, notes and blank lines."""

MEMORY_BYTES = 1024**3
CPU_SECONDS = 30

Sheet = tuple[str, list[list[str]], list[tuple[int, int]]]
"""A sheet's name, its rows from row 1, and the cells (row, column from 0) that a merged cell above
them fills."""

Answer = tuple[list[Sheet], str, dict[str, Any]]
"""The visible sheets that have anything in them, or the code of an error and its facts."""


_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Return a text without the characters that neither databases nor workbooks take."""
    return text if text.isprintable() else _UNWANTED.sub("", text)


class _Refused(Exception):
    """The file goes over a bound: the code of an error and its facts."""


def read(content: bytes) -> Answer:
    """Return the visible sheets of a workbook, or why there are none."""
    try:
        return _sheets(content), "", {}
    except _Refused as refusal:
        code, facts = refusal.args
        return [], code, facts
    except calamine.PasswordError:
        return [], "encrypted_file", {}
    except MemoryError:
        return [], "decompression_bomb", {}
    except calamine.CalamineError as error:
        too_large = "limit exceeded" in str(error)
        return [], "decompression_bomb" if too_large else "unreadable_file", {}
    except (OSError, ValueError):
        return [], "unreadable_file", {}
    except BaseException as error:
        # A panic inside the library's Rust code is no Exception; anything else must pass.
        if type(error).__name__ != "PanicException":
            raise
        return [], "unreadable_file", {}


def _sheets(content: bytes) -> list[Sheet]:
    workbook = calamine.load_workbook(io.BytesIO(content))
    sheets: list[Sheet] = []
    rows_left = MAX_ROWS + SPARE_ROWS
    for sheet in workbook.sheets_metadata:
        visible = sheet.visible is calamine.SheetVisibleEnum.Visible
        if not visible or sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        one = _sheet(workbook, sheet.name, rows_left)
        rows_left -= len(one[1])
        if one[1]:
            sheets.append(one)
    return sheets


def _sheet(workbook: calamine.CalamineWorkbook, name: str, rows_left: int) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.end is None or not sheet.height:
        return name, [], []
    last_row, last_column = sheet.end
    if last_column >= MAX_COLUMNS:
        raise _Refused("too_many_columns", {"limit": MAX_COLUMNS, "sheet": name})
    if last_row >= rows_left:
        raise _Refused("too_many_rows", {"limit": MAX_ROWS})
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return name, rows, _fill_merged(rows, sheet.merged_cell_ranges or [])


def _fill_merged(
    rows: list[list[str]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]
) -> list[tuple[int, int]]:
    """Give every row of a merged cell its text: a household with two cars, say.

    Returns:
        The cells that were filled.
    """
    filled: list[tuple[int, int]] = []
    room = sum(len(row) for row in rows)
    for (top, left), (bottom, _) in ranges:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
            continue
        for index in range(top + 1, min(bottom + 1, len(rows))):
            # Merged cells of an honest file do not overlap.
            if len(filled) == room:
                raise _Refused("unreadable_file", {})
            rows[index][left] = rows[top][left]
            filled.append((index, left))
    return filled


def _text(cell: object) -> str:
    match cell:
        case str():
            return clean(cell).strip()
        case bool():
            return ""
        case float():
            # Excel keeps phones and room numbers as floats.
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case int():
            return str(cell)
        case datetime.datetime() | datetime.date() | datetime.time():
            return cell.isoformat()
        case _:
            return ""


def main() -> None:
    """Answer one file and end."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    marshal.dump(read(sys.stdin.buffer.read()), sys.stdout.buffer)


if __name__ == "__main__":
    main()
