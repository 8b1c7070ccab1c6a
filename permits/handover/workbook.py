"""All tables of a handover as one workbook: for people, never read again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from permits.workbook_reader import clean

MAX_ROWS = 1_048_576
"""Of a sheet; a longer table goes on on another one."""

LONGEST_TEXT = 32_767
"""Of a cell, in characters; longer texts are whole in the csv file."""

LONGEST_NAME = 31
"""Of a sheet."""


class Book:
    """A workbook with a sheet for each table; its rows go to the disk as they come."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._name, self._header = "", [""]
        self._sheet: WriteOnlyWorksheet
        self._number, self._rows = 0, 0

    def begin_table(self, name: str, header: list[str]) -> None:
        """Begin a sheet."""
        self._name, self._header, self._number = name, header, 0
        self._begin_sheet()

    def row(self, values: Sequence[object], texts: Sequence[str]) -> None:
        """Add a row.

        Args:
            texts: the values as the csv file has them, for those that a cell cannot be.
        """
        if self._rows == MAX_ROWS:
            self._begin_sheet()
        self._rows += 1
        self._sheet.append([self._cell(*cell) for cell in zip(values, texts, strict=True)])

    def save(self, path: Path) -> None:
        """Write the file."""
        self._book.save(path)

    def _begin_sheet(self) -> None:
        self._number += 1
        ending = "" if self._number == 1 else f" {self._number}"
        self._sheet = self._book.create_sheet(self._name[: LONGEST_NAME - len(ending)] + ending)
        self._sheet.freeze_panes = "A2"
        self._sheet.append(self._header)
        self._rows = 1

    def _cell(self, value: object, text: str) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        shown = clean(value if isinstance(value, str) else text)[:LONGEST_TEXT]
        if not shown.startswith("="):
            return shown
        cell = WriteOnlyCell(self._sheet, value=shown)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
