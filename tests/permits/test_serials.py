import pytest

from permits.serials import is_serial, serial


def test_a_serial_has_letter_six_digits_and_a_check_digit():
    assert serial("A", 123).startswith("A-000123-")


def test_its_own_serials_are_serials():
    assert all(is_serial(serial(letter, n)) for letter in "ABCDEFGH" for n in range(1, 2000, 7))


@pytest.mark.parametrize("place", range(6))
def test_one_wrong_digit_is_always_found(place):
    number = "204816"
    for digit in "0123456789":
        wrong = number[:place] + digit + number[place + 1 :]
        text = f"C-{wrong}-{serial('C', int(number))[-1]}"
        assert is_serial(text) is (wrong == number)


def test_a_wrong_letter_is_always_found():
    check = serial("A", 214)[-1]
    assert [letter for letter in "ABCDEFGH" if is_serial(f"{letter}-000214-{check}")] == ["A"]


@pytest.mark.parametrize("text", ["", "A-12-3", "a-000123-7", "A-000123-77", "A000123-7"])
def test_other_texts_are_no_serials(text):
    assert not is_serial(text)
