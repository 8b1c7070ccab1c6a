import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.households_text import HouseholdText
from permits.reading import read_list, read_text
from permits.reading_errors import EmptyList, NoPlateColumn
from tests.permits.list_files import XLSX_SHEET, csv, ods, with_part, xls, xlsx

pytestmark = pytest.mark.anywhere

LIST = [
    ["序号", "房号", "车牌号", "业主姓名", "联系电话"],
    [1, "3-2-501", "粤E12345", "张三", 13800138000],
    [2, "3-2-502", "粤E12346", "李四", None],
]


def plates(content):
    return [(row.row, row.raw) for row in read_list(content).rows]


def whole(row):
    return (row.raw, row.owner, row.phone, HouseholdText(row.building, row.unit, row.room))


AS_READ = [
    ("粤E12345", "张三", "13800138000", ("3", "2", "501")),
    ("粤E12346", "李四", "", ("3", "2", "502")),
]

FILES = {
    "xlsx": xlsx(LIST),
    "xls": xls(LIST),
    "ods": ods(LIST),
    "utf-8": csv(LIST),
    "utf-8 with BOM": csv(LIST, "utf-8-sig"),
    "gb18030": csv(LIST, "gb18030"),
    "utf-16-le with BOM": codecs.BOM_UTF16_LE + csv(LIST, "utf-16-le"),
    "utf-16-be with BOM": codecs.BOM_UTF16_BE + csv(LIST, "utf-16-be"),
    "utf-16-le": csv(LIST, "utf-16-le"),
    "utf-16-be": csv(LIST, "utf-16-be"),
    "tsv": csv(LIST, delimiter="\t"),
    "semicolons": csv(LIST, delimiter=";"),
    "full-width commas": csv(LIST, "gb18030", delimiter="，"),
    "old Mac line ends": csv(LIST).replace(b"\r\n", b"\r"),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_the_same_list_reads_the_same_from_every_kind_of_file(content):
    rows = read_list(content).rows
    assert [whole(row) for row in rows] == AS_READ
    assert [row.row for row in rows] == [2, 3]


def test_pasted_text_reads_as_a_file_does():
    pasted = csv(LIST, delimiter="\t").decode()
    assert [whole(row) for row in read_text(pasted).rows] == AS_READ


def test_the_encoding_of_a_text_file_is_told():
    encodings = {name: read_list(content).encoding for name, content in FILES.items()}
    assert encodings["gb18030"] == "gb18030"
    assert encodings["utf-16-be"] == "utf-16-be"
    assert encodings["xlsx"] is None


def test_full_width_everything_reads_the_same():
    wide = [["车牌号　", "房号"], ["粤Ｅ１２３４５", "３－２－５０１"]]
    for content in (xlsx(wide), csv(wide, "utf-16-le"), csv(wide, "gb18030", delimiter="，")):
        (row,) = read_list(content).rows
        assert (row.raw, row.room) == ("粤Ｅ１２３４５", "501")


def test_title_rows_stand_above_the_header_and_rows_keep_their_excel_numbers():
    rows = [["百合村北区车牌清单", None], [None, None], ["2026年12月", None], ["车牌", "姓名"]]
    rows += [["粤E12345", "张三"], [None, None], ["粤E12346", "李四"]]
    for content in (xlsx(rows, merged=["A1:B1"]), xls(rows), ods(rows), csv(rows)):
        assert plates(content) == [(5, "粤E12345"), (7, "粤E12346")]


def test_a_list_that_begins_far_from_a1_keeps_its_excel_numbers():
    rows = [[None, None, None]] * 6 + [[None, None, "车牌"], [None, None, "粤E12345"]]
    assert plates(xlsx(rows)) == plates(xls(rows)) == [(8, "粤E12345")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_quoted_cell_over_two_lines_is_one_row_as_excel_shows_it(encoding):
    text = '车牌,姓名\r\n"粤E12345\n粤E12346",张三\r\n粤E12347,李四\r\n'
    assert plates(text.encode(encoding)) == [(2, "粤E12345"), (2, "粤E12346"), (3, "粤E12347")]


def test_phones_and_rooms_that_excel_keeps_as_floats_come_back_whole():
    rows = [["房号", "车牌", "电话"], [501.0, "粤E12345", 13800138000.0]]
    for content in (xlsx(rows), xls(rows), ods(rows)):
        (row,) = read_list(content).rows
        assert (row.room, row.phone) == ("501", "13800138000")


def test_a_cell_with_several_plates_gives_one_row_for_each_with_all_its_data():
    rows = read_list(xlsx([["车牌", "姓名"], ["粤E12345、粤E12346/粤E12347", "张三"]])).rows
    assert [(row.row, row.raw, row.owner) for row in rows] == [
        (2, "粤E12345", "张三"),
        (2, "粤E12346", "张三"),
        (2, "粤E12347", "张三"),
    ]


def test_two_plate_columns_give_a_row_for_each_plate_there_is():
    rows = [["房号", "车牌1", "车牌2"], ["501", "粤E12345", "粤E12346"], ["502", "粤E12347", None]]
    read = read_list(xlsx(rows)).rows
    assert [(row.row, row.raw, row.room) for row in read] == [
        (2, "粤E12345", "501"),
        (2, "粤E12346", "501"),
        (3, "粤E12347", "502"),
    ]


def test_of_two_lists_side_by_side_each_plate_keeps_its_own_owner():
    rows = [["车牌", "姓名", "车牌", "姓名"], ["粤E12345", "张三", "粤E12346", "李四"]]
    rows += [["粤E12347", "王五", None, "赵六"]]
    read = read_list(xlsx(rows)).rows
    assert [(row.row, row.raw, row.owner) for row in read] == [
        (2, "粤E12345", "张三"),
        (2, "粤E12346", "李四"),
        (3, "粤E12347", "王五"),
        (3, "", "赵六"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["3-501", None, "张三", None],
        [None, None, "张三", None],
        [None, None, None, "13800138000"],
        ["3-501", "无", "张三", None],
        ["3-501", "/", None, None],
    ],
)
def test_a_row_with_other_data_but_no_plate_is_kept_without_one(row):
    content = xlsx([["房号", "车牌", "姓名", "电话"], ["3-502", "粤E12345", "李四", None], row])
    assert plates(content) == [(2, "粤E12345"), (3, "")]


@pytest.mark.parametrize(
    "footer",
    [
        ["合计", None, None, None, None],
        ["合计", None, 2, None, None],
        [None, None, "合计：2辆", None, None],
        ["总计：", None, None, "2辆", None],
        ["备注：以上车辆均为业主自有", None, None, None, None],
        [None, None, None, "业主代表签名：", None],
        ["制表人：张三", None, None, None, "电话：0757-12345678"],
        [None, None, None, None, "2026年12月1日"],
        ["Total", None, 2, None, None],
        [3, None, None, None, None],
    ],
)
def test_totals_signatures_notes_and_ready_made_numbers_stand_for_no_car(footer):
    assert plates(xlsx([*LIST, [], footer])) == [(2, "粤E12345"), (3, "粤E12346")]


def test_a_household_merged_over_its_cars_belongs_to_each_of_them():
    rows = [["房号", "姓名", "车牌"], ["3-2-501", "张三", "粤E12345"], [None, None, "粤E12346"]]
    rows += [[None, None, None], [None, None, "粤E12347"]]
    read = read_list(xlsx(rows, merged=["A2:A4", "B2:B4"])).rows
    assert [(row.row, row.raw, row.owner, row.room) for row in read] == [
        (2, "粤E12345", "张三", "501"),
        (3, "粤E12346", "张三", "501"),
        (5, "粤E12347", "", ""),
    ]


def test_a_plate_merged_over_two_rows_counts_once():
    rows = [["车牌", "姓名"], ["粤E12345", "张三"], [None, "李四"], ["粤E12346", "王五"]]
    assert plates(xlsx(rows, merged=["A2:A3"])) == [(2, "粤E12345"), (4, "粤E12346")]


def test_a_header_in_two_rows_is_read_whole():
    rows = [["车牌号", "车主信息", None], [None, "姓名", "电话"], ["粤E12345", "张三", 13800138000]]
    (row,) = read_list(xlsx(rows, merged=["A1:A2", "B1:C1"])).rows
    assert (row.row, row.raw, row.owner, row.phone) == (3, "粤E12345", "张三", "13800138000")


def test_a_header_that_comes_again_begins_new_columns():
    rows = [["车牌", "姓名"], ["粤E12345", "张三"], ["姓名", "车牌"], ["李四", "粤E12346"]]
    read = read_list(xlsx(rows)).rows
    assert [(row.row, row.raw, row.owner) for row in read] == [
        (2, "粤E12345", "张三"),
        (4, "粤E12346", "李四"),
    ]


def test_all_visible_sheets_with_plates_are_read_and_the_others_named():
    more = {"二期": [["车牌"], ["粤E12346"]], "说明": [["请如实填写"]], "旧": [["车牌"], ["粤E1"]]}
    read = read_list(xlsx(LIST[:2], more=more, hidden=["旧"]))
    assert [(row.sheet, row.row, row.raw) for row in read.rows] == [
        ("清单", 2, "粤E12345"),
        ("二期", 2, "粤E12346"),
    ]
    assert (read.sheets, read.ignored) == (("清单", "二期"), ("说明",))


@pytest.mark.parametrize(
    "text",
    [
        "粤E12345\n粤EO2346\n粤E12347",
        "粤E12345,粤EO2346,粤E12347",
        "粤E12345、粤EO2346、粤E12347",
        "粤E12345 粤EO2346 粤E12347",
    ],
)
def test_bare_plates_without_a_header_are_read_right_and_wrong_ones_alike(text):
    assert [row.raw for row in read_text(text).rows] == ["粤E12345", "粤EO2346", "粤E12347"]


def test_without_a_header_no_row_is_lost_before_the_first_right_plate():
    assert plates(xlsx([["车辆清单"], ["E12344"], ["粤E12345"], ["粤E12346"]])) == [
        (2, "E12344"),
        (3, "粤E12345"),
        (4, "粤E12346"),
    ]


def test_lines_parted_by_blanks_are_cells_even_where_a_plate_has_one_itself():
    rows = read_text("粤E12345 张三 3-501\n粤E 12346  李四 3-502").rows
    assert [(row.raw, row.owner, row.room) for row in rows] == [
        ("粤E12345", "张三", "501"),
        ("粤E12346", "李四", "502"),
    ]


def test_cells_pasted_from_excel_stay_cells_where_each_holds_commas():
    rows = read_text("粤E12345,粤E12346\t张三\n粤E12347,粤E12348\t李四").rows
    assert [row.owner for row in rows] == ["张三", "张三", "李四", "李四"]


def test_of_a_formula_the_kept_value_is_read_and_nothing_is_evaluated():
    def kept(sheet):
        return sheet.replace(b"<f>LOWER(B2)</f><v />", b"<f>LOWER(B2)</f><v>\xe7\xb2\xa4E99999</v>")

    content = xlsx([["车牌", "姓名"], ["=LOWER(B2)", "张三"], ["粤E12345", "=1+1"]])
    content = with_part(content, XLSX_SHEET, kept)
    assert plates(content) == [(2, "粤E99999"), (3, "粤E12345")]


def test_characters_that_no_database_takes_are_left_out():
    good = "粤E12346,李四\n" * 20
    text = f"车牌,姓名\n粤E1\x002345,张\x07三\n{good}".encode("utf-16")
    first = read_list(text).rows[0]
    assert (first.raw, first.owner) == ("粤E12345", "张三")


def test_a_plate_as_typed_is_no_longer_than_the_register_keeps():
    (row,) = read_list(csv([["车牌"], ["粤E" + "·" * 500 + "12345"]])).rows
    assert len(row.raw) == 200


@pytest.mark.parametrize(
    "content", [b"", b"\r\n \t", csv(LIST[:1]), xlsx([]), xlsx(LIST[:1]), xls([])]
)
def test_a_list_with_nothing_in_it_is_refused_as_empty(content):
    with pytest.raises(EmptyList):
        read_list(content)


@pytest.mark.parametrize(
    "content", [csv([["姓名"], ["张三"]]), xlsx([["姓名"], ["张三"]]), b"hello"]
)
def test_a_list_without_plates_is_refused(content):
    with pytest.raises(NoPlateColumn):
        read_list(content)


cells = st.text(alphabet='粤京E12345OI、，,;"\n 张三-=', max_size=12)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_whatever_csv_says_rows_come_in_order_and_within_the_file(lines):
    text = "车牌,姓名\n" + "".join(
        f'"{a.replace(chr(34), "")}",{b.replace(chr(34), "").replace(chr(10), "")}\n'
        for a, b in lines
    )
    try:
        numbers = [row.row for row in read_text(text).rows]
    except EmptyList:
        return
    assert numbers == sorted(numbers)
    assert set(numbers) <= set(range(2, len(lines) + 2))


def test_a_sheet_of_examples_is_not_read_and_one_of_another_name_is():
    rows = [("车牌",), ("粤E12345",)]
    read = read_list(xlsx([], more={"Example ": rows, "示例清单": rows}))
    assert [(one.sheet, one.raw) for one in read.rows] == [("示例清单", "粤E12345")]
    with pytest.raises(EmptyList):
        read_list(xlsx([], more={"示例": rows}))
