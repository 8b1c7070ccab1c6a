import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.plates import (
    REFUSALS,
    Plate,
    PlateError,
    PlateKind,
    PlateRefusal,
    canonical,
    normalise,
    parse,
)
from permits.token import PLATE_BYTES

pytestmark = pytest.mark.anywhere

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
NEW_ENERGY = "ABCDEFGHJK"
DIGITS = "0123456789"
SERIAL = LETTERS + DIGITS
SEPARATORS = " \t\n\u3000\u00a0\u200b\u200e\ufeff·•・.-—_"

# Every form as the characters that may stand in each place: written apart from the code's patterns.
FORMS = {
    PlateKind.ORDINARY: [[PROVINCES, LETTERS, *[SERIAL] * 5]],
    PlateKind.NEW_ENERGY_SMALL: [[PROVINCES, LETTERS, NEW_ENERGY, SERIAL, *[DIGITS] * 4]],
    PlateKind.NEW_ENERGY_LARGE: [[PROVINCES, LETTERS, *[DIGITS] * 5, NEW_ENERGY]],
    PlateKind.POLICE: [[PROVINCES, LETTERS, *[SERIAL] * 4, "警"]],
    PlateKind.TRAINER: [[PROVINCES, LETTERS, *[SERIAL] * 4, "学"]],
    PlateKind.TRAILER: [[PROVINCES, LETTERS, *[SERIAL] * 4, "挂"]],
    PlateKind.CONSULATE: [[PROVINCES, LETTERS, *[SERIAL] * 4, "领"]],
    PlateKind.EMBASSY: [["使", *[DIGITS] * 6], [*[DIGITS] * 6, "使"]],
    PlateKind.HONG_KONG: [["粤", "Z", *[SERIAL] * 4, "港"]],
    PlateKind.MACAO: [["粤", "Z", *[SERIAL] * 4, "澳"]],
    PlateKind.EMERGENCY: [[PROVINCES, "XS", SERIAL, *[DIGITS] * 3, "应", "急"]],
    PlateKind.ARMED_POLICE: [
        ["W", "J", *[DIGITS] * 4, DIGITS + "TDSHBXJ"],
        ["W", "J", PROVINCES, *[DIGITS] * 4, DIGITS + "TDSHBXJ"],
    ],
    PlateKind.MILITARY: [["BCEGHJKLNQSVZ", "ABCDJKLMNPQRSTVY", *[DIGITS] * 5]],
    PlateKind.CIVIL_AVIATION: [["民", "航", *[SERIAL] * 5]],
    PlateKind.TEMPORARY: [
        [PROVINCES, LETTERS, *[SERIAL] * 4, "临"],
        [PROVINCES, LETTERS, *[SERIAL] * 5, "临"],
    ],
}


def expected_kind(text):
    for kind, forms in FORMS.items():
        for form in forms:
            if len(text) == len(form) and all(map(str.__contains__, form, text)):
                return kind
    return None


def plates(*kinds):
    forms = [form for kind in kinds or FORMS for form in FORMS[kind]]
    return st.sampled_from(forms).flatmap(
        lambda form: st.tuples(*map(st.sampled_from, form)).map("".join)
    )


nearly_plates = st.one_of(
    plates(),
    st.text(alphabet=SERIAL + "OI粤京警学港澳使临应急民航WJ", max_size=10),
    # A plate with one character put in, taken out or replaced.
    st.tuples(
        plates(), st.integers(0, 8), st.integers(0, 1), st.text(SERIAL + "OI粤港警", max_size=1)
    ).map(lambda parts: parts[0][: parts[1]] + parts[3] + parts[0][parts[1] + parts[2] :]),
)


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@st.composite
def written_otherwise(draw, texts):
    """A text, and the same with separators, in other widths and in other cases."""
    text = draw(texts)
    other = ""
    for character in text:
        change = draw(st.sampled_from([str, str.lower, wide, lambda c: wide(c.lower())]))
        other += draw(st.text(SEPARATORS, max_size=1)) + change(character)
    return text, other + draw(st.text(SEPARATORS, max_size=1))


