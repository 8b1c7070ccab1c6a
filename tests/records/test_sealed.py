import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.sealed import SealBroken, Sealer

pytestmark = pytest.mark.anywhere

KEY = bytes(32)
SEALER = Sealer(KEY)


@given(st.text())
def test_what_was_sealed_opens_to_the_same_text(text):
    assert SEALER.open(SEALER.seal(text)) == text


def test_the_sealed_text_shows_nothing_and_never_repeats():
    one, other = SEALER.seal("13800138000"), SEALER.seal("13800138000")
    assert one != other
    assert b"13800138000" not in one


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_anywhere_is_found(place, change):
    sealed = bytearray(SEALER.seal("陈志明"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealBroken):
        SEALER.open(bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28, 37])
def test_a_cut_off_seal_is_found(length):
    with pytest.raises(SealBroken):
        SEALER.open(SEALER.seal("陈志明")[:length])


def test_another_key_opens_nothing():
    with pytest.raises(SealBroken):
        Sealer(bytes(31) + b"\1").open(SEALER.seal("陈志明"))


def test_digests_compare_without_opening_and_only_under_one_key():
    assert SEALER.digest("陈伟", "138") == SEALER.digest("陈伟", "138")
    assert SEALER.digest("陈伟", "138") != Sealer(b"\1" * 32).digest("陈伟", "138")


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_different_texts_have_different_digests_however_they_are_split(one, other):
    assert (SEALER.digest(*one) == SEALER.digest(*other)) == (one == other)
