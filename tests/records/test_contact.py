from datetime import timedelta

import pytest
from sqlalchemy import select, text

from records.contact import (
    LINK_GOOD_FOR,
    Contact,
    EmailWrong,
    LinkWrong,
    confirm_email,
    contact_of,
    link_of,
    set_email,
)
from records.delivery import Delivery
from records.ledger import LedgerEntry
from records.managing_users import close_account
from records.message import KINDS, MessageKind
from records.telling import tell
from tests.factories import AT, OFFICE, SEALER, compound_of, make_community, representative_of

ADDRESS = "daibiao@example.cn"


@pytest.fixture
def user(session):
    return representative_of(session, compound_of(make_community(session), "A"))


@pytest.fixture
def enter(session, user):
    def enter(address=ADDRESS, kinds=(MessageKind.LIST_RETURNED,), at=AT):
        return set_email(session, user, address, kinds=kinds, language="zh", sealer=SEALER, at=at)

    return enter


@pytest.fixture
def confirm(session, user):
    def confirm(at=AT):
        link = link_of(contact_of(session, user.id), SEALER)
        confirm_email(session, user, link, SEALER, at=at)

    return confirm


@pytest.fixture
def told(session, user):
    """Tell that a list was returned; return the kinds that wait to be sent outside."""

    def told(kind=MessageKind.LIST_RETURNED, facts=None):
        where = {"community_id": user.community_id, "compound_id": user.compound_id}
        tell(session, kind, "list:1", facts or {"list": 1}, **where, actor=OFFICE, at=AT)
        return [one.message.kind for one in session.scalars(select(Delivery))]

    return told


def test_nothing_is_sent_to_an_address_before_it_is_confirmed(enter, confirm, told):
    assert enter() is True
    assert told() == []
    confirm()
    assert told() == ["list_returned"]


def test_only_the_kinds_that_were_chosen_are_sent(enter, confirm, told):
    enter(kinds=[MessageKind.LIST_APPROVED])
    confirm()
    assert told() == []
    changes = dict.fromkeys(KINDS[MessageKind.LIST_APPROVED].facts, 1)
    assert told(MessageKind.LIST_APPROVED, changes) == ["list_approved"]


def test_another_address_has_to_be_confirmed_anew_and_the_same_has_not(
    session, user, enter, confirm, told
):
    enter()
    old = link_of(contact_of(session, user.id), SEALER)
    confirm()
    assert enter(ADDRESS.upper()) is False
    assert told() == ["list_returned"]
    assert enter("other@example.cn") is True
    assert told() == ["list_returned"]
    with pytest.raises(LinkWrong):
        confirm_email(session, user, old, SEALER, at=AT)


def test_a_link_is_good_for_three_days_and_for_its_own_reader(session, user, enter, confirm):
    enter()
    link = link_of(contact_of(session, user.id), SEALER)
    stranger = representative_of(session, compound_of(make_community(session, number=2), "A"))
    set_email(session, stranger, ADDRESS, kinds=[], language="zh", sealer=SEALER, at=AT)
    with pytest.raises(LinkWrong):
        confirm_email(session, stranger, link, SEALER, at=AT)
    with pytest.raises(LinkWrong):
        confirm(AT + LINK_GOOD_FOR + timedelta(seconds=1))
    confirm(AT + LINK_GOOD_FOR)
    assert contact_of(session, user.id).confirmed_at == AT + LINK_GOOD_FOR


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "daibiao",
        "a b@example.cn",
        "a@example",
        "a@x.cn\r\nBcc: b@x.cn",
        "代表@example.cn",
        f"{'a' * 64}@{'b' * 190}.cn",
    ],
)
def test_what_is_no_address_is_refused(enter, wrong):
    with pytest.raises(EmailWrong):
        enter(wrong)


def test_an_address_is_sealed_and_goes_with_the_account(session, user, enter, confirm):
    enter()
    confirm()
    [(sealed, digest)] = session.execute(
        text("SELECT address_sealed, address_digest FROM contacts")
    ).all()
    assert b"daibiao" not in bytes(sealed) + bytes(digest)
    close_account(session, user, actor=OFFICE, at=AT)
    assert session.scalars(select(Contact)).all() == []
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
    acts = [one.act for one in entries if one.act.startswith("user.email")]
    assert acts == ["user.email_entered", "user.email_confirmed", "user.email_removed"]
    assert "example.cn" not in "".join(str(one.details) for one in entries)
