"""Text files (csv, tsv, pasted text) as tables of texts, whatever their encoding."""

from __future__ import annotations

import csv
import io
import re

from permits.headers import HEADER_SEARCH_ROWS, read_header
from permits.plates import PROVINCES, Plate, parse
from permits.reading_errors import NotAList, TooManyColumns, TooManyRows, UnreadableFile
from permits.workbook_reader import MAX_COLUMNS, MAX_ROWS, SPARE_ROWS, clean
from permits.workbooks import Table

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MAGICS = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"%PDF", "pdf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"<!DOCTYPE", "html"),
    (b"<html", "html"),
    (b"<table", "html"),
    (b"<meta", "html"),
    (b"<?xml", "xml"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "exe"),
)
_DELIMITERS = "\t,;，|"
_OF_LISTS = re.compile("[\t\n\r -~·•\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
# Stands behind the text: in the last row alone, unless an open quote has swallowed it.
_END = "\ufffe"
_PARTED_PLATE = re.compile(
    rf"([{PROVINCES}][A-Z])[ \u3000]+(?=[A-Z0-9]{{5,6}}(?:[ \u3000]|$))", re.I
)


def decode(content: bytes) -> tuple[str, str]:
    """Return a text file's text and its encoding.

    Raises:
        NotAList: it is no text.
    """
    beginning = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, name in _MAGICS:
        if beginning.startswith(magic.lower()):
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
    """Return which UTF-16 a text with zero bytes is in: nearly all of it must be such characters
    as lists are written in."""
    if b"\x00" not in content or len(content) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = content[:4000].decode(encoding, "replace")
        if len(_OF_LISTS.findall(sample)) >= 0.95 * len(sample):
            return encoding
    return None


def read_delimited(text: str) -> list[Table]:
    """Return the text's one table.

    Raises:
        TooManyColumns, TooManyRows, UnreadableFile.
    """
    text = clean(text)
    delimiter = _delimiter(text)
    lines = text.splitlines() if delimiter is None else []
    if delimiter is None and _is_parted_by_blanks(lines):
        rows = [_PARTED_PLATE.sub(r"\1", line).split() for line in lines]
    else:
        rows = _rows(text, delimiter or ",")
    if len(rows) > MAX_ROWS + SPARE_ROWS:
        raise TooManyRows(limit=MAX_ROWS)
    if any(len(row) > MAX_COLUMNS for row in rows):
        raise TooManyColumns(limit=MAX_COLUMNS, sheet="")
    return [Table("", rows)]


def _rows(text: str, delimiter: str) -> list[list[str]]:
    ending = "" if text.endswith(("\n", "\r")) else "\n"
    file = io.StringIO(f"{text}{ending}{_END}", newline="")
    reader = csv.reader(file, delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for cells in reader:
            rows.append([cell.strip().removeprefix("'") for cell in cells])
            if len(rows) > MAX_ROWS + SPARE_ROWS + 1:
                raise TooManyRows(limit=MAX_ROWS)
    except csv.Error:
        raise UnreadableFile from None
    if rows.pop() != [_END]:
        raise UnreadableFile
    return rows


def _delimiter(text: str) -> str | None:
    """Return the character that parts the cells: the header's, or the one that most lines have."""
    lines = [line for line in text[:200_000].splitlines()[:200] if line.strip()]
    for line in lines[:HEADER_SEARCH_ROWS]:
        for candidate in _DELIMITERS:
            if candidate in line and read_header(line.replace('"', "").split(candidate)):
                return candidate
    best, most = None, 0
    for candidate in _DELIMITERS:
        counts = [line.count(candidate) for line in lines]
        present = sum(1 for count in counts if count)
        usual = max(set(counts), key=counts.count) if counts else 0
        score = present * (2 if usual else 1)
        if score > most:
            best, most = candidate, score
    return best


def _is_parted_by_blanks(lines: list[str]) -> bool:
    """Return whether most lines hold a plate and something else, with blanks between them."""
    sample = [_PARTED_PLATE.sub(r"\1", line).split() for line in lines[:200] if line.strip()]
    mixed = 0
    for words in sample:
        plates = sum(1 for word in words if isinstance(parse(word), Plate))
        mixed += 0 < plates < len(words)
    return mixed * 2 > len(sample)
