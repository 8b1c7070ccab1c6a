"""Who answers for what, and whose telephone number may be shown to everybody."""

import pytest
from sqlalchemy import select

from records.ledger import LedgerEntry
from tests.factories import AT, OFFICE, compound_of, make_community, make_zone
from zones.responsibility import (
    NobodyNamed,
    PhonePrivate,
    PhoneWrong,
    name_responsible,
    public_phone,
    responsibilities_of,
)


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def name(session, community):
    """Name who is responsible, and return what was entered in the ledger for it."""

    def name(named):
        before = set(session.scalars(select(LedgerEntry.number)))
        name_responsible(session, community, named, actor=OFFICE, at=AT)
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number))
        return [(one.subject, one.details) for one in entries if one.number not in before]

    return name


def test_somebody_is_named_changed_and_taken_away_and_the_ledger_names_nobody(
    session, community, name
):
    zone, compound = make_zone(session, community, "A1"), compound_of(community, "A")
    entered = name({zone: ("李敏", "0757-86660001"), compound: ("物业", "")})
    assert entered == [("zone:A1", {"named": True}), ("compound:1", {"named": True})]
    assert name({zone: ("李敏", "0757-86660001")}) == []
    assert name({zone: ("", "")}) == [("zone:A1", {"named": False})]
    assert {
        thing: (one.name, one.phone)
        for thing, one in responsibilities_of(session, community).items()
    } == {compound: ("物业", "")}


def test_a_line_without_a_name_is_refused(session, community, name):
    with pytest.raises(NobodyNamed):
        name({compound_of(community, "A"): (" ", "0757-86660001")})


@pytest.mark.anywhere
@pytest.mark.parametrize("phone", ["", "0757-8666 0001", "(0757) 86660001", "400-800-1234", "110"])
def test_an_office_line_may_be_shown(phone):
    assert public_phone(phone) == phone


@pytest.mark.anywhere
@pytest.mark.parametrize("phone", ["13800138000", "138 0013 8000", "+86 138-0013-8000"])
def test_a_mobile_number_is_somebodys_own(phone):
    with pytest.raises(PhonePrivate):
        public_phone(phone)


@pytest.mark.anywhere
@pytest.mark.parametrize("phone", ["李敏", "12", "<b>", "0757/1"])
def test_what_is_no_number_is_refused(phone):
    with pytest.raises(PhoneWrong):
        public_phone(phone)
