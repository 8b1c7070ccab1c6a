import csv
import io

import openpyxl
import pytest

from app.table_files import PageTable, Share, as_csv, as_xlsx

pytestmark = pytest.mark.anywhere

TABLE = PageTable(
    "cars",
    "Cars",
    ["小区", "Cars", "Share"],
    [["=HYPERLINK(1)", 1200, Share(3, 4)], ["-2+3", 0, Share(0, 0)]],
)


def test_a_csv_opens_in_excel_with_its_characters_and_runs_nothing():
    content = as_csv(TABLE)
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["小区", "Cars", "Share"],
        ["'=HYPERLINK(1)", "1200", "0.75"],
        ["'-2+3", "0", ""],
    ]


def test_a_workbook_has_numbers_as_numbers_and_texts_as_texts():
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(TABLE))).active
    assert [[cell.value for cell in row] for row in sheet] == [
        ["小区", "Cars", "Share"],
        ["=HYPERLINK(1)", 1200, 0.75],
        ["-2+3", 0, None],
    ]
    assert sheet["A2"].data_type == "s"
    assert sheet["C2"].number_format == "0%"
