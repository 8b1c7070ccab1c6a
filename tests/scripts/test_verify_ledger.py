"""The checker that neighbours run on an export, as they run it: one file, Python alone."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records import ledger

SCRIPT = Path(__file__).parents[2] / "scripts" / "verify-ledger"
AT = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def exported(session):
    """Five entries as the export gives them."""
    acts = [
        ledger.Act("plan.voted", f"plan:{n}", {"letter": "A", "note": "同意"}) for n in range(5)
    ]
    ledger.append(session, "user:1", acts, AT)
    return list(ledger.export(session))


@pytest.fixture
def check(tmp_path):
    """Return the exit status and the words of a check of these entries."""

    def check(entries, *arguments):
        file = tmp_path / "ledger.jsonl"
        lines = [one if isinstance(one, str) else json.dumps(one) for one in entries]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        # -I and -S: nothing but Python's own library can be imported.
        command = [sys.executable, "-I", "-S", SCRIPT, file, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return check


def head_of(entry):
    return f"{entry['number']}:{entry['hash']}"


def rehashed(entry, **changes):
    changed = {**entry, **changes}
    return {**changed, "hash": ledger.entry_hash(changed)}


def test_an_honest_export_holds_and_its_head_is_named(exported, check):
    status, words = check(exported)
    assert status == 0
    assert head_of(exported[-1]) in words


def test_an_honest_export_holds_against_any_head_printed_before(exported, check):
    for entry in exported:
        assert check(exported, "--head", head_of(entry))[0] == 0


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (lambda e: [e[0], {**e[1], "actor": "user:9"}, *e[2:]], "Entry 2 was changed"),
        (lambda e: [e[0], rehashed(e[1], actor="user:9"), *e[2:]], "Entry 2 was changed"),
        (lambda e: [*e[:2], *e[3:]], "Entry 3 was removed"),
        (lambda e: [e[0], e[2], e[1], *e[3:]], "Entry 3 is out of its place"),
        (lambda e: [*e[:2], e[1], *e[2:]], "Entry 2 was added (line 3"),
        (lambda e: [*e[:4], json.dumps(e[4])[:40]], "Line 5 is no JSON object"),
        (lambda e: [*e, {"number": 6}], "Line 6 is no ledger entry"),
    ],
    ids=["changed", "changed and rehashed", "removed", "reordered", "added", "cut", "foreign"],
)
def test_tampering_is_found_and_named(exported, check, tamper, words):
    status, said = check(tamper(exported))
    assert status == 1
    assert words in said


def test_a_tail_cut_off_is_found_with_a_printed_head(exported, check):
    assert check(exported[:3])[0] == 0
    status, words = check(exported[:3], "--head", head_of(exported[4]))
    assert (status, "cut off" in words) == (1, True)


def test_a_chain_rewritten_from_the_start_is_found_with_a_printed_head(exported, check):
    rewritten, previous = [], ledger.FIRST_PREVIOUS
    for entry in exported:
        rewritten.append(rehashed(entry, actor="user:9", previous=previous))
        previous = rewritten[-1]["hash"]
    assert check(rewritten)[0] == 0
    status, words = check(rewritten, "--head", head_of(exported[2]))
    assert (status, "From entry 3 on" in words) == (1, True)


@pytest.mark.parametrize("head", ["12", "x:y", "3:abc"])
def test_a_head_that_is_none_is_refused(exported, check, head):
    assert check(exported, "--head", head)[0] == 2


def test_a_file_that_is_not_there_is_said(tmp_path):
    command = [sys.executable, SCRIPT, tmp_path / "nothing"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "cannot be read" in done.stderr) == (2, True)
