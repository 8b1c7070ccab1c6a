import ast
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

import app as doors
import permits
import records
import zones
from app.ledger_words import ACTS, FAULTS
from records import ledger
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT

HOUSE = (records, zones, permits, doors)


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


def test_who_acted_is_shown_as_a_role_and_never_as_a_name(reader, sign_in, town, session):
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
    answer = reader.get("/ledger/ledger.jsonl")
    entries = [json.loads(line) for line in answer.text.splitlines()]
    assert ledger.verify(entries) == head
    assert f"ledger-{head.number}.jsonl" in answer.headers["Content-Disposition"]


def _act_patterns(source: str) -> set[str]:
    """Return the acts that a module enters, as patterns: `permit\\..*` for `f"permit.{state}"`.

    Where a function passes one of its own parameters on as the act, its callers' words count.
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = {_pattern(call.args[0]) for call in calls if _called(call) == "Act"}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        parameters = [one.arg for one in function.args.args]
        for call in ast.walk(function):
            if not (isinstance(call, ast.Call) and _called(call) == "Act"):
                continue
            act = call.args[0]
            if isinstance(act, ast.Name) and act.id in parameters:
                place = parameters.index(act.id)
                found |= {
                    _pattern(one.args[place]) for one in calls if _called(one) == function.name
                }
    return found - {""}


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _pattern(argument: ast.expr) -> str:
    match argument:
        case ast.Constant(value=str(words)):
            return re.escape(words)
        case ast.JoinedStr(values=parts):
            return "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
                for part in parts
            )
        case _:
            return ""


def _patterns_of_the_house() -> dict[str, str]:
    return {
        pattern: path.name
        for room in HOUSE
        for path in Path(room.__path__[0]).rglob("*.py")
        for pattern in _act_patterns(path.read_text())
    }


@pytest.mark.anywhere
def test_every_act_that_the_code_enters_has_words():
    patterns = _patterns_of_the_house()
    without = {
        f"{pattern} in {file}"
        for pattern, file in patterns.items()
        if not any(re.fullmatch(pattern, code) for code in ACTS)
    }
    assert patterns
    assert without == set()


@pytest.mark.anywhere
def test_there_are_words_for_no_act_that_is_never_entered():
    patterns = _patterns_of_the_house()
    assert {code for code in ACTS if not any(re.fullmatch(one, code) for one in patterns)} == set()
