import pytest

from zones.colours import PALETTE, contrast

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize("colour", PALETTE, ids=lambda colour: colour.key)
def test_text_on_every_colour_reaches_wcag_aa(colour):
    assert contrast(colour.hex, colour.text_hex) >= 4.5


@pytest.mark.parametrize("colour", PALETTE, ids=lambda colour: colour.key)
def test_signs_on_every_colour_reach_wcag_aa_for_large_text(colour):
    assert contrast(colour.hex, colour.large_hex) >= 3


def test_black_on_white_has_the_largest_contrast_there_is():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_every_colour_has_a_letter_a_shape_and_a_sign_of_its_own():
    for attribute in ("key", "letter", "shape", "sign", "hex"):
        assert len({getattr(colour, attribute) for colour in PALETTE}) == len(PALETTE)
