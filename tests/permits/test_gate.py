"""What holds for every input; the single cases are in `tests/vectors/gate_cases.py`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permits.gate import (
    STALE_AFTER,
    VERDICT_OF,
    CompoundSign,
    Known,
    Reason,
    Registration,
    Standing,
    Verdict,
    ZoneWindow,
    decide,
)
from permits.permit import IN_FORCE, PermitState
from tests.vectors.symbols import PHRASES, Symbol, base32, private_key

pytestmark = pytest.mark.anywhere

AT = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "gate-decision.md"
CARD = Symbol()
SIGN = CompoundSign(1, "百合村北区", "Lily Village North", "A", "blue", (ZoneWindow("A1"),))


def standing(state=PermitState.PRINTED):
    return Standing(1, "A-000001-5", CARD.plate, 1, state, CARD.first, CARD.last)


def known(permit=None, as_of=AT):
    """Facts in which the card's permit is as given, in force by default."""
    permit = permit or standing()
    return Known(
        community=17,
        time_zone=ZoneInfo("Asia/Shanghai"),
        as_of=as_of,
        public_keys={1: private_key(PHRASES[1]).public_key()},
        compounds={1: SIGN},
        permit_numbered={1: permit}.get,
        registration_of={CARD.plate: Registration(1, permit)}.get,
    )


@given(st.text())
def test_no_text_is_admitted_as_a_token(text):
    assert decide(at=AT, known=known(), scanned=text).verdict is Verdict.REFUSE


@given(st.text(), st.text())
def test_whatever_is_scanned_and_typed_gets_a_decision(scanned, typed):
    assert decide(at=AT, known=known(), scanned=scanned, plate=typed).reasons


@given(st.text())
def test_whatever_is_typed_gets_a_decision(typed):
    assert decide(at=AT, known=known(), plate=typed).reasons


@pytest.mark.parametrize("part", range(4))
def test_no_card_with_one_bit_flipped_is_admitted(part):
    facts = known()
    for bit in range(part, len(CARD.content) * 8, 4):
        flipped = bytearray(CARD.content)
        flipped[bit // 8] ^= 1 << bit % 8
        decision = decide(at=AT, known=facts, scanned=base32(bytes(flipped)))
        assert decision.verdict is Verdict.REFUSE
        assert decision.sign is None


@given(st.binary(min_size=64, max_size=64))
def test_no_other_signature_is_admitted(signature):
    decision = decide(at=AT, known=known(), scanned=base32(CARD.message + signature))
    assert decision.reasons == (Reason.BAD_SIGNATURE,)


@pytest.mark.parametrize("state", PermitState)
def test_scanned_or_typed_a_permit_is_admitted_only_in_force(state):
    facts = known(standing(state))
    for decision in (
        decide(at=AT, known=facts, scanned=CARD.url),
        decide(at=AT, known=facts, plate=CARD.plate),
    ):
        assert (decision.verdict is Verdict.ADMIT) is (state in IN_FORCE)


@given(st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_an_admit_never_rests_on_facts_older_than_the_limit(age):
    facts = known(as_of=AT - age)
    decision = decide(at=AT, known=facts, scanned=CARD.url)
    assert (decision.verdict is Verdict.CHECK) is (age > STALE_AFTER)
    assert decision.data_age == max(age, timedelta())


@given(st.timedeltas(timedelta(days=-30), timedelta(days=400)))
def test_a_card_is_admitted_on_its_local_days_and_on_no_others(later):
    at = AT + later
    decision = decide(at=at, known=known(as_of=at), scanned=CARD.url)
    # China has had no change of clocks since 1991, so its day can be told by hand.
    day = (at + timedelta(hours=8)).date()
    assert (decision.verdict is Verdict.ADMIT) is (CARD.first <= day <= CARD.last)


@given(st.times(), st.times(), st.times())
def test_a_window_and_its_complement_are_never_open_at_once(starts, ends, at):
    if starts != ends:
        window, rest = ZoneWindow("S1", starts, ends), ZoneWindow("S1", ends, starts)
        assert window.is_open(at) is not rest.is_open(at)


@given(st.times())
def test_a_window_without_times_is_always_open(at):
    assert ZoneWindow("A1").is_open(at)


def test_a_window_from_evening_to_morning_crosses_midnight():
    window = ZoneWindow("S1", time(20), time(7))
    assert [window.is_open(time(hour)) for hour in (19, 20, 0, 6, 7)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_several_reasons_are_each_given_once_and_the_gravest_decides():
    gone = Standing(
        1, "A-000001-5", "粤E99999", 1, PermitState.EXPIRED, date(2020, 1, 1), date(2020, 2, 1)
    )
    after = datetime(2028, 1, 1, tzinfo=UTC)
    decision = decide(at=after, known=known(gone), scanned=CARD.url, plate="粤E54321")
    assert decision.reasons == (Reason.PLATE_MISMATCH, Reason.EXPIRED, Reason.PERMIT_DIFFERS)
    assert decision.verdict is Verdict.REFUSE


def test_the_documentation_has_every_reason_in_order_with_its_verdict():
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| .+ \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    assert rows == [(str(reason), str(VERDICT_OF[reason])) for reason in Reason]
