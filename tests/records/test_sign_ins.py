from datetime import timedelta

import pytest
from sqlalchemy import select

from records.managing_users import OwnAccount, change_password, sign_out_everywhere
from records.people import UnknownUser
from records.sign_ins import (
    LASTS,
    SignIn,
    begin_sign_in,
    end_sign_in,
    end_sign_ins,
    note_seen,
    sign_ins_of,
    user_of_session,
)
from tests.factories import AT, OFFICE, PASSWORD, make_community, make_user
from tests.permits.test_deciding import counted_statements


@pytest.fixture
def user(session):
    return make_user(session, make_community(session))


def begun(session, user, browser="Firefox · Windows", at=AT):
    """Return the token of a sign-in that begins."""
    begin_sign_in(session, user, browser, at)
    return user.here.token


def test_a_token_names_its_user_and_the_database_holds_no_token(session, user):
    token = begun(session, user)
    assert user.get_id() == token
    assert user_of_session(session, token) is user
    [row] = session.execute(select(SignIn.__table__)).all()
    assert token not in map(str, row)


def test_who_a_token_names_is_asked_in_one_statement(engine, session, user):
    token = begun(session, user)
    session.commit()
    session.expunge_all()
    with counted_statements(engine) as sent:
        user_of_session(session, token)
    assert len(sent) == 1


@pytest.mark.parametrize("token", ["", "1:", "x" * 43, "é", "\0"])
def test_a_token_of_nobody_names_nobody(session, user, token):
    begun(session, user)
    assert user_of_session(session, token) is None


def test_a_user_who_is_not_active_is_nowhere(session, user):
    token = begun(session, user)
    user.active = False
    session.flush()
    assert user_of_session(session, token) is None


def test_one_sign_in_ends_and_the_others_go_on(session, user):
    tokens = [begun(session, user) for _ in range(3)]
    first = user_of_session(session, tokens[0]).here.sign_in_id
    end_sign_in(session, user, first)
    assert [bool(user_of_session(session, one)) for one in tokens] == [False, True, True]
    assert end_sign_ins(session, user, but=user.here.sign_in_id) == 1
    assert [bool(user_of_session(session, one)) for one in tokens] == [False, False, True]


def test_nobody_ends_another_ones_sign_in_by_its_number(session, user):
    other = make_user(session, user_community(session))
    token = begun(session, user)
    end_sign_in(session, other, user.here.sign_in_id)
    assert user_of_session(session, token) is user


def user_community(session):
    return make_community(session, number=2)


def test_sign_ins_are_listed_the_latest_first_and_those_that_are_over_go(session, user):
    begun(session, user, "WeChat · Android", AT)
    begun(session, user, "Chrome · Windows", AT + timedelta(hours=1))
    note_seen(session, user.here.sign_in_id, AT + timedelta(hours=3))
    later = AT + timedelta(hours=4)
    session.expire_all()
    assert [(one.browser, one.seen_at) for one in sign_ins_of(session, user, later)] == [
        ("Chrome · Windows", AT + timedelta(hours=3)),
        ("WeChat · Android", AT),
    ]
    assert len(sign_ins_of(session, user, AT + LASTS)) == 1
    begun(session, user, at=AT + LASTS)
    assert len(session.scalars(select(SignIn)).all()) == 2


def test_a_changed_password_ends_all_sign_ins_but_the_present_one(session, user):
    elsewhere, here = begun(session, user), begun(session, user)
    change_password(session, user, PASSWORD, "another long password", at=AT)
    assert user_of_session(session, elsewhere) is None
    assert user_of_session(session, here) is user
    with pytest.raises(UnknownUser):
        change_password(session, user, PASSWORD, "a third long password", at=AT)


def test_others_sign_somebody_out_everywhere_but_nobody_himself(session, user):
    token = begun(session, user)
    with pytest.raises(OwnAccount):
        sign_out_everywhere(session, user, actor=user.actor, at=AT)
    assert user_of_session(session, token) is user
    assert sign_out_everywhere(session, user, actor=OFFICE, at=AT) == 1
    assert user_of_session(session, token) is None
