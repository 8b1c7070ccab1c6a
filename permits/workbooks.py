"""Spreadsheet files (xlsx, xls, ods) as tables of texts, with bounds on what they may unpack to.

The cells' kept values are read; formulas are never evaluated and links never followed.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from dataclasses import dataclass

import python_calamine as calamine

from permits.reading_errors import (
    DecompressionBomb,
    EncryptedFile,
    NotAList,
    TooManyColumns,
    TooManyRows,
    UnreadableFile,
)

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_COLUMNS = 200
MAX_ROWS = 50_000
MAX_PARTS = 2_000

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# In an OLE container, stream names are UTF-16: these two mean an encrypted OOXML workbook.
_ENCRYPTED_STREAMS = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
# BIFF record FILEPASS (0x002F), [MS-XLS] 2.4.117, with the lengths that it has in practice.
_FILEPASS = (b"\x2f\x00\x36\x00", b"\x2f\x00\x04\x00", b"\x2f\x00\x06\x00", b"\x2f\x00\xc8\x00")


@dataclass(frozen=True)
class Table:
    """One sheet: rows of texts; `rows[0]` is row 1 and column 0 is column A."""

    name: str
    rows: list[list[str]]


def is_workbook(content: bytes) -> bool:
    """Return whether a file begins like a spreadsheet file."""
    return content.startswith((ZIP_MAGIC, OLE_MAGIC))


def read_workbook(content: bytes) -> list[Table]:
    """Return the visible sheets that have anything in them.

    Raises:
        DecompressionBomb, EncryptedFile, NotAList, TooManyColumns, TooManyRows, UnreadableFile.
    """
    if content.startswith(ZIP_MAGIC):
        _check_zip(content)
    else:
        _check_ole(content)
    try:
        workbook = calamine.load_workbook(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible is calamine.SheetVisibleEnum.Visible
            and sheet.typ is calamine.SheetTypeEnum.WorkSheet
        ]
        return [table for name in visible if (table := _read_sheet(workbook, name)).rows]
    except calamine.PasswordError:
        raise EncryptedFile from None
    except (calamine.CalamineError, OSError, ValueError, UnicodeDecodeError):
        raise UnreadableFile from None
    except BaseException as error:
        # A panic inside the library's Rust code is no Exception; anything else must pass.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile from None


def _read_sheet(workbook: calamine.CalamineWorkbook, name: str) -> Table:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.width > MAX_COLUMNS and sheet.height:
        raise TooManyColumns(limit=MAX_COLUMNS, sheet=name)
    if sheet.total_height > MAX_ROWS + 1_000:
        raise TooManyRows(limit=MAX_ROWS)
    if not sheet.height:
        return Table(name, [])
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    _fill_merged(rows, sheet.merged_cell_ranges or [])
    return Table(name, rows)


def _fill_merged(
    rows: list[list[str]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Give every row of a cell merged downwards its text: a household with two cars, say.

    Cells merged sideways are titles and stay as they are.
    """
    for (top, left), (bottom, right) in ranges:
        if left != right or bottom >= len(rows):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and left < len(rows[top]):
                row[left] = rows[top][left]


def _text(cell: object) -> str:
    match cell:
        case str():
            return cell.strip()
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


def _check_zip(content: bytes) -> None:
    """Unpack every part into nothing and count: what the directory says may be a lie."""
    limit_mb = MAX_UNPACKED_BYTES // 1024**2
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
                raise NotAList(looks_like="zip")
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                raise DecompressionBomb(limit_mb=limit_mb)
            left = MAX_UNPACKED_BYTES
            for part in parts:
                if part.flag_bits & 0x1:
                    raise EncryptedFile
                with archive.open(part) as stream:
                    while chunk := stream.read(1024 * 1024):
                        left -= len(chunk)
                        if left < 0:
                            raise DecompressionBomb(limit_mb=limit_mb)
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                raise EncryptedFile
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError):
        raise UnreadableFile from None
    except Exception as error:
        if type(error).__module__ not in {"zlib", "lzma"}:
            raise
        raise UnreadableFile from None


def _check_ole(content: bytes) -> None:
    if any(stream in content for stream in _ENCRYPTED_STREAMS):
        raise EncryptedFile
    if "Workbook".encode("utf-16-le") not in content and "Book".encode("utf-16-le") not in content:
        raise NotAList(looks_like="doc")
    # FILEPASS stands right behind the BOF record of the workbook stream.
    start = content.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    if start >= 0 and content[start + 20 : start + 24] in _FILEPASS:
        raise EncryptedFile
