"""The documentation says what the code does: commands, settings, roles, reasons, links."""

import re
from collections.abc import Mapping

import click
import pytest
from flask.cli import AppGroup

from app import words
from app.commands import GROUPS
from app.commands.installation import set_up
from app.config import ROOT, read_settings
from app.daily import ACTS
from app.factory import create_app
from app.jobs import RUN_AT_ONCE
from permits.gate import VERDICT_OF, Reason
from permits.permit import PermitState
from permits.plate_list import Outcome
from permits.plates import PlateKind
from permits.request import RequestKind
from permits.webhooks import WAITS, WebhookEvent
from records import delivery
from records.message import KINDS
from records.people import Role

pytestmark = pytest.mark.anywhere

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
OF_EVERY_COMMAND = {"--json", "--language", "--help"}


def rows_of(page, heading):
    """Return the cells of each row of the table whose first heading is this."""
    lines = (DOCS / page).read_text("utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = re.split(r"(?<!\\)\|", line)[1:-1]
        rows.append([cell.strip().replace("\\|", "|") for cell in cells])
    return rows


def code_in(text):
    return re.findall(r"`([^`]+)`", text)


def commands():
    """Return every command by its name, with the options that are its own."""
    found = {"setup": set_up}
    for group in GROUPS:
        assert isinstance(group, AppGroup)
        found |= {f"{group.name} {name}": one for name, one in group.commands.items()}
    return {
        name: {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
        }
        - OF_EVERY_COMMAND
        for name, command in found.items()
    }


def test_every_command_is_documented_with_its_options():
    documented = {}
    for usage, *_ in rows_of("commands.md", "command"):
        [usage] = code_in(usage)
        name = re.match(r"[a-z]+( [a-z-]+)?", usage)[0].strip()
        documented[name] = set(re.findall(r"--[a-z][a-z-]*", usage))
    assert documented == commands()


def test_every_act_of_the_clock_is_documented():
    documented = [code_in(act)[0] for act, *_ in rows_of("deployment.md", "act")]
    assert documented == [one.name for one in ACTS]


def test_when_a_letter_is_sent_again_is_documented():
    waits = [str(int(wait.total_seconds()) // 60) for wait in delivery.WAITS]
    told = f"{', '.join(waits[:-1])} and {waits[-1]} minutes"
    assert told in " ".join((DOCS / "messages.md").read_text("utf-8").split())


def test_every_kind_of_message_is_documented_with_its_readers_and_facts():
    documented = {
        code_in(kind)[0]: (readers.split(", "), code_in(facts))
        for kind, readers, facts in rows_of("messages.md", "kind")
    }
    assert documented == {
        kind: (list(rules.readers), list(rules.facts)) for kind, rules in KINDS.items()
    }


def test_every_script_is_documented():
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    scripts = [
        path.name
        for path in (ROOT / "scripts").iterdir()
        if path.is_file() and path.stat().st_mode & 0o100
    ]
    assert [name for name in scripts if not re.search(rf"scripts/{name}\b", pages)] == []


class _Asked(Mapping[str, str]):
    """An empty environment that notes what it was asked for."""

    def __init__(self):
        self.names = set()

    def __getitem__(self, name):
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0


def test_every_setting_is_documented():
    asked = _Asked()
    read_settings(asked)
    server = (ROOT / "gunicorn.conf.py").read_text("utf-8")
    of_server = set(re.findall(r'environ\.get\("([A-Z_]+)"', server))
    documented = {code_in(name)[0] for name, *_ in rows_of("settings.md", "variable")}
    assert documented == asked.names | of_server | {RUN_AT_ONCE}


def test_every_role_is_documented():
    documented = [code_in(role) for role, *_ in rows_of("roles.md", "role")]
    assert {role for [role] in filter(None, documented)} == set(Role)


def test_every_reason_of_the_gate_is_documented_with_its_verdict_the_gravest_first():
    documented = [
        (code_in(reason)[0], code_in(verdict)[0])
        for reason, verdict, *_ in rows_of("gate-decision.md", "reason")
    ]
    assert documented == [(reason, VERDICT_OF[reason]) for reason in Reason]


def test_every_outcome_of_a_list_is_documented_with_its_reasons():
    documented = rows_of("lists.md", "outcome")
    assert {code_in(outcome)[0] for outcome, *_ in documented} == set(Outcome)
    reasons = {one for _, _, cell in documented for one in code_in(cell)}
    assert reasons == set(words.ROW_REASONS)
    page = (DOCS / "lists.md").read_text("utf-8")
    assert set(words.REMARKS) <= set(code_in(page))


def test_every_state_of_a_permit_and_every_kind_of_request_is_documented():
    states = [code_in(state)[0] for state, *_ in rows_of("permits.md", "state")]
    kinds = [code_in(kind)[0] for kind, *_ in rows_of("permits.md", "kind")]
    assert (states, kinds) == (list(PermitState), list(RequestKind))


def test_every_address_of_the_api_is_documented(tmp_path):
    described = create_app(read_settings({"PARKING_HOME": str(tmp_path)}))
    paths = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in described.extensions["api_document"]["paths"].items()
        for method in methods
    }
    assert {code_in(address)[0] for address, *_ in rows_of("api.md", "address")} == paths


def test_what_a_webhook_is_told_and_when_it_is_tried_again_is_documented():
    page = (DOCS / "api.md").read_text("utf-8")
    assert [event for event in WebhookEvent if f"`{event}`" not in page] == []
    waits = [str(int(wait.total_seconds()) // 60) for wait in WAITS]
    assert f"{', '.join(waits[:-1])} and {waits[-1]} minutes" in " ".join(page.split())


@pytest.mark.parametrize("codes", [words.PLATE_REFUSALS, list(PlateKind)])
def test_every_kind_of_plate_and_every_refusal_is_documented(codes):
    assert set(codes) <= set(code_in((DOCS / "plates.md").read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_project_leads_somewhere(page):
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target