def outcome(text):
    result = parse(text, province="粤")
    if isinstance(result, Plate):
        return result
    return (result.reason, result.position, result.character, result.suggestion)


@given(st.one_of(st.text(), nearly_plates))
def test_normalising_twice_equals_once(text):
    assert normalise(normalise(text)) == normalise(text)


@given(plates())
def test_canonicalising_twice_equals_once(text):
    assert canonical(canonical(text).shown) == canonical(text)


@given(written_otherwise(nearly_plates))
def test_separators_width_and_case_never_change_the_outcome(pair):
    text, other = pair
    assert outcome(other) == outcome(text)


@given(nearly_plates)
def test_exactly_what_the_forms_allow_gets_through(text):
    result = parse(text)
    assert (result.kind if isinstance(result, Plate) else None) == expected_kind(text)


@pytest.mark.parametrize("kind", PlateKind)
def test_every_plate_of_a_kind_is_accepted_as_that_kind(kind):
    @given(plates(kind))
    def accepted(text):
        assert parse(text) == Plate(text, kind)

    accepted()


@given(st.one_of(st.text(), nearly_plates), st.sampled_from([None, *PROVINCES]))
def test_no_text_at_all_makes_parsing_fail(text, province):
    result = parse(text, province=province)
    assert isinstance(result, Plate) or result.reason in REFUSALS


@given(st.one_of(st.text(), nearly_plates), st.sampled_from([None, *PROVINCES]))
def test_a_suggestion_is_a_plate_in_canonical_form(text, province):
    result = parse(text, province=province)
    if isinstance(result, PlateRefusal) and result.suggestion is not None:
        assert canonical(result.suggestion).text == result.suggestion != normalise(text)


@given(nearly_plates)
def test_a_refusal_names_the_character_at_its_position(text):
    result = parse(text)
    if isinstance(result, PlateRefusal):
        if result.reason in ("empty", "wrong_length"):
            assert (result.position, result.character) == (None, None)
        else:
            assert normalise(text)[result.position - 1] == result.character


@given(st.data())
def test_an_o_for_0_or_an_i_for_1_is_refused_with_the_plate_that_was_meant(data):
    meant = data.draw(
        plates(PlateKind.ORDINARY, PlateKind.POLICE).filter(lambda p: set(p) & {"0", "1"})
    )
    place = data.draw(st.sampled_from([i for i, c in enumerate(meant) if c in "01"]))
    typed = meant[:place] + {"0": "O", "1": "I"}[meant[place]] + meant[place + 1 :]
    refusal = parse(typed)
    assert (refusal.reason, refusal.position) == ("letter_o_or_i", place + 1)
    assert refusal.suggestion == meant


@given(plates(PlateKind.ORDINARY, PlateKind.NEW_ENERGY_LARGE))
def test_a_missing_province_is_refused_with_the_local_one_put_before(text):
    refusal = parse(text[1:], province=text[0])
    # CB12345 without its province is a military plate, and nobody can tell which was meant.
    if expected_kind(text[1:]) is None and not text[1:].startswith("WJ"):
        assert (refusal.reason, refusal.suggestion) == ("province_missing", text)


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("form", ["粤E{}12345", "粤E{}A1234", "粤E12345{}"])
def test_new_energy_plates_have_the_letters_a_to_k_and_no_others(letter, form):
    accepted = isinstance(parse(form.format(letter)), Plate)
    assert accepted is (letter in "ABCDEFGHJK")


@pytest.mark.parametrize("letter", "ABCDEFGHJK")
@pytest.mark.parametrize("form", ["粤E{}12345", "粤E12345{}"])
def test_d_a_b_c_e_are_electric_and_f_to_k_are_not(letter, form):
    assert canonical(form.format(letter)).is_electric is (letter in "DABCE")


