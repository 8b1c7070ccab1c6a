"""Every hostile or broken file gets one typed error: no crash, no hang, no half-read list."""

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

from permits.reading import MAX_FILE_BYTES, read_list, read_text
from permits.reading_errors import (
    DecompressionBomb,
    EncryptedFile,
    FileTooLarge,
    NoPlateColumn,
    NotAList,
    TooManyColumns,
    TooManyRows,
    UnreadableFile,
)
from permits.workbook_reader import MAX_COLUMNS, MAX_ROWS
from permits.workbooks import MAX_PARTS, MAX_UNPACKED_BYTES
from records.errors import DomainError
from tests.permits.list_files import XLSX_SHEET, csv, ods, with_part, xls, xlsx, zipped

pytestmark = pytest.mark.anywhere

LIST = [["车牌", "姓名"], ["粤E12345", "张三"]]
XLSX, XLS, ODS = xlsx(LIST), xls(LIST), ods(LIST)
BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
BOF_RECORD_BYTES = 20


def refusal(content):
    with pytest.raises(DomainError) as error:
        read_list(content, "list.xlsx")
    return error.value


def saved(save):
    file = io.BytesIO()
    save(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def bomb():
    """A workbook whose one sheet unpacks to more than is allowed."""
    return with_part(XLSX, XLSX_SHEET, lambda sheet: sheet + b" " * MAX_UNPACKED_BYTES)


def with_lie(workbook, name, size):
    """The same workbook, its directory saying that a part unpacks to `size` bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        part = archive.getinfo(name)
        crc = zipfile.crc32(archive.read(part)[:size])
    changed = bytearray(workbook)
    struct.pack_into("<L", changed, part.header_offset + 14, crc)
    struct.pack_into("<L", changed, part.header_offset + 22, size)
    # In the directory the name stands 46 bytes behind its record's beginning.
    record = workbook.rindex(name.encode()) - 46
    struct.pack_into("<L", changed, record + 16, crc)
    struct.pack_into("<L", changed, record + 24, size)
    return bytes(changed)


def test_a_bomb_in_one_worksheet_is_never_unpacked_into_memory(bomb):
    assert len(bomb) < MAX_FILE_BYTES
    assert isinstance(refusal(bomb), DecompressionBomb)


def test_a_bomb_that_says_it_is_small_is_found_all_the_same(bomb):
    assert isinstance(refusal(with_lie(bomb, XLSX_SHEET, 100)), DecompressionBomb)


def test_a_part_that_lies_about_its_size_makes_the_file_unreadable():
    assert isinstance(refusal(with_lie(XLSX, XLSX_SHEET, 100)), UnreadableFile)


def test_a_bomb_of_very_many_parts_is_refused():
    parts = {f"xl/worksheets/sheet{n}.xml": b"" for n in range(MAX_PARTS)}
    assert isinstance(refusal(zipped({"xl/workbook.xml": b"", **parts})), DecompressionBomb)


def test_an_xlsx_cell_in_the_farthest_corner_is_refused_and_ends_no_process_of_ours():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    content = with_part(XLSX, XLSX_SHEET, lambda part: part.replace(b"</sheetData>", far))
    assert isinstance(refusal(content), DecompressionBomb)


def test_an_xls_cell_in_the_farthest_corner_is_refused():
    content = xls([LIST[0], *[[]] * 65_534, [*[None] * 255, "x"]])
    assert isinstance(refusal(content), DecompressionBomb | TooManyColumns)


def test_a_lone_cell_in_the_last_column_is_too_many_columns():
    far = [*[None] * 16_383, "粤E12345"]
    assert isinstance(refusal(xlsx([far])), TooManyColumns)


def test_a_repeated_cell_of_an_ods_file_is_not_written_out():
    def repeated(part):
        row = b'<table:table-row table:number-rows-repeated="1048576">'
        cell = b'<table:table-cell table:number-columns-repeated="16384" '
        part = part.replace(b"<table:table-row>", row, 1)
        return part.replace(b"<table:table-cell ", cell, 1)

    error = refusal(with_part(ODS, "content.xml", repeated))
    assert isinstance(error, DecompressionBomb | UnreadableFile)


def test_a_dimension_that_lies_changes_nothing():
    content = with_part(
        XLSX,
        XLSX_SHEET,
        lambda part: part.replace(
            b'<dimension ref="A1:B2" />', b'<dimension ref="A1:XFD1048576" />'
        ),
    )
    assert content != XLSX
    assert [row.raw for row in read_list(content).rows] == ["粤E12345"]


def test_merged_cells_that_lie_over_each_other_are_not_filled_for_ever():
    merged = b'<mergeCell ref="A1:A50000"/>' * 100_000
    content = with_part(
        xlsx([["车牌"], *[["粤E12345"]] * 1_000]),
        XLSX_SHEET,
        lambda part: part.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + merged + b"</mergeCells>"
        ),
    )
    assert isinstance(refusal(content), UnreadableFile)


def test_entities_are_not_expanded():
    laughs = b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n + 1, n, n) for n in range(60))
    top = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">' + laughs + b"]>"
    content = with_part(XLSX, XLSX_SHEET, lambda part: top + part.replace(b">0<", b">&a60;<"))
    reads_or_refuses(content)


def test_links_to_other_files_are_not_followed_and_their_kept_values_are_read():
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    formula = b'<c r="A3" t="str"><f>[1]Sheet1!A1</f><v>\xe7\xb2\xa4E54321</v></c>'
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/externalLinks/externalLink1.xml"] = link
    parts[XLSX_SHEET] = parts[XLSX_SHEET].replace(
        b"</sheetData>", b'<row r="3">' + formula + b"</row></sheetData>"
    )
    assert [row.raw for row in read_list(zipped(parts)).rows] == ["粤E12345", "粤E54321"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("content", [XLSX, ODS], ids=["xlsx", "ods"])
def test_a_cut_off_workbook_is_unreadable(content, share):
    assert isinstance(refusal(content[: int(len(content) * share)]), UnreadableFile)


def test_a_cut_off_xls_file_is_unreadable():
    assert isinstance(refusal(XLS[:-3000]), UnreadableFile | NotAList)


def test_a_workbook_whose_sheet_is_broken_is_unreadable():
    content = with_part(XLSX, XLSX_SHEET, lambda part: part[: len(part) // 2])
    assert isinstance(refusal(content), UnreadableFile)


@pytest.mark.parametrize(
    ("content", "looks_like"),
    [
        (saved(lambda file: Image.new("RGB", (9, 9)).save(file, "PNG")), "png"),
        (saved(lambda file: Image.new("RGB", (9, 9)).save(file, "JPEG")), "jpeg"),
        (saved(PdfWriter().write), "pdf"),
        (zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b""}), "docx"),
        (zipped({"ppt/presentation.xml": b"<p/>"}), "pptx"),
        (zipped({"list.txt": b"x"}), "zip"),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}),
            "text",
        ),
        (b"\xef\xbb\xbf <html><table><tr><td>\xe8\xbd\xa6\xe7\x89\x8c</td></tr></table>", "html"),
        (b'<?xml version="1.0"?><Workbook/>', "xml"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"\x1f\x8b\x08\x00", "gz"),
        (XLS.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")), "doc"),
        (b"\x00" * 5_000, "binary"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 9, "binary"),
    ],
)
def test_a_renamed_file_is_called_what_it_is(content, looks_like):
    error = refusal(content)
    assert (type(error), error.facts["looks_like"]) == (NotAList, looks_like)


def test_an_encrypted_xlsx_file_asks_for_one_without_a_password():
    # An encrypted xlsx is an OLE container whose stream bears this name.
    plain = "Workbook".encode("utf-16-le").ljust(64, b"\0")
    locked = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0")
    assert plain in XLS
    assert isinstance(refusal(XLS.replace(plain, locked)), EncryptedFile)


@pytest.mark.parametrize("between", [b"", b"\x86\x00\x00\x00"], ids=["at once", "write-protected"])
def test_an_encrypted_xls_file_asks_for_one_without_a_password(between):
    # Behind the first BOF comes FILEPASS, [MS-XLS] 2.4.117.
    place = XLS.index(BOF) + BOF_RECORD_BYTES
    records = between + b"\x2f\x00\x36\x00"
    locked = XLS[:place] + records + XLS[place + len(records) :]
    assert isinstance(refusal(locked), EncryptedFile)


def test_an_encrypted_zip_part_asks_for_one_without_a_password():
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        offset = archive.getinfo(XLSX_SHEET).header_offset
    record = XLSX.rindex(XLSX_SHEET.encode()) - 46
    locked = bytearray(XLSX)
    locked[offset + 6] |= 1
    locked[record + 8] |= 1
    assert isinstance(refusal(bytes(locked)), EncryptedFile)


def test_an_encrypted_ods_file_asks_for_one_without_a_password():
    locked = with_part(
        ODS,
        "META-INF/manifest.xml",
        lambda part: part.replace(
            b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"
        ),
    )
    assert isinstance(refusal(locked), EncryptedFile)


@pytest.mark.parametrize("content", [csv, xlsx])
def test_ten_thousand_columns_are_refused(content):
    error = refusal(content([["车牌"] + ["x"] * 9_999, ["粤E12345"]]))
    assert (type(error), error.facts["limit"]) == (TooManyColumns, MAX_COLUMNS)


@pytest.mark.parametrize("content", [csv, xls])
def test_sixty_thousand_rows_are_refused(content):
    error = refusal(content([["车牌"], *[["粤E12345"]] * 60_000]))
    assert (type(error), error.facts["limit"]) == (TooManyRows, MAX_ROWS)


def test_the_bound_counts_plates_and_not_lines():
    assert isinstance(refusal(csv([["车牌"], *[["粤E12345、粤E12346"]] * 30_000])), TooManyRows)
    assert len(read_list(csv([["车牌"], *[["粤E12345"]] * MAX_ROWS])).rows) == MAX_ROWS


def test_many_sheets_together_have_the_same_bound():
    sheets = {str(n): [["x"]] * 11_000 for n in range(5)}
    assert isinstance(refusal(xlsx(LIST, more=sheets)), TooManyRows)


def test_a_file_over_the_limit_is_refused_unread():
    content = b"x" * (MAX_FILE_BYTES + 1)
    assert isinstance(refusal(content), FileTooLarge)
    with pytest.raises(FileTooLarge):
        read_text(content.decode())


def test_an_open_quote_is_refused_instead_of_swallowing_the_rows_below():
    content = '车牌,姓名\n粤E12345,张三\n"粤E12346,李四\n粤E12347,王五\n'.encode()
    assert isinstance(refusal(content), UnreadableFile)


@pytest.mark.parametrize("cell", ["x", "、", "粤E12345", "\n", " ", '""'])
def test_a_cell_of_a_million_characters_is_refused(cell):
    content = f'车牌,姓名\n"{cell * 1_000_000}",张三\n'.encode()[:MAX_FILE_BYTES]
    assert isinstance(refusal(content), UnreadableFile)


def test_a_line_of_a_million_delimiters_is_refused():
    assert isinstance(refusal("车牌\n粤E12345".encode() + b"," * 1_000_000), TooManyColumns)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "粤E12345" * 100_000, " " * 1_000_000 + "x"])
def test_a_line_of_a_million_characters_is_refused(text):
    with pytest.raises((NoPlateColumn, UnreadableFile, TooManyRows)):
        read_list(text.encode())


def reads_or_refuses(content):
    """Fail unless a list comes back, or an error that has a sentence of its own."""
    try:
        read = read_list(content)
    except DomainError as error:
        named = error.code != DomainError.code
    else:
        named = bool(read.rows)
    assert named


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    reads_or_refuses(content)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-16-be"]))
def test_any_text_is_read_or_refused(text, encoding):
    reads_or_refuses(text.encode(encoding, "ignore"))


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([XLSX, XLS, ODS]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=5),
)
def test_any_damaged_workbook_is_read_or_refused(content, changes):
    damaged = bytearray(content)
    for place, byte in changes:
        damaged[int(place * len(damaged))] = byte
    reads_or_refuses(bytes(damaged))
