"""A table of a page as a file for Excel: csv or xlsx, in the words of the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Share:
    """A part of a whole, told in per cent; nothing where the whole is nothing."""

    part: float
    whole: float

    @property
    def value(self) -> float | None:
        """The quotient."""
        return self.part / self.whole if self.whole else None

    def __str__(self) -> str:
        return "–" if self.value is None else f"{100 * self.value:.0f} %"


CellValue = str | int | float | Share


@dataclass(frozen=True)
class PageTable:
    """A table as it is shown and as it is downloaded.

    Attributes:
        name: in its address and its file's name.
        rows: the first cell of each names it.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[CellValue]]


def as_csv(table: PageTable) -> bytes:
    """Return the table as UTF-8 with a byte order mark, without which Excel takes it for GBK."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(table.columns)
    writer.writerows([[_plain(cell) for cell in row] for row in table.rows])
    return file.getvalue().encode("utf-8-sig")


def _plain(cell: CellValue) -> str | int | float:
    if isinstance(cell, Share):
        return "" if cell.value is None else round(cell.value, 4)
    # Excel runs a text that begins like a formula.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS_AS_FORMULA) else cell


def as_xlsx(table: PageTable) -> bytes:
    """Return the table as a workbook: texts as text, numbers as numbers, shares in per cent."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title[:31])
    for place, column in enumerate(table.columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = max(12, 2 * len(column))
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, column, is_bold=True) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: WriteOnlyWorksheet, value: CellValue, *, is_bold: bool = False) -> Cell:
    if isinstance(value, Share):
        cell = WriteOnlyCell(sheet, value=value.value)
        cell.number_format = "0%"
        return cell
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True
    cell.font = Font(bold=is_bold)
    return cell
