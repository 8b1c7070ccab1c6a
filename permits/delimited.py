"""Text files (csv, tsv, pasted text) as tables of texts, whatever their encoding."""

from __future__ import annotations

import csv
import io

from permits.reading_errors import NotAList, TooManyColumns, TooManyRows, UnreadableFile
from permits.workbooks import MAX_COLUMNS, MAX_ROWS, Table

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MAGICS = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"%PDF", "pdf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"<!DOCTYPE", "html"),
    (b"<html", "html"),
    (b"<?xml", "xml"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "exe"),
)
_DELIMITERS = ",\t;，|"


def decode(content: bytes) -> tuple[str, str]:
    """Return a text file's text and its encoding.

    Raises:
        NotAList: it is no text.
    """
    for magic, name in _MAGICS:
        if content[:16].lstrip().lower().startswith(magic.lower()) and name != "bmp":
            raise NotAList(looks_like=name)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content, encoding), encoding
    without_bom = _utf16_without_bom(content)
    if without_bom:
        return _strict(content, without_bom), without_bom
    if b"\x00" in content:
        raise NotAList(looks_like="binary")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _is_readable(text):
            break
        return text, encoding
    raise NotAList(looks_like="binary")


def _strict(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile from None
    if not _is_readable(text):
        raise NotAList(looks_like="binary")
    return text


def _is_readable(text: str) -> bool:
    """Return whether a text has almost no control characters or private ones."""
    sample = text[:20_000]
    odd = sum(
        1
        for character in sample
        if (character < " " and character not in "\r\n\t\f\v") or "\ue000" <= character <= "\uf8ff"
    )
    return odd * 50 <= len(sample)


def _utf16_without_bom(content: bytes) -> str | None:
    """Every second byte of ASCII in UTF-16 is zero: digits and commas give a list away."""
    sample = content[:2000]
    if len(sample) < 4 or len(content) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    quarter = len(sample) // 2 // 4
    if odd > quarter and even * 10 < odd:
        return "utf-16-le"
    if even > quarter and odd * 10 < even:
        return "utf-16-be"
    return None


def read_delimited(text: str) -> list[Table]:
    """Return the text's one table.

    Raises:
        TooManyColumns, TooManyRows, UnreadableFile.
    """
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise TooManyColumns(limit=MAX_COLUMNS, sheet="")
            while len(rows) < reader.line_num - 1 - _breaks(cells):
                rows.append([])
            rows.append([cell.strip().lstrip("'") for cell in cells])
            if len(rows) > MAX_ROWS + 1_000:
                raise TooManyRows(limit=MAX_ROWS)
    except csv.Error:
        raise UnreadableFile from None
    return [Table("", rows)]


def _breaks(cells: list[str]) -> int:
    return sum(cell.count("\n") for cell in cells)


def _delimiter(text: str) -> str:
    """Return the character that parts the cells: the one that most lines have equally often."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    best, most = ",", 0
    for candidate in _DELIMITERS:
        counts = [line.count(candidate) for line in lines]
        present = sum(1 for count in counts if count)
        usual = max(set(counts), key=counts.count) if counts else 0
        score = present * (2 if usual else 1)
        if score > most:
            best, most = candidate, score
    return best
