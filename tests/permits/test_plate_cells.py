import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.plate_cells import split_cell

pytestmark = pytest.mark.anywhere

TWO = ["粤E12345", "粤E12346"]


@pytest.mark.parametrize(
    "between",
    ["、", "，", ",", "/", "／", ";", "；", "|", "\n", "\r\n", " / ", " ", "\u3000", "+", "和", ""],
)
def test_two_plates_in_one_cell_are_two_however_they_are_parted(between):
    assert split_cell(between.join(TWO)) == TWO


def test_a_blank_within_a_plate_parts_nothing():
    assert split_cell("粤E 12345") == ["粤E 12345"]
    assert split_cell("粤 E 12 345") == ["粤 E 12 345"]


def test_a_blank_parts_a_right_plate_from_a_wrong_one():
    assert split_cell("粤E12345 粤EO2346") == ["粤E12345", "粤EO2346"]


def test_a_note_behind_a_plate_stays_with_it():
    assert split_cell("粤E12345 白色") == ["粤E12345 白色"]


@pytest.mark.parametrize("text", ["", " ", "/", "-", "——", "无", "暂无", "n/a", "未上牌", "、，"])
def test_what_people_write_where_there_is_no_plate_is_none(text):
    assert split_cell(text) == []


def test_plates_stay_as_typed():
    assert split_cell(" 粤e·12345 、粤Ｅ１２３４６") == ["粤e·12345", "粤Ｅ１２３４６"]


@given(st.text(alphabet="粤京E12345O警、，/ \n无-", max_size=40))
def test_splitting_again_changes_nothing(text):
    parts = split_cell(text)
    assert [again for part in parts for again in split_cell(part)] == parts


@given(st.text(max_size=300))
def test_no_part_is_empty_or_longer_than_the_register_keeps(text):
    assert all(0 < len(part) <= 200 for part in split_cell(text))
