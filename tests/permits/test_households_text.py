import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.households_text import LONGEST_PART, canonical_part, parse_household

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize(
    ("text", "household"),
    [
        ("3栋2单元501", ("3", "2", "501")),
        ("３栋２单元５０１室", ("3", "2", "501")),
        ("三栋二单元501房", ("3", "2", "501")),
        ("十二栋501", ("12", "", "501")),
        ("3-2-501", ("3", "2", "501")),
        ("3－2－501", ("3", "2", "501")),
        ("03-02-0501", ("3", "2", "501")),
        ("3栋-2单元-501", ("3", "2", "501")),
        ("3栋2梯501", ("3", "2", "501")),
        ("3幢2单元5层501", ("3", "2", "501")),
        ("3幢2单元5楼501", ("3", "2", "501")),
        ("3号楼501", ("3", "", "501")),
        ("3#501", ("3", "", "501")),
        ("3-501", ("3", "", "501")),
        ("A座1203", ("A", "", "1203")),
        ("a座1203房", ("A", "", "1203")),
        ("2单元501", ("", "2", "501")),
        ("501", ("", "", "501")),
        ("501室", ("", "", "501")),
        ("", ("", "", "")),
        ("北区3栋501", ("", "", "北区3栋501")),
    ],
)
def test_a_household_is_the_same_however_it_is_written(text, household):
    assert parse_household(text) == household


@pytest.mark.parametrize(
    "text", ["3", "3栋", "03栋", "三栋", "第3栋", " 3 栋 ", "３栋", "3号楼", "3#"]
)
def test_a_part_is_the_same_with_and_without_its_word(text):
    assert canonical_part(text) == "3"


def test_a_text_of_no_known_form_is_never_cut_to_a_number():
    assert canonical_part("二十三十") != canonical_part("二十")


@given(st.text(alphabet="0123456789AB栋单元房室号楼-#三十第北区 ", max_size=30))
def test_a_part_read_again_stays_the_same(text):
    part = canonical_part(text)
    assert canonical_part(part) == part


@given(st.text(max_size=60))
def test_no_part_is_longer_than_the_register_keeps(text):
    assert all(len(part) <= LONGEST_PART for part in parse_household(text))


def test_a_long_address_keeps_its_end_which_tells_flats_apart():
    street = "广东省佛山市禅城区汾江南路百合村北区3栋2单元"
    assert parse_household(street + "501") != parse_household(street + "502")
