import json

import pytest
from sqlalchemy import select

from app.demo import COMPOUNDS, USERS
from records.database import Base
from records.people import Role, User
from tests.app.commands.conftest import document_of
from zones.colours import BY_KEY


@pytest.fixture
def run_empty(empty):
    return lambda *arguments: empty.test_cli_runner().invoke(args=[*map(str, arguments)])


def everything(session):
    found = {
        table.name: [tuple(row) for row in session.execute(table.select())]
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return found


def test_loading_the_demo_twice_answers_the_same_and_changes_nothing(run_empty, session, tmp_path):
    first = run_empty("demo", "load", "--json")
    before, sign_ins = everything(session), (tmp_path / "demo-sign-ins.txt").read_text()
    second = run_empty("demo", "load", "--json")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert document_of(first) == document_of(second)
    assert everything(session) == before
    assert (tmp_path / "demo-sign-ins.txt").read_text() == sign_ins

    loaded = document_of(first)
    assert loaded["compounds"] == [
        {
            "code": one.code,
            "name": one.name,
            "letter": BY_KEY[one.colour].letter,
            "colour": BY_KEY[one.colour].hex,
        }
        for one in COMPOUNDS
    ]
    assert [one["name"] for one in loaded["users"]] == [name for name, *_ in USERS]
    assert {one["role"] for one in loaded["users"]} == set(Role)
    assert before["vehicles"]
    assert len(before["permits"]) == len(before["vehicles"])


def test_set_up_says_where_the_sign_ins_are_and_they_sign_in(run_empty, empty, tmp_path):
    first, second = run_empty("setup"), run_empty("setup")
    kept = tmp_path / "demo-sign-ins.txt"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() in first.stdout
    assert (tmp_path / "sample-list.xlsx").exists()
    assert second.stdout == f"Demo sign-ins are in {kept}\n"
    passwords = dict(line.split()[:2] for line in kept.read_text().splitlines())
    assert set(passwords) == {name for name, *_ in USERS}
    assert not [word for word in passwords.values() if word in second.stdout]
    empty.config["WTF_CSRF_ENABLED"] = False
    form = {"name": "guard", "password": passwords["guard"]}
    assert empty.test_client().post("/sign-in", data=form).location == "/gate/"


def test_set_up_without_the_demo_makes_keys_only(run_empty, session, tmp_path):
    assert run_empty("setup", "--no-demo").exit_code == 0
    kept = everything(session)
    assert kept["communities"] == []
    assert len(kept["signing_keys"]) == 1


@pytest.mark.parametrize(
    "command",
    [
        ["lists", "check", "FILE"],
        ["lists", "submit", "FILE", "--compound", "a"],
        ["permits", "issue"],
        ["permits", "print", "--out", "FOLDER"],
        ["permits", "revoke", "A-000001-1", "--reason", "x"],
        ["permits", "expire"],
        ["gate", "decide", "--plate", "粤E12345"],
    ],
)
def test_before_a_community_is_founded_commands_say_what_to_do(run_empty, tmp_path, command):
    (tmp_path / "list.csv").write_text("车牌\n粤E12345\n")
    places = {"FILE": str(tmp_path / "list.csv"), "FOLDER": str(tmp_path / "out")}
    arguments = [places.get(one, one) for one in command]
    result = run_empty(*arguments, "--json", "--language", "en")
    assert result.exit_code == 1
    assert document_of(result)["error"] == "no_community"
    assert "flask demo load" in document_of(result)["words"]
    assert "flask demo load" in run_empty(*arguments).stderr


def test_a_founded_community_has_an_administrator_who_can_sign_in(run_empty, empty):
    arguments = ["--name", "新城社区", "--administrator", " Chen.Wei "]
    founded = document_of(run_empty("community", "found", *arguments, "--json"))
    assert (founded["number"], founded["name"], founded["user"]) == (1, "新城社区", "chen.wei")
    empty.config["WTF_CSRF_ENABLED"] = False
    form = {"name": founded["user"], "password": founded["password"]}
    assert empty.test_client().post("/sign-in", data=form).location == "/sign-in/phone"


def test_two_administrators_do_not_share_a_name_and_nothing_is_left_of_the_second(
    run_empty, session
):
    arguments = ["community", "found", "--name", "新城社区", "--administrator", "chen", "--json"]
    assert run_empty(*arguments).exit_code == 0
    second = run_empty(*arguments)
    assert (second.exit_code, document_of(second)["error"]) == (1, "name_taken")
    assert len(everything(session)["communities"]) == 1


@pytest.mark.parametrize(
    ("name", "administrator"), [("", "chen"), ("x" * 61, "chen"), ("新城", "x" * 41), ("新城", " ")]
)
def test_names_that_cannot_be_kept_are_wrong_usage(run_empty, session, name, administrator):
    result = run_empty(
        "community", "found", "--name", name, "--administrator", administrator, "--json"
    )
    assert (result.exit_code, json.loads(result.stdout)["error"]) == (2, "wrong_usage")
    assert session.scalars(select(User)).all() == []
