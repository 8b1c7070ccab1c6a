import json
import re

import pytest
from sqlalchemy import text

from app.ledger_words import FAULTS
from records import ledger
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT


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
    for path in ("", "check", "ledger.jsonl"):
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


@pytest.mark.parametrize("fault", FAULTS)
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