@pytest.mark.parametrize(
    "text",
    [
        "粤粤12345",
        "粤京E1234",
        "粤E粤1234",
        "粤E1234港",
        "粤E1234澳",
        "京Z1234港",
        "粤Z12345港",
        "粤Z1234港澳",
        "粤E12345X",
        "粤E1234567",
        "粤E1234",
        "x粤E12345",
        "粤E12345x9",
        "车牌粤E12345",
        "粤E12345,粤E12346",
        "粤E12345\n粤E12346",
        "粤E①2345",
        "粤Е12345",  # a Cyrillic letter that looks like E
        "粤E1234\u0661",  # an Arabic digit
        "粵E12345",
        "粤K1234使",
        "使12345",
        "WJ1234",
        "WJ粤1234",
        "粤E1234应急",
        "民航A123",
        "粤E123警",
        "粤E12345警",
        "AA12345粤",
        "",
        "·",
    ],
)
def test_what_looks_like_a_plate_but_is_none_is_refused(text):
    assert isinstance(parse(text), PlateRefusal)


@pytest.mark.parametrize(
    ("text", "reason", "position", "character", "suggestion"),
    [
        ("", "empty", None, None, None),
        (" · ", "empty", None, None, None),
        ("粤Eo2345", "letter_o_or_i", 3, "O", "粤E02345"),
        ("粤E·1234i", "letter_o_or_i", 7, "I", "粤E12341"),
        ("粤EO23I5", "letter_o_or_i", 3, "O", "粤E02315"),
        ("粤EO12345", "letter_o_or_i", 3, "O", "粤ED12345"),
        ("使O14578", "letter_o_or_i", 2, "O", "使014578"),
        ("O14578使", "letter_o_or_i", 1, "O", "014578使"),
        ("WJ粤O1234", "letter_o_or_i", 4, "O", "WJ粤01234"),
        ("E12345", "province_missing", 1, "E", "粤E12345"),
        ("EO2345", "province_missing", 1, "E", "粤E02345"),
        ("12345", "province_missing", 1, "1", None),
        ("粵E12345", "unknown_province", 1, "粵", "粤E12345"),
        ("奥E12345", "unknown_province", 1, "奥", "粤E12345"),
        ("泸A12345", "unknown_province", 1, "泸", "沪A12345"),
        ("车牌：粤E12345", "unknown_province", 1, "车", "粤E12345"),
        ("粤O12345", "bad_authority_letter", 2, "O", None),
        ("粤112345", "bad_authority_letter", 2, "1", None),
        ("粤粤E12345", "bad_authority_letter", 2, "粤", "粤E12345"),
        ("粤Е12345", "bad_authority_letter", 2, "Е", "粤E12345"),
        ("粤E1234應急", "bad_character", 7, "應", None),
        ("粤E1234學", "bad_character", 7, "學", "粤E1234学"),
        ("粤E①2345", "bad_character", 3, "①", "粤E12345"),
        ("粤E12345 白色", "bad_character", 8, "白", "粤E12345"),
        ("粤E12345 B栋", "bad_character", 9, "栋", "粤E12345"),
        ("粤ED1B345", "bad_character", 5, "B", "粤ED18345"),
        ("粤XA23B应急", "bad_character", 6, "B", "粤XA238应急"),
        ("粤E1234港", "hong_kong_macao_needs_yue_z", 7, "港", "粤Z1234港"),
        ("粤E1234澳", "hong_kong_macao_needs_yue_z", 7, "澳", "粤Z1234澳"),
        ("粤E012345", "not_new_energy", 3, "0", "粤ED12345"),
        ("粤E122345", "not_new_energy", 3, "1", "粤E12345"),
        ("粤EL12345", "not_new_energy", 3, "L", None),
        ("粤E12345X", "not_new_energy", 8, "X", None),
        ("粤E1234", "wrong_length", None, None, None),
        ("粤E1234567", "wrong_length", None, None, None),
        ("民航A12345", "wrong_length", None, None, None),
        ("WJA12345", "wrong_length", None, None, None),
    ],
)
def test_a_refusal_says_why_where_and_what_was_likely_meant(
    text, reason, position, character, suggestion
):
    assert parse(text, province="粤") == PlateRefusal(text, reason, position, character, suggestion)


