import json
from datetime import date, timedelta

import pytest

from records import ledger
from records.managing_users import (
    CompoundMissing,
    OwnAccount,
    TermOfRepresentatives,
    admit,
    close_account,
    reopen_account,
    set_term,
    sign_out_everywhere,
)
from records.passwords import MIN_PASSWORD_LENGTH, random_password
from records.people import NameTaken, Role, UnknownUser, sign_in
from records.sign_ins import begin_sign_in, sign_ins_of
from tests.factories import AT, OFFICE, PASSWORD, TODAY, compound_of, make_community, make_user

BY = {"actor": OFFICE, "at": AT}


@pytest.fixture
def community(session):
    return make_community(session)


def admitted(session, community, role=Role.GUARD, compound=None, name="laozhou"):
    return admit(
        session,
        community_id=community.id,
        name=name,
        shown_name="东门 老周",
        role=role,
        password=PASSWORD,
        compound_id=compound.id if compound else None,
        **BY,
    )


def entries(session):
    return [(one["act"], one["subject"], one["details"]) for one in ledger.export(session)]


def test_a_new_user_can_sign_in_and_is_entered_without_a_name(session, community):
    user = admitted(session, community)
    assert sign_in(session, "laozhou", PASSWORD) is user
    assert entries(session) == [
        ("user.added", f"user:{user.id}", {"role": "guard", "compound": None})
    ]


@pytest.mark.parametrize("role", Role)
def test_a_representative_has_a_compound_and_nobody_else_does(session, community, role):
    compound = compound_of(community, "A")
    right, wrong = (compound, None) if role is Role.REPRESENTATIVE else (None, compound)
    with pytest.raises(CompoundMissing):
        admitted(session, community, role, wrong)
    assert admitted(session, community, role, right).compound_id == (right.id if right else None)


def test_a_refused_user_leaves_no_entry(session, community):
    make_user(session, community, name="laozhou")
    with pytest.raises(NameTaken):
        admitted(session, community)
    assert entries(session) == []


def test_closing_an_account_ends_its_sessions_and_reopening_does_not_bring_them_back(
    session, community
):
    user = admitted(session, community)
    begin_sign_in(session, user, "", AT)
    close_account(session, user, **BY)
    with pytest.raises(UnknownUser):
        sign_in(session, "laozhou", PASSWORD)
    reopen_account(session, user, **BY)
    assert sign_ins_of(session, user, AT) == []
    assert sign_in(session, "laozhou", PASSWORD) is user


def test_nobody_closes_the_own_account(session, community):
    user = admitted(session, community)
    with pytest.raises(OwnAccount):
        close_account(session, user, actor=user.actor, at=AT)
    assert user.active


def test_random_passwords_are_long_enough_and_never_the_same():
    made = {random_password() for _ in range(50)}
    assert len(made) == 50
    assert min(len(one) for one in made) >= MIN_PASSWORD_LENGTH


def test_every_act_on_a_user_is_in_the_ledger_and_none_names_the_person(session, community):
    user = admitted(session, community)
    close_account(session, user, **BY)
    reopen_account(session, user, **BY)
    sign_out_everywhere(session, user, **BY)
    assert [act for act, _, _ in entries(session)] == [
        "user.added",
        "user.closed",
        "user.reopened",
        "user.signed_out",
    ]
    shown = json.dumps(list(ledger.export(session)), ensure_ascii=False)
    assert [text for text in ("laozhou", "老周", PASSWORD) if text in shown] == []


def test_a_term_is_set_and_renewed_for_representatives_only(session, community):
    user = admitted(session, community, Role.REPRESENTATIVE, compound_of(community, "A"))
    set_term(session, user, TODAY, **BY)
    assert [user.serves_on(TODAY + timedelta(days=days)) for days in (0, 1)] == [True, False]
    set_term(session, user, None, **BY)
    assert user.serves_on(date.max)
    last_days = [details.get("last_day") for act, _, details in entries(session)[1:]]
    assert last_days == [TODAY.isoformat(), None]
    with pytest.raises(TermOfRepresentatives):
        set_term(session, make_user(session, community, Role.STAFF), TODAY, **BY)
