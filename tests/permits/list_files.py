"""Builds real list files for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Rows = Iterable[Sequence[Any]]

XLSX_SHEET = "xl/worksheets/sheet1.xml"


def xlsx(
    rows: Rows,
    *,
    merged: Sequence[str] = (),
    more: Mapping[str, Rows] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    """A workbook with `rows` on its first sheet and `more` sheets by name."""
    book = openpyxl.Workbook()
    for name, cells in {"清单": rows, **(more or {})}.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    del book["Sheet"]
    for cells in merged:
        book["清单"].merge_cells(cells)
    return _saved(book.save)


def xls(rows: Rows) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("清单")
    for index, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(index, column, value)
    return _saved(book.save)


def ods(rows: Rows) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="清单")
    for row in rows:
        line = TableRow()
        for value in row:
            line.addElement(_ods_cell(value))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    return _saved(document.write)


def _ods_cell(value: object) -> TableCell:
    if value is None:
        return TableCell()
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=value)
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=str(value)))
    return cell


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def csv(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    lines = (delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(workbook: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts[name])
    return zipped(parts)
