"""An empty list to fill in: header, formats and checks of each column, and a sheet of examples."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from permits.plates import PROVINCES

ROWS = 2_000
"""Rows that are checked while they are filled in; below them a list may go on."""

LONGEST_PART = 20
"""Characters of a building, a unit or a room."""

_FIRST_CHARACTERS = f"{PROVINCES}使民W"
"""What a plate that a resident may have begins with: a province, an embassy, aviation, WJ."""

_WIDTHS = (18, 8, 8, 10, 14, 18)
_TEXT = "@"


@dataclass(frozen=True)
class TemplateWords:
    """The words of a template, in one language.

    Attributes:
        sheet, example_sheet: names of the two sheets; the second has to be one of
            `permits.reading.EXAMPLE_SHEETS`.
        header: names of the columns plate, building, unit, room, owner, phone.
        hints: what is said beside a cell of each column while it is filled in.
        faults: what is said of a cell that looks wrong; a person may keep it all the same.
        examples: rows of the second sheet.
        note: what stands above them.
    """

    sheet: str
    example_sheet: str
    header: Sequence[str]
    hints: Sequence[str]
    faults: Sequence[str]
    examples: Sequence[Sequence[str]]
    note: str


def list_template(words: TemplateWords) -> bytes:
    """Return an xlsx file: a sheet to fill in, and one with examples that is not read as a list.

    Every cell is text, so that a phone number or a flat `3-2` stays what was typed. A cell that
    looks wrong gets a question, not a refusal: what a plate is, the review decides.
    """
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    sheet.title = words.sheet
    _head(sheet, 1, words.header)
    sheet.freeze_panes = "A2"
    for column, hint, fault, rule in zip(
        range(1, 7), words.hints, words.faults, _RULES, strict=True
    ):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].number_format = _TEXT
        check = DataValidation(
            type="custom",
            formula1=rule.format(cell=f"{letter}2"),
            allow_blank=True,
            errorStyle="warning",
            error=fault,
            prompt=hint,
            showErrorMessage=True,
            showInputMessage=True,
        )
        check.add(f"{letter}2:{letter}{ROWS + 1}")
        sheet.add_data_validation(check)
    _examples(book.create_sheet(words.example_sheet), words)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_PLAIN = 'SUBSTITUTE(SUBSTITUTE({cell},"·","")," ","")'
_SHORT = f"LEN({{cell}})<={LONGEST_PART}"
_RULES = (
    f'AND(ISNUMBER(FIND(LEFT({{cell}},1),"{_FIRST_CHARACTERS}")),'
    f"ABS(LEN({_PLAIN})-7.5)<1,"
    f'ISERROR(FIND("O",UPPER({{cell}}))),ISERROR(FIND("I",UPPER({{cell}}))))',
    _SHORT,
    _SHORT,
    _SHORT,
    "LEN({cell})<=60",
    'AND(LEN({cell})>=7,ISNUMBER(VALUE(SUBSTITUTE(SUBSTITUTE({cell},"-","")," ",""))))',
)
"""Whether a cell of each column looks right: formulas of Excel and WPS, 255 characters at most."""


def _examples(sheet: Worksheet, words: TemplateWords) -> None:
    sheet.append([words.note])
    sheet["A1"].font = Font(bold=True)
    sheet.merge_cells("A1:F1")
    _head(sheet, 2, words.header)
    for row, cells in enumerate(words.examples, start=3):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(row, column, text)
            cell.number_format = _TEXT
            cell.font = Font(color="FF6B7280")
    sheet.protection.sheet = True


def _head(sheet: Worksheet, row: int, header: Sequence[str]) -> None:
    for column, (name, width) in enumerate(zip(header, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(row, column, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE9EBEE")
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
