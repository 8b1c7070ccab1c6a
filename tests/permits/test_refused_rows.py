import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permits.households_text import canonical_part
from permits.plate_list import PlateListRow
from permits.reading import read_list
from permits.refused_rows import refused_workbook
from records.sealed import Sealer

pytestmark = pytest.mark.anywhere

HEADERS = {
    "zh": ["车牌", "楼栋", "单元", "房号", "业主", "电话", "原因"],
    "en": ["Plate", "Building", "Unit", "Room", "Owner", "Phone", "Reason"],
}
SEALER = Sealer(bytes(32))
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "'=1"]


def row(raw, *, owner="张三", phone="13800138000", building="3", unit="2", room="501"):
    return PlateListRow(
        raw=raw,
        building=building,
        unit=unit,
        room=room,
        owner_sealed=SEALER.seal(owner) if owner else None,
        phone_sealed=SEALER.seal(phone) if phone else None,
    )


def workbook(*rows, header=HEADERS["zh"], reason="第3位的“O”"):
    return refused_workbook(rows, SEALER, header=header, reason=lambda _: reason)


def cells(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [list(line) for line in sheet.iter_rows()]


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_the_file_reads_back_to_the_same_rows(header):
    rows = [
        row("粤EO2345"),
        row("E12345", unit=""),
        row("", owner="李四"),
        row("粤E 12346", phone=""),
    ]
    read = read_list(workbook(*rows, header=header)).rows
    assert [
        (one.row, one.raw, one.owner, one.phone, one.building, one.unit, one.room) for one in read
    ] == [
        (2, "粤EO2345", "张三", "13800138000", "3", "2", "501"),
        (3, "E12345", "张三", "13800138000", "3", "", "501"),
        (4, "", "李四", "13800138000", "3", "2", "501"),
        (5, "粤E 12346", "张三", "", "3", "2", "501"),
    ]


def test_each_row_says_why_it_was_refused():
    assert cells(workbook(row("粤EO2345")))[1][-1].value == "第3位的“O”"


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_begins_like_a_formula_stays_text(text):
    content = workbook(row(text, owner=text, phone=text, room=text), reason=text)
    for cell in cells(content)[1]:
        assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cells(content)[1][0].value == text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_characters_that_no_workbook_takes_are_left_out():
    content = workbook(row("粤E1\x002345\x1f\uffff", owner="张\x0b三"))
    assert cells(content)[1][0].value == "粤E12345"
    assert read_list(content).rows[0].raw == "粤E12345"


plates_as_typed = st.text(alphabet="粤京E12345OI警·-= ", min_size=1).filter(
    lambda text: text == text.strip() and any(c.isalnum() for c in text) and " " not in text
)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(plates_as_typed, st.sampled_from(["3", "A", ""])), min_size=1, max_size=9)
)
def test_any_refused_plates_read_back_as_they_were_typed(typed):
    rows = [row(raw, building=canonical_part(building)) for raw, building in typed]
    assert [(one.raw, one.building) for one in read_list(workbook(*rows)).rows] == typed
