"""The refused rows of a list as a workbook, ready to mend and send again."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from permits.plate_list import PlateListRow
from permits.workbook_reader import clean
from records.sealed import Sealer

WIDTHS = (18, 10, 10, 10, 14, 16, 60)
"""Column widths, in characters."""


def refused_workbook(
    rows: Iterable[PlateListRow],
    sealer: Sealer,
    *,
    header: Sequence[str],
    reason: Callable[[PlateListRow], str],
) -> bytes:
    """Return an xlsx file with one line for each row and why it was refused.

    Every cell is text, so that nothing a list held can run as a formula.

    Args:
        header: names of the columns plate, building, unit, room, owner, phone, reason; the first
            six are names by which a list's columns are known, so that the file can be sent again.
        reason: the words for a row.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for index, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFG"[index]].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, name, bold=True) for name in header])
    for row in rows:
        cells = (
            row.raw,
            row.building,
            row.unit,
            row.room,
            sealer.open(row.owner_sealed) if row.owner_sealed else "",
            sealer.open(row.phone_sealed) if row.phone_sealed else "",
            reason(row),
        )
        sheet.append([_text(sheet, cell) for cell in cells])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(sheet: WriteOnlyWorksheet, value: str, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet, value=clean(value))
    cell.data_type = "s"
    cell.quotePrefix = True
    cell.font = Font(bold=bold)
    return cell
