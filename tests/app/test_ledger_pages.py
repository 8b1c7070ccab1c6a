import json
import re

import pytest
from sqlalchemy import text

from app.ledger_words import FAULTS
from permits.heads import sign_head
from records import ledger
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT, PASSWORD, representative_of


@pytest.fixture
def reader(sign_in):
    return sign_in(Role.REPRESENTATIVE)


@pytest.fixture
def enter(session):
    """Enter acts, each a code or an `Act`."""

    def enter(*acts, actor="user:900"):
        whole = [
            one if isinstance(one, ledger.Act) else ledger.Act(one, "zone:X", {}) for one in acts
        ]
        head = ledger.append(session, actor, whole, AT)
        session.commit()
        return head

    return enter


def numbers_on(response):
    return [int(number) for number in re.findall(r'id="entry-(\d+)"', response.text)]


def test_a_guard_sees_no_ledger(sign_in):
    guard = sign_in(Role.GUARD)
    for path in ("", "check", "heads", "ledger.jsonl"):
        assert guard.get(f"/ledger/{path}").status_code == 403


def test_entries_stand_newest_first_in_pages(reader, enter):
    head = enter(*["zone.added"] * 120)
    first, second = reader.get("/ledger/"), reader.get("/ledger/?page=2")
    shown = numbers_on(first) + numbers_on(second)
    assert shown == list(range(head.number, head.number - len(shown), -1))
    assert head.hash in first.text


def test_entries_can_be_limited_to_one_act(reader, enter):
    head = enter("zone.added", "gate.added", "zone.added")
    assert numbers_on(reader.get("/ledger/?act=gate.added")) == [head.number - 1]
    assert numbers_on(reader.get("/ledger/?act=never.done")) == []


def test_acts_and_details_are_in_words_and_unknown_ones_stay_codes(reader, enter):
    known = ledger.Act("user.added", "user:7", {"role": "guard", "compound": None})
    enter(known, ledger.Act("moon.landed", "moon:1", {"craters": 3}), actor="command")
    page = words_of(reader.get("/ledger/"))
    assert "User added User 7 Command line role Guard" in page
    assert "moon.landed moon:1 Command line craters 3" in page


def test_who_acted_is_shown_as_a_role_and_never_as_a_name(reader, sign_in):
    administrator = sign_in(Role.ADMINISTRATOR)
    administrator.post("/set-up/zones/new", data={"code": "T1", "name": "新", "spaces": "1"})
    page = words_of(reader.get("/ledger/?act=zone.added"))
    assert re.search(r"Zone T1 Administrator user:\d+ spaces 1", page)


def test_a_chain_that_holds_says_so_with_its_head(reader, enter):
    head = enter("zone.added")
    answer = reader.get("/ledger/check")
    assert "The chain holds" in words_of(answer)
    assert head.hash in answer.text


TAMPERING = {
    "hash": "UPDATE ledger SET actor = 'nobody' WHERE number = 3",
    "number": "DELETE FROM ledger WHERE number = 3",
    "previous": f"UPDATE ledger SET previous = '{'f' * 64}' WHERE number = 3",
}


@pytest.mark.parametrize("fault", TAMPERING)
def test_a_broken_chain_names_the_first_wrong_entry(reader, session, fault):
    past_the_guards = (
        ["ALTER TABLE ledger DISABLE TRIGGER ALL"]
        if session.get_bind().dialect.name == "postgresql"
        else ["DROP TRIGGER ledger_refuses_update", "DROP TRIGGER ledger_refuses_delete"]
    )
    for statement in [*past_the_guards, TAMPERING[fault]]:
        session.execute(text(statement))
    session.commit()
    page = words_of(reader.get("/ledger/check"))
    assert "The chain does not hold" in page
    assert f"Entry 3 is wrong: {FAULTS[fault]}" in page


def test_the_download_is_the_whole_chain_and_verifies(reader, enter):
    head = enter("zone.added", "zone.changed")
    with reader.get("/ledger/ledger.jsonl") as answer:
        entries = [json.loads(line) for line in answer.text.splitlines()]
    assert ledger.verify(entries) == head
    assert f"ledger-{head.number}.jsonl" in answer.headers["Content-Disposition"]


def test_two_heads_are_compared_and_one_of_another_chain_is_told(reader, enter, session, town):
    first, second = (
        (enter("zone.added"), sign_head(session, town.community, town.keys, at=AT).checkpoint.text)
        for _ in range(2)
    )
    session.commit()
    typed = first[1].lower().replace(" ", "\n")
    page = reader.get("/ledger/heads", query_string={"one": typed, "other": second[1]})
    assert "The later head contains the earlier one" in words_of(page)
    assert first[1] in page.text
    other = {"one": f"{first[0].number}:{'0' * 64}", "other": second[1]}
    page = reader.get("/ledger/heads", query_string=other)
    assert page.status_code == 409
    assert f"Entry {first[0].number} is wrong: {FAULTS['head']}" in words_of(page)
    page = reader.get("/ledger/heads", query_string={"one": "hello", "other": second[1]})
    assert (page.status_code, "This is no head" in words_of(page)) == (422, True)


def test_the_download_has_the_signed_heads_after_the_entries(reader, enter, session, town):
    enter("zone.added")
    text = sign_head(session, town.community, town.keys, at=AT).checkpoint.text
    session.commit()
    with reader.get("/ledger/ledger.jsonl") as answer:
        assert json.loads(answer.text.splitlines()[-1]) == {"type": "head", "head": text}


def sign_in_by_page(app, user):
    client = app.test_client()
    client.post("/language/en")
    sent = {"name": user.name, "password": PASSWORD}
    return client.post("/sign-in", data=sent, follow_redirects=True)


def test_each_sign_in_says_whether_the_chain_holds_since_the_last(app, session, town, enter):
    user = representative_of(session, town.compound("A"))
    session.commit()
    assert "each visit checks" in words_of(sign_in_by_page(app, user))
    enter("zone.added", "zone.changed")
    said = words_of(sign_in_by_page(app, user))
    assert "2 entries were added to the ledger; the chain holds" in said
    assert "nothing was added to the ledger" in words_of(sign_in_by_page(app, user))


def test_a_sign_in_after_tampering_is_loud(app, session, town, enter):
    user = representative_of(session, town.compound("A"))
    head = enter("zone.added")
    sign_in_by_page(app, user)
    session.add(
        ledger.LedgerEntry(
            number=head.number + 1,
            at=AT,
            actor="me",
            act="permit.issued",
            subject="permit:A-1",
            details={},
            previous=head.hash,
            hash="0" * 64,
        )
    )
    session.commit()
    said = words_of(sign_in_by_page(app, user))
    assert f"The ledger was changed since your last visit. Entry {head.number + 1}" in said
