import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from records import ledger
from records.managing_users import OwnAccount, reset_second_factor
from records.people import Role, User
from records.recovery_codes import RecoveryCode, recovery_codes_left
from records.second_factor import (
    MOST_TRIES,
    REQUIRED_OF,
    TRIES_WITHIN,
    CodesUsed,
    NoSecondFactor,
    SecondFactor,
    SecondFactorRequired,
    TooManyCodes,
    WrongCode,
    app_address,
    begin_enrolment,
    check_code,
    finish_enrolment,
    must_have_second_factor,
    present_code,
    remove_second_factor,
    second_factor_of,
    secret_to_enrol,
)
from records.sign_ins import begin_sign_in, begin_waiting, sign_ins_of, user_of_session
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    code_of,
    compound_of,
    give_second_factor,
    make_community,
    make_user,
)

NOW = {"sealer": SEALER, "at": AT}
STEP = timedelta(seconds=30)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def user(session):
    return make_user(session, make_community(session), Role.STAFF)


def refused(session, user, typed, at=AT):
    try:
        check_code(session, user, typed, sealer=SEALER, at=at)
    except (WrongCode, TooManyCodes) as error:
        return error.code
    return None


def test_an_app_is_in_force_only_after_its_first_code(session, user):
    begin_enrolment(session, user, SEALER)
    secret = secret_to_enrol(session, user, SEALER)
    assert second_factor_of(session, user) is None
    assert refused(session, user, code_of(secret)) == "wrong_code"
    with pytest.raises(WrongCode):
        finish_enrolment(session, user, "000000", **NOW)
    assert len(finish_enrolment(session, user, code_of(secret), **NOW)) == 10
    assert second_factor_of(session, user).since == AT
    assert secret_to_enrol(session, user, SEALER) is None


def test_neither_secret_nor_recovery_codes_stand_in_the_database(session, user):
    begin_enrolment(session, user, SEALER)
    secret = secret_to_enrol(session, user, SEALER)
    codes = finish_enrolment(session, user, code_of(secret), **NOW)
    rows = str(session.execute(select(SecondFactor.__table__)).all())
    rows += str(session.execute(select(RecoveryCode.__table__)).all())
    rows += json.dumps(list(ledger.export(session)))
    assert [one for one in (secret, *codes, *(code[:5] for code in codes)) if one in rows] == []


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_wrong(session, user, steps):
    secret = give_second_factor(session, user)
    assert refused(session, user, code_of(secret, AT + steps * STEP)) is None


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_minute_is_wrong(session, user, steps):
    secret = give_second_factor(session, user)
    assert refused(session, user, code_of(secret, AT + steps * STEP)) == "wrong_code"


def test_a_code_is_taken_once_and_none_from_before_it(session, user):
    secret = give_second_factor(session, user)
    assert refused(session, user, code_of(secret)) is None
    assert refused(session, user, code_of(secret)) == "wrong_code"
    assert refused(session, user, code_of(secret, AT - STEP)) == "wrong_code"
    assert refused(session, user, code_of(secret, AT + STEP)) is None


def test_one_code_sent_twice_at_once_lets_one_in(engine, session, user):
    secret, user_id = give_second_factor(session, user), user.id
    session.commit()
    results = at_once(
        engine,
        lambda one: one.get(User, user_id),
        *[lambda one, who: refused(one, who, code_of(secret)) or "taken"] * 2,
    )
    assert sorted(results) == ["taken", "wrong_code"]


def test_a_code_is_read_however_it_is_typed(session, user):
    code = code_of(give_second_factor(session, user))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert refused(session, user, f" {wide[:3]} {wide[3:]} ") is None


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "\0", "１２", "é" * 40])
def test_what_is_no_code_is_wrong(session, user, typed):
    give_second_factor(session, user)
    assert refused(session, user, typed) == "wrong_code"


def test_a_recovery_code_stands_in_for_the_phone_once(session, user):
    begin_enrolment(session, user, SEALER)
    secret = secret_to_enrol(session, user, SEALER)
    codes = finish_enrolment(session, user, code_of(secret), **NOW)
    assert refused(session, user, codes[0].upper()) is None
    assert refused(session, user, codes[0]) == "wrong_code"
    assert recovery_codes_left(session, user) == 9
    assert refused(session, user, codes[1].replace("-", " ")) is None
    assert list(ledger.export(session))[-1]["details"] == {"left": 8}


def test_after_five_wrong_codes_even_the_right_one_waits(session, user):
    secret = give_second_factor(session, user)
    tries = [refused(session, user, "000000") for _ in range(MOST_TRIES + 1)]
    assert tries == ["wrong_code"] * MOST_TRIES + ["too_many_codes"]
    with pytest.raises(TooManyCodes) as error:
        check_code(session, user, code_of(secret), sealer=SEALER, at=AT + timedelta(minutes=10))
    assert error.value.facts == {"minutes": 50}
    later = AT + TRIES_WITHIN
    assert refused(session, user, code_of(secret, later), later) is None


@pytest.mark.parametrize("role", Role)
def test_staff_and_administrators_cannot_go_without(session, role):
    community = make_community(session, number=2)
    compound = compound_of(community, "A") if role is Role.REPRESENTATIVE else None
    user = make_user(session, community, role, compound)
    give_second_factor(session, user)
    assert must_have_second_factor(user) == (role in REQUIRED_OF)
    if role in REQUIRED_OF:
        with pytest.raises(SecondFactorRequired):
            remove_second_factor(session, user, at=AT)
    else:
        remove_second_factor(session, user, at=AT)
    assert bool(second_factor_of(session, user)) == (role in REQUIRED_OF)


def test_a_reset_forgets_app_and_codes_and_ends_every_sign_in(session, user):
    give_second_factor(session, user)
    begin_sign_in(session, user, "", AT)
    with pytest.raises(OwnAccount):
        reset_second_factor(session, user, actor=user.actor, at=AT)
    reset_second_factor(session, user, actor=OFFICE, at=AT)
    assert second_factor_of(session, user) is None
    assert (recovery_codes_left(session, user), sign_ins_of(session, user, AT)) == (0, [])
    assert list(ledger.export(session))[-1]["act"] == "user.second_factor_reset"
    with pytest.raises(NoSecondFactor):
        reset_second_factor(session, user, actor=OFFICE, at=AT)


def test_the_printed_code_is_one_that_was_not_used(session, user):
    give_second_factor(session, user)
    for _ in range(2):
        code, seconds = present_code(session, user, **NOW)
        assert 30 <= seconds <= 90
        assert refused(session, user, code) is None
    with pytest.raises(CodesUsed) as used:
        present_code(session, user, **NOW)
    later = AT + timedelta(seconds=used.value.facts["seconds"])
    assert (
        refused(session, user, present_code(session, user, sealer=SEALER, at=later)[0], later)
        is None
    )


def test_nobody_is_signed_in_while_a_code_is_awaited(session, user):
    token = begin_waiting(session, user, "", AT)
    assert user_of_session(session, token) is None
    assert sign_ins_of(session, user, AT) == []


def test_the_apps_address_names_user_and_community(user):
    address = app_address(SECRET, user, "百合村片区")
    assert address.startswith("otpauth://totp/")
    assert f"secret={SECRET}" in address
    assert user.name in address
