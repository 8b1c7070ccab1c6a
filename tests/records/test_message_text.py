import pytest
from sqlalchemy import select

from records.ledger import LedgerEntry
from records.message import KINDS, MessageKind
from records.message_text import UnknownPlace, Written, fill, places, set_texts, texts_of
from tests.factories import AT, OFFICE, make_community

KIND = MessageKind.LIST_RETURNED
OWN = Written("清单 {list} 退回", "请到社区办面谈。")


@pytest.fixture
def change(session):
    community = make_community(session)

    def change(texts):
        set_texts(session, community.id, KIND, texts, actor=OFFICE, at=AT)
        return texts_of(session, community.id)

    return change


@pytest.fixture
def entries(session):
    query = select(LedgerEntry).where(LedgerEntry.act == "message_text.changed")
    return lambda: session.scalars(query.order_by(LedgerEntry.number)).all()


def test_own_words_are_kept_by_language_until_they_are_taken_back(change):
    english = Written("List {list}", "Come to the office.")
    assert change({"zh": OWN, "en": english}) == {(KIND, "zh"): OWN, (KIND, "en"): english}
    assert change({"zh": OWN}) == {(KIND, "zh"): OWN}
    assert change({}) == {}


def test_each_change_is_entered_once_and_without_the_words(change, entries):
    for texts in ({"zh": OWN}, {"zh": OWN}, {}, {}):
        change(texts)
    assert [one.details for one in entries()] == [{"languages": ["zh"]}, {"languages": []}]
    assert {one.subject for one in entries()} == {f"message_text:{KIND}"}


@pytest.mark.parametrize("place", ["serial", "owner", "0.__class__", "list ", ""])
def test_a_place_that_the_kind_has_no_fact_for_is_refused_and_named(change, place):
    wrong = Written("清单 {list}", f"车主 {{{place}}}")
    with pytest.raises(UnknownPlace) as refused:
        change({"zh": OWN, "en": wrong})
    assert refused.value.facts == {"place": place, "language": "en", "part": "body"}
    assert place not in KINDS[KIND].facts
    assert change({}) == {}


def test_facts_are_put_in_their_places_and_nothing_else_is_looked_at():
    text = "{list} of {compound}: {list} {unknown} { } {} }{"
    assert (
        fill(text, {"list": "12", "compound": "{list}"}) == "12 of {list}: 12 {unknown} { } {} }{"
    )
    assert places("{list} {row}") == ["list", "row"]
