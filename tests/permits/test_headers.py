import pytest

from permits.headers import (
    NAMES,
    Column,
    column_named,
    guess_columns,
    is_second_header,
    looks_like_plate,
    read_header,
    repeats_header,
)

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize(
    ("column", "name"), [(c, name) for c, names in NAMES.items() for name in names]
)
def test_every_listed_name_is_known_in_any_case_and_width(column, name):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    assert {column_named(form) for form in (name, name.lower(), wide, f"* {name}：")} == {column}


@pytest.mark.parametrize("name", NAMES[Column.PLATE])
def test_every_plate_name_is_found_again_in_a_repeated_header(name):
    assert repeats_header(["序号", name.lower()])


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("车牌号（必填）", Column.PLATE),
        ("车牌号码\n(如粤E12345)", Column.PLATE),
        ("车 牌 号", Column.PLATE),
        ("车牌1", Column.PLATE),
        ("车牌二", Column.PLATE),
        ("您家的车牌号", Column.PLATE),
        ("车牌号 Plate No.", Column.PLATE),
        ("License Plate", Column.PLATE),
        ("Owner 业主", Column.OWNER),
        ("联系电话【手机】", Column.PHONE),
        ("电话2", Column.PHONE),
        ("车牌颜色", None),
        ("车牌清单", None),
        ("单位", None),
        ("备注", None),
        ("序号", None),
        ("粤E12345", None),
        ("", None),
    ],
)
def test_a_header_is_known_through_brackets_blanks_numbers_and_two_languages(cell, column):
    assert column_named(cell) is column


def test_a_row_without_a_plate_column_is_no_header():
    assert read_header(["姓名", "电话"]) is None
    assert read_header(["2026年百合村北区车牌清单", ""]) is None


def test_a_header_says_which_column_is_what():
    (group,) = read_header(["序号", "栋", "单元", "房号", "车牌号", "姓名", "电话"])
    assert group.plates == (4,)
    assert group.others == {
        Column.BUILDING: 1,
        Column.UNIT: 2,
        Column.ROOM: 3,
        Column.OWNER: 5,
        Column.PHONE: 6,
    }


def test_a_room_number_without_a_building_column_is_the_whole_household():
    (group,) = read_header(["房号", "车牌号"])
    assert group.others == {Column.HOUSEHOLD: 0}


def test_two_plate_columns_of_one_household_belong_together():
    (group,) = read_header(["房号", "车牌1", "车牌2", "姓名"])
    assert group.plates == (1, 2)


def test_two_lists_side_by_side_keep_their_owners_apart():
    left, right = read_header(["车牌", "姓名", "", "车牌", "姓名"])
    assert (left.plates, left.others) == ((0,), {Column.OWNER: 1})
    assert (right.plates, right.others) == ((3,), {Column.OWNER: 4})


def test_a_column_that_stands_once_serves_all_plates_of_its_row():
    first, second = read_header(["房号", "车牌1", "电话1", "车牌2", "电话2", "姓名"])
    assert first.others == {Column.HOUSEHOLD: 0, Column.PHONE: 2, Column.OWNER: 5}
    assert second.others == {Column.HOUSEHOLD: 0, Column.PHONE: 4, Column.OWNER: 5}


def test_of_two_columns_of_one_name_beside_one_plate_column_the_first_counts():
    (group,) = read_header(["业主", "联系人", "电话", "电话2", "车牌"])
    assert group.others == {Column.OWNER: 0, Column.PHONE: 2}


def test_a_second_header_row_adds_its_names():
    upper, lower = ["车牌号", "车主信息", ""], ["", "姓名", "电话"]
    assert is_second_header(lower)
    (group,) = read_header(upper, lower)
    assert group.others == {Column.OWNER: 1, Column.PHONE: 2}


def test_a_row_of_data_is_no_second_header():
    assert not is_second_header(["粤E12345", "张三", "13800138000"])
    assert not is_second_header(["", "", ""])


def test_without_a_header_columns_are_known_by_what_stands_in_them():
    rows = [["1", "粤E12345", "张三", "13800138000", "3-2-501"]] * 3
    (group,) = guess_columns(rows)
    assert group.plates == (1,)
    assert group.others == {Column.OWNER: 2, Column.PHONE: 3, Column.HOUSEHOLD: 4}


def test_without_anything_like_plates_nothing_is_guessed():
    assert guess_columns([["张三", "13800138000"], ["", ""]]) is None
    assert guess_columns([]) is None


@pytest.mark.parametrize(
    "text", ["粤E12345", "粤e·1234警", "粤EO2345", "粤E123456", "使014578", "WJ粤12345"]
)
def test_right_and_wrong_plates_look_like_plates(text):
    assert looks_like_plate(text)


@pytest.mark.parametrize("text", ["张三", "13800138000", "3-2-501", "粤", "合计"])
def test_other_texts_do_not_look_like_plates(text):
    assert not looks_like_plate(text)
