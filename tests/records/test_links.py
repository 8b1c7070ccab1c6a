import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from records import invitations, ledger, password_links
from records.invitations import (
    Invitation,
    accept_invitation,
    invitation_of,
    invitations_of,
    invite,
    renew_invitation,
    withdraw_invitation,
)
from records.links import LinkOver
from records.managing_users import CompoundMissing, OwnAccount, close_account
from records.password_links import make_password_link, set_password, user_of_password_link
from records.passwords import PasswordTooShort
from records.people import NameTaken, Role, UnknownUser, User, sign_in
from records.sign_ins import begin_sign_in, sign_ins_of
from tests.at_once import at_once
from tests.factories import AT, OFFICE, PASSWORD, compound_of, make_community, make_user

BY = {"actor": OFFICE, "at": AT}
NEW = "another long password"


@pytest.fixture
def community(session):
    return make_community(session)


def invited(session, community, role=Role.GUARD, compound=None):
    return invite(
        session,
        community_id=community.id,
        shown_name=" 东门 老周 ",
        role=role,
        compound_id=compound.id if compound else None,
        **BY,
    )


def accept(session, token, name="laozhou", at=AT):
    return accept_invitation(session, token, name=name, password=PASSWORD, at=at)


def test_who_is_invited_becomes_what_the_invitation_says(session, community):
    compound = compound_of(community, "A")
    one, token = invited(session, community, Role.REPRESENTATIVE, compound)
    assert invitations_of(session, community.id) == [one]
    user = accept(session, token)
    assert (user.shown_name, user.role, user.compound_id) == (
        "东门 老周",
        Role.REPRESENTATIVE,
        compound.id,
    )
    assert sign_in(session, "laozhou", PASSWORD) is user
    assert invitations_of(session, community.id) == []
    made, added = ledger.export(session)
    assert (made["actor"], made["act"]) == (OFFICE, "invitation.made")
    assert (added["actor"], added["act"]) == (user.actor, "user.added")
    assert added["details"]["invitation"] == int(made["subject"].partition(":")[2])
    assert "老周" not in json.dumps([made, added], ensure_ascii=False)


def test_a_link_opens_once(session, community):
    _one, token = invited(session, community)
    accept(session, token)
    with pytest.raises(LinkOver):
        accept(session, token, "another")


def test_one_link_opened_twice_at_once_makes_one_account(engine, session, community):
    _one, token = invited(session, community)
    session.commit()
    results = at_once(
        engine,
        lambda one: invitation_of(one, token, AT) if engine.dialect.name == "sqlite" else None,
        *[lambda one, _found, name=name: accept(one, token, name).name for name in ("a", "b")],
    )
    assert len([one for one in results if isinstance(one, str)]) == 1
    assert len(session.scalars(select(User)).all()) == 1


@pytest.mark.parametrize("end", ["a week", "renewed", "withdrawn"])
def test_a_link_that_is_over_opens_nothing(session, community, end):
    one, token = invited(session, community)
    at = AT + invitations.GOOD_FOR
    assert invitation_of(session, token, at - timedelta(seconds=1)) is one
    if end == "renewed":
        at, new = AT, renew_invitation(session, one, **BY)
        assert invitation_of(session, new, at) is one
    elif end == "withdrawn":
        at = AT
        withdraw_invitation(session, one, **BY)
    with pytest.raises(LinkOver):
        accept(session, token, at=at)


def test_a_refused_acceptance_leaves_the_link_open(session, community):
    make_user(session, community, name="laozhou")
    _one, token = invited(session, community)
    with pytest.raises(NameTaken):
        accept(session, token)
    with pytest.raises(PasswordTooShort):
        accept_invitation(session, token, name="zhou", password="short", at=AT)
    assert accept(session, token, "zhou").name == "zhou"


def test_a_representative_is_invited_with_a_compound_and_nobody_else_is(session, community):
    with pytest.raises(CompoundMissing):
        invited(session, community, Role.REPRESENTATIVE)
    with pytest.raises(CompoundMissing):
        invited(session, community, Role.STAFF, compound_of(community, "A"))
    assert session.scalars(select(Invitation)).all() == []


def test_a_password_link_replaces_the_password_once_and_ends_sign_ins(session, community):
    user = make_user(session, community, name="laozhou")
    begin_sign_in(session, user, "", AT)
    token = make_password_link(session, user, **BY)
    assert sign_in(session, "laozhou", PASSWORD) is user
    with pytest.raises(PasswordTooShort):
        set_password(session, token, "short", at=AT)
    assert set_password(session, token, NEW, at=AT) is user
    assert sign_ins_of(session, user, AT) == []
    assert sign_in(session, "laozhou", NEW) is user
    with pytest.raises(UnknownUser):
        sign_in(session, "laozhou", PASSWORD)
    with pytest.raises(LinkOver):
        set_password(session, token, PASSWORD, at=AT)
    acts = [one["act"] for one in ledger.export(session)]
    assert acts == ["user.password_link_made", "user.password_set"]


def test_of_password_links_the_last_one_holds_for_a_day(session, community):
    user = make_user(session, community)
    first, last = (make_password_link(session, user, **BY) for _ in range(2))
    assert user_of_password_link(session, last, AT + timedelta(hours=23)) is user
    for token, at in ((first, AT), (last, AT + password_links.GOOD_FOR), ("é", AT)):
        with pytest.raises(LinkOver):
            user_of_password_link(session, token, at)
    with pytest.raises(OwnAccount):
        make_password_link(session, user, actor=user.actor, at=AT)
    close_account(session, user, **BY)
    session.flush()
    with pytest.raises(LinkOver):
        user_of_password_link(session, last, AT)
