import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from permits import token
from permits.token import TokenFields, TokenKind
from records.keys import public_pem
from tests.vectors.symbols import PHRASES, STRANGER, Symbol, base32, private_key

pytestmark = pytest.mark.anywhere

DOCS = Path(__file__).parents[2] / "docs" / "token.md"
KEY = private_key(PHRASES[1])
PUBLIC_KEYS = {key_id: KEY.public_key() for key_id in range(256)}
FIELDS = TokenFields(
    kind=TokenKind.PERMIT,
    key_id=1,
    community=17,
    compound=1,
    number=1,
    first_day=date(2026, 12, 1),
    last_day=date(2027, 11, 30),
    plate="粤E12345",
)

days = st.dates(token.DAY_ZERO, token.LAST_DAY)
plates = st.text(min_size=3, max_size=15).filter(
    lambda text: (
        not any("\ud800" <= one <= "\udfff" for one in text)
        and len(text.encode()) in token.PLATE_BYTES
    )
)
fields = st.builds(
    lambda two_days, **rest: TokenFields(first_day=min(two_days), last_day=max(two_days), **rest),
    two_days=st.tuples(days, days),
    kind=st.sampled_from(TokenKind),
    key_id=st.integers(1, 255),
    community=st.integers(0, 65535),
    compound=st.integers(1, 255),
    number=st.integers(1, 4294967295),
    plate=plates,
)


def verified(text):
    """What a scanned text says, or the error that it gives."""
    try:
        return token.verify(token.from_url(text), PUBLIC_KEYS)
    except token.TokenError as error:
        return error


@given(fields)
def test_what_is_signed_is_what_is_read(said):
    assert token.verify(token.sign(said, KEY), PUBLIC_KEYS) == said


@given(fields)
def test_the_same_permit_always_gives_the_same_token(said):
    assert token.sign(said, KEY) == token.sign(replace(said), private_key(PHRASES[1]))


@given(fields)
def test_what_the_symbol_holds_fits_qr_alphanumeric_mode_and_leads_back_to_the_token(said):
    signed = token.sign(said, KEY)
    symbol = token.url("https://permits.example.cn", signed)
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", symbol)
    assert token.from_url(symbol) == signed


@given(st.text())
@example("\u212a" * 8)
@example("A" * 100)
@example("/P/")
def test_any_text_is_a_token_error_and_nothing_else(text):
    assert isinstance(verified(text), token.TokenError)


@given(st.text(max_size=200))
@example("é")
@example("MY======")
def test_reading_any_text_as_a_token_raises_nothing_but_token_errors(text):
    with pytest.raises(token.TokenError):
        token.read(text)


@given(st.binary(max_size=100))
def test_any_bytes_are_a_token_error_and_nothing_else(content):
    assert isinstance(verified(base32(content)), token.TokenError)


@given(st.binary(min_size=13 + 1 + 8 + 64, max_size=13 + 1 + 15 + 64))
def test_bytes_that_begin_like_a_token_are_a_token_error_and_nothing_else(content):
    assert isinstance(verified(base32(b"\x10" + content[1:])), token.TokenError)


@pytest.mark.parametrize("part", range(8))
def test_no_token_with_one_bit_flipped_is_genuine(part):
    content = Symbol().content
    # Every bit of a whole token, in eight parts so that several workers can share it.
    for bit in range(part, len(content) * 8, 8):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        assert isinstance(verified(base32(bytes(flipped))), token.TokenError)


def test_no_other_text_of_the_same_length_stands_for_the_same_token():
    genuine = token.sign(FIELDS, KEY)
    others = [genuine[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"]
    assert [text for text in others if not isinstance(verified(text), token.TokenError)] == [
        genuine
    ]


def test_a_padded_token_is_refused_by_whoever_reads_it():
    with pytest.raises(token.MalformedToken):
        token.verify(token.sign(FIELDS, KEY) + "====", PUBLIC_KEYS)


def test_a_token_of_another_key_is_refused():
    strange = token.sign(FIELDS, private_key(STRANGER))
    with pytest.raises(token.BadSignature):
        token.verify(strange, PUBLIC_KEYS)


def test_a_token_of_an_unknown_key_names_it():
    with pytest.raises(token.UnknownKey) as unknown:
        token.verify(token.sign(FIELDS, KEY), {})
    assert unknown.value.facts == {"key_id": 1}


def test_a_token_of_another_version_names_it():
    with pytest.raises(token.UnknownVersion) as unknown:
        token.read(Symbol(version=2).token)
    assert unknown.value.facts == {"version": 2}


@pytest.mark.parametrize(
    "changes",
    [
        {"plate": "VA12345"},
        {"plate": "ABCDEFGH12345678"},
        {"first_day": token.DAY_ZERO - timedelta(days=1)},
        {"last_day": token.LAST_DAY + timedelta(days=1)},
        {"last_day": FIELDS.first_day - timedelta(days=1)},
        {"key_id": 256},
        {"community": 65536},
        {"compound": 256},
        {"number": 4294967296},
        {"number": -1},
    ],
    ids=str,
)
def test_what_does_not_fit_its_place_is_never_signed(changes):
    with pytest.raises(ValueError, match=r"fit|argument|format|range|int"):
        token.sign(replace(FIELDS, **changes), KEY)


@pytest.mark.parametrize("base", ["https://停车.example.cn", "https://permits.example.cn/_"])
def test_an_address_that_qr_alphanumeric_mode_lacks_is_refused(base):
    with pytest.raises(token.UnprintableUrl):
        token.url(base, "AAAA")


def test_the_recipe_for_verifying_by_hand_works(tmp_path):
    recipe = re.search(r"```python\n(.+?)```", DOCS.read_text("utf-8"), re.DOTALL)[1]
    (tmp_path / "key.pem").write_text(public_pem(KEY.public_key()))
    said = {}
    here = recipe.replace("key-1.pem", str(tmp_path / "key.pem"))
    exec(here.replace("HTTPS://HOST/P/TOKEN", Symbol().url), said)
    assert said["plate"] == FIELDS.plate
