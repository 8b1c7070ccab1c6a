"""Spreadsheet files (xlsx, xls, ods) as tables of texts, with bounds on what they may unpack to.

The cells' kept values are read; formulas are never evaluated and links never followed.
"""

from __future__ import annotations

import io
import marshal
import os
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass

from permits import workbook_reader
from permits.reading_errors import (
    DecompressionBomb,
    EncryptedFile,
    NotAList,
    TooManyColumns,
    TooManyRows,
    UnreadableFile,
)

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 2_000
READING_SECONDS = 120
"""Wall time after which a file is given up: four times the processor time it may use."""

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# In an OLE container, stream names are UTF-16: these two mean an encrypted OOXML workbook.
_ENCRYPTED_STREAMS = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
# [MS-XLS] 2.4: a BIFF8 stream begins with BOF, and FILEPASS stands behind it where it is encrypted.
_BOF = b"\x09\x08\x10\x00\x00\x06"
_BOF_BYTES = 20
_WRITE_PROTECT, _FILE_PASS = 0x86, 0x2F
_WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
_OTHER_DOCUMENTS = (("word/", "docx"), ("ppt/", "pptx"))
_LIMIT_MB = MAX_UNPACKED_BYTES // 1024**2


@dataclass(frozen=True)
class Table:
    """One sheet: rows of texts; `rows[0]` is row 1 and column 0 is column A.

    Attributes:
        filled: cells (row, column from 0) that have their text from a merged cell above.
    """

    name: str
    rows: list[list[str]]
    filled: frozenset[tuple[int, int]] = frozenset()


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
    sheets, code, facts = _read_apart(content)
    for error in (EncryptedFile, TooManyColumns, TooManyRows, UnreadableFile):
        if code == error.code:
            raise error(**facts)
    if code:
        raise DecompressionBomb(limit_mb=_LIMIT_MB)
    return [Table(name, rows, frozenset(filled)) for name, rows, filled in sheets]


def _read_apart(content: bytes) -> workbook_reader.Answer:
    """Return what `workbook_reader` answers from a process of its own."""
    # -P keeps this folder out of the search path, where token.py would hide Python's own.
    command = [sys.executable, "-P", workbook_reader.__file__]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the file goes to its standard input
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "RUST_BACKTRACE": "0"},
            timeout=READING_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], DecompressionBomb.code, {}
    if done.returncode:
        # It was ended by one of its bounds.
        return [], DecompressionBomb.code, {}
    answer: workbook_reader.Answer = marshal.loads(done.stdout)  # noqa: S302 - from our own script
    return answer


def _check_zip(content: bytes) -> None:
    """Unpack every part into nothing and count: what the directory says may be a lie.

    Raises:
        DecompressionBomb, EncryptedFile, NotAList, UnreadableFile.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _check_kind(archive, names)
            if len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED_BYTES:
                raise DecompressionBomb(limit_mb=_LIMIT_MB)
            left = MAX_UNPACKED_BYTES
            for part in parts:
                if part.flag_bits & 0x1:
                    raise EncryptedFile
                left -= _unpacked_bytes(archive, part, left)
            manifest = "META-INF/manifest.xml"
            if manifest in names and b"encryption-data" in archive.read(manifest):
                raise EncryptedFile
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, zlib.error):
        raise UnreadableFile from None


def _check_kind(archive: zipfile.ZipFile, names: set[str]) -> None:
    for folder, kind in _OTHER_DOCUMENTS:
        if any(name.startswith(folder) for name in names):
            raise NotAList(looks_like=kind)
    if not names & _WORKBOOK_PARTS:
        raise NotAList(looks_like="zip")
    if "content.xml" in names and "mimetype" in names:
        with archive.open("mimetype") as stream:
            kind = stream.read(100).decode("ascii", "replace")
        if "spreadsheet" not in kind:
            raise NotAList(looks_like=kind.rpartition(".")[2] or "zip")


def _unpacked_bytes(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Return how many bytes a part unpacks to.

    Raises:
        DecompressionBomb: more than `left`.
        UnreadableFile: another number than the directory says.
    """
    said = part.file_size
    # Reading stops where the directory says the part ends, so it must not be believed.
    part.file_size = MAX_UNPACKED_BYTES + 1
    unpacked = 0
    with archive.open(part) as stream:
        while chunk := stream.read(1024 * 1024):
            unpacked += len(chunk)
            if unpacked > left:
                raise DecompressionBomb(limit_mb=_LIMIT_MB)
    part.file_size = said
    if unpacked != said:
        raise UnreadableFile
    return unpacked


def _check_ole(content: bytes) -> None:
    if any(stream in content for stream in _ENCRYPTED_STREAMS):
        raise EncryptedFile
    if not any(stream in content for stream in _WORKBOOK_STREAMS):
        raise NotAList(looks_like="doc")
    start = content.find(_BOF)
    behind = content[start + _BOF_BYTES : start + _BOF_BYTES + 6] if start >= 0 else b""
    records = [int.from_bytes(behind[place : place + 2], "little") for place in (0, 4)]
    # An empty WRITEPROTECT may stand between the two.
    if records[0] == _FILE_PASS or records == [_WRITE_PROTECT, _FILE_PASS]:
        raise EncryptedFile