def test_every_reason_of_refusal_is_given_for_some_text():
    texts = ["", "E12345", "奧E12345", "粤112345", "粤EO2345", "粤E?2345", "粤E1234港"]
    given_reasons = {parse(text).reason for text in [*texts, "粤E123456", "粤E1"]}
    assert given_reasons == set(REFUSALS)


def test_without_a_local_province_none_is_made_up():
    assert parse("E12345").suggestion is None


def test_a_text_that_holds_two_plates_suggests_neither():
    assert parse("粤E12345或粤E12346").suggestion is None


def test_a_very_long_text_is_refused_without_a_guess():
    refusal = parse("粤E12345" + string.ascii_letters * 20_000)
    assert (refusal.reason, refusal.suggestion) == ("letter_o_or_i", None)


@pytest.mark.parametrize(
    ("text", "shown", "masked"),
    [
        ("粤E12345", "粤E·12345", "粤E·1**45"),
        ("粤ED12345", "粤E·D12345", "粤E·D***45"),
        ("粤E12345D", "粤E·12345D", "粤E·1***5D"),
        ("粤E1234警", "粤E·1234警", "粤E·1**4警"),
        ("粤E1234学", "粤E·1234学", "粤E·1**4学"),
        ("粤E1234挂", "粤E·1234挂", "粤E·1**4挂"),
        ("沪A1234领", "沪A·1234领", "沪A·1**4领"),
        ("使014578", "使014·578", "使01*·*78"),
        ("014578使", "014·578使", "014·**8使"),
        ("粤Z1234港", "粤Z·1234港", "粤Z·1**4港"),
        ("粤Z1234澳", "粤Z·1234澳", "粤Z·1**4澳"),
        ("粤X1234应急", "粤X·1234应急", "粤X·1***应急"),
        ("WJ12345", "WJ·12345", "WJ·1**45"),
        ("WJ粤12345", "WJ粤·12345", "WJ粤·***45"),
        ("VA12345", "VA·12345", "VA·1**45"),
        ("民航A1234", "民航·A1234", "民航·A**34"),
        ("粤E12345临", "粤E·12345临", "粤E·1***5临"),
    ],
)
def test_a_plate_is_shown_with_its_dot_and_masked_in_its_middle(text, shown, masked):
    plate = canonical(text)
    assert (plate.shown, plate.masked) == (shown, masked)


@given(plates())
def test_masking_hides_at_least_two_characters_and_keeps_the_length(text):
    plate = canonical(text)
    assert plate.masked.count("*") >= 2
    assert len(plate.masked) == len(plate.shown)


@given(plates(*(set(PlateKind) - {PlateKind.MILITARY, PlateKind.ARMED_POLICE})))
def test_every_plate_but_those_of_the_forces_fits_a_token(text):
    assert len(text.encode()) in PLATE_BYTES


def test_police_rescue_and_armed_forces_are_service_vehicles():
    service = {kind for kind in PlateKind if kind.is_service}
    assert service == {
        PlateKind.POLICE,
        PlateKind.EMERGENCY,
        PlateKind.ARMED_POLICE,
        PlateKind.MILITARY,
    }


def test_canonical_raises_with_the_facts_of_the_refusal():
    with pytest.raises(PlateError) as error:
        canonical("粤EO2345")
    assert error.value.facts == {
        "raw": "粤EO2345",
        "reason": "letter_o_or_i",
        "position": 3,
        "character": "O",
        "suggestion": "粤E02345",
    }
