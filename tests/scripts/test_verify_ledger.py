"""The checker that neighbours run on an export: one file, which imports nothing of ours."""

import json
import subprocess
import sys

import pytest

from records import ledger
from records.checkpoints import export_heads, sign_head
from records.keys import KeyStore
from records.signing_keys import make_key
from tests.factories import AT
from tests.vectors.head_cases import signed
from tests.vectors.symbols import PHRASES, STRANGER, public_pem
from tests.verifier import SCRIPT, verifier


def rehashed(entry, **changes):
    changed = {**entry, **changes}
    return {**changed, "hash": ledger.entry_hash(changed)}


def chain(count=5, actor="user:1", after=()):
    """Return entries that hold, the first of which names the office's key."""
    entries = list(after)
    for number in range(len(entries) + 1, count + 1):
        is_first = number == 1
        entries.append(
            rehashed(
                {
                    "number": number,
                    "at": "2026-12-01T08:30:00.000000+00:00",
                    "actor": actor,
                    "act": "key.made" if is_first else "plan.voted",
                    "subject": "key:1" if is_first else f"plan:{number}",
                    "details": {"public_pem": public_pem(PHRASES[1])}
                    if is_first
                    else {"letter": "A", "note": "同意"},
                    "previous": entries[-1]["hash"] if entries else ledger.FIRST_PREVIOUS,
                }
            )
        )
    return entries


CHAIN = chain()


def signed_head(entry, phrase=PHRASES[1]):
    words = (
        f"PARKING-LEDGER/1 COMMUNITY:1 ENTRY:{entry['number']} HASH:{entry['hash'].upper()} "
        "AT:2026-12-01T08:30:00Z PERMITS:A3 KEY:1"
    )
    return signed(words, phrase)


def head_line(entry, phrase=PHRASES[1]):
    return {"type": "head", "head": signed_head(entry, phrase)}


def check(entries, *heads, pems=(), exact=False):
    lines = [one if isinstance(one, str) else json.dumps(one) for one in entries]
    return verifier.Checked(lines, [verifier.read_head(one) for one in heads], pems, exact)


def faults(*arguments, **more):
    return [(one["fault"], one.get("number")) for one in check(*arguments, **more).faults]


def bare(entry):
    return f"{entry['number']}:{entry['hash']}"


@pytest.mark.anywhere
def test_an_honest_chain_holds_against_every_head_that_was_published():
    for entry in CHAIN:
        assert faults(CHAIN, bare(entry), signed_head(entry)) == []
    assert faults([*CHAIN, *map(head_line, CHAIN)], exact=True) == []


RENUMBERED = [*CHAIN[:2], *({**one, "number": one["number"] - 1} for one in CHAIN[3:])]

TAMPERED = {
    "changed": ([*CHAIN[:1], {**CHAIN[1], "actor": "me"}, *CHAIN[2:]], [("changed", 2)]),
    "changed and hashed anew": (
        [*CHAIN[:1], rehashed(CHAIN[1], actor="me"), *CHAIN[2:]],
        [("changed", 2)],
    ),
    "linked to another entry": (
        [*CHAIN[:2], rehashed(CHAIN[2], previous="a" * 64), *CHAIN[3:]],
        [("changed", 3)],
    ),
    "the first one linked back": (
        [rehashed(CHAIN[0], previous="a" * 64), *CHAIN[1:]],
        [("changed", 1)],
    ),
    "removed": ([*CHAIN[:2], *CHAIN[3:]], [("removed", 3)]),
    "two removed": ([CHAIN[0], *CHAIN[3:]], [("removed", 2), ("removed", 3)]),
    "the first one removed": (CHAIN[1:], [("removed", 1)]),
    "removed and renumbered": (RENUMBERED, [("changed", 3), ("changed", 4)]),
    "reordered": ([CHAIN[0], CHAIN[2], CHAIN[1], *CHAIN[3:]], [("reordered", 3)]),
    "told backwards": (CHAIN[::-1], [("reordered", 5)]),
    "added twice": ([*CHAIN[:2], CHAIN[1], *CHAIN[2:]], [("added", 2)]),
    "added with a number that is taken": (
        [*CHAIN[:2], rehashed(CHAIN[2], actor="me"), *CHAIN[2:]],
        [("added", 3)],
    ),
    "added far away": ([*CHAIN, rehashed(CHAIN[4], number=9**9)], [("added", 9**9)]),
    "number zero": ([rehashed(CHAIN[0], number=0), *CHAIN], [("added", 0)]),
}


@pytest.mark.anywhere
@pytest.mark.parametrize(("entries", "found"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_done_to_the_chain_is_named_with_its_entry(entries, found):
    assert faults(entries) == found


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "line",
    [
        json.dumps(CHAIN[4])[:40],
        "",
        "[]",
        '{"number": 6}',
        json.dumps({**CHAIN[4], "number": "5"}),
        json.dumps({**CHAIN[4], "number": True}),
        json.dumps(CHAIN[4])[:-1] + ', "actor": "user:1"}',
        "[" * 100_000,
        json.dumps({"type": "head", "head": "PARKING-LEDGER/1"}),
    ],
    ids=["cut", "blank", "list", "few fields", "text number", "true", "twice", "deep", "no head"],
)
def test_a_line_that_is_no_entry_is_named(line):
    found = check([*CHAIN[:4], line]).faults
    assert [(one["fault"] in ("unreadable", "no_entry"), one["line"]) for one in found] == [
        (True, 5)
    ]


@pytest.mark.anywhere
def test_a_tail_cut_off_is_found_with_a_published_head():
    assert faults(CHAIN[:3]) == []
    assert faults(CHAIN[:3], signed_head(CHAIN[4])) == [("truncated", 5)]
    assert faults([*CHAIN[:3], head_line(CHAIN[4])]) == [("truncated", 5)]


@pytest.mark.anywhere
def test_a_chain_rewritten_and_hashed_anew_is_found_with_a_published_head():
    rewritten = chain(actor="me", after=CHAIN[:2])
    assert faults(rewritten) == []
    found = check(rewritten, bare(CHAIN[1]), signed_head(CHAIN[3])).faults
    assert found == [{"fault": "rewritten", "number": 4, "good": 2}]


@pytest.mark.anywhere
def test_a_forged_head_is_named_and_proves_nothing():
    forged = signed_head(CHAIN[3], STRANGER)
    assert faults(CHAIN, forged) == [("forged_head", 4)]
    assert faults(CHAIN, signed_head(CHAIN[3]).replace("A3", "A4")) == [("forged_head", 4)]


@pytest.mark.anywhere
def test_a_ledger_that_names_a_key_of_its_own_is_found_with_the_offices_key():
    details = {"public_pem": public_pem(STRANGER)}
    entries = chain(after=[rehashed(CHAIN[0], details=details)])
    forged = [*entries, head_line(entries[4], STRANGER)]
    assert faults(forged) == []
    assert faults(forged, pems=[public_pem(PHRASES[1]).encode()]) == [("forged_head", 5)]


@pytest.mark.anywhere
def test_a_key_that_is_made_a_second_time_signs_nothing():
    details = {"public_pem": public_pem(STRANGER)}
    changes = {"act": "key.made", "subject": "key:1", "details": details}
    entries = [*CHAIN, rehashed(chain(6, after=CHAIN)[5], **changes)]
    assert faults(entries, signed_head(entries[5], STRANGER)) == [("forged_head", 6)]
    assert faults(entries, signed_head(entries[4])) == []


@pytest.mark.anywhere
def test_exact_without_a_head_checks_nothing():
    with pytest.raises(verifier.Unusable):
        check(CHAIN, exact=True)


@pytest.mark.anywhere
def test_what_was_added_after_the_last_head_is_told_and_with_exact_refused():
    longer = chain(7, after=CHAIN)
    checked = check(longer, signed_head(CHAIN[4]))
    assert (checked.faults, checked.covered) == ([], 5)
    assert faults(longer, signed_head(CHAIN[4]), exact=True) == [("added", 6)]


@pytest.fixture
def run(tmp_path):
    """Run the script as a neighbour does, and return its exit status and both outputs."""

    def run(lines, *arguments, python=("-I",)):
        file = tmp_path / "ledger.jsonl"
        file.write_text("".join(f"{json.dumps(one)}\n" for one in lines), encoding="utf-8")
        command = [sys.executable, *python, SCRIPT, file, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.anywhere
def test_the_script_says_what_it_found_in_both_languages(run, tmp_path):
    head = tmp_path / "head.txt"
    head.write_text(signed_head(CHAIN[4]).lower(), encoding="utf-8")
    # -S as well: nothing but Python's own library can be imported.
    status, said, _ = run(CHAIN, "--head", bare(CHAIN[2]), python=("-I", "-S"))
    assert (status, "台账成立" in said, bare(CHAIN[4]) in said) == (0, True, True)
    status, _, said = run([*CHAIN[:2], *CHAIN[3:]], "--head", f"@{head}")
    assert (status, "第 3 条被删除" in said, "Entry 3 was removed" in said) == (1, True, True)


@pytest.mark.anywhere
def test_the_scripts_json_is_one_document(run):
    status, said, _ = run([*CHAIN, head_line(CHAIN[4])], "--json")
    document = json.loads(said)
    assert (status, document["holds"], document["head"]) == (0, True, bare(CHAIN[4]))
    assert document["keys"] == {"key:1": verifier.fingerprint(public_pem(PHRASES[1]))}


@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("nothing", []),
        (SCRIPT, ["--head", "12"]),
        (SCRIPT, ["--head", "@nothing"]),
        (SCRIPT, ["--public-key", str(SCRIPT)]),
    ],
    ids=["no file", "no head", "no head file", "no key"],
)
def test_what_cannot_be_checked_ends_with_two(capsys, monkeypatch, file, arguments):
    monkeypatch.setattr(sys, "argv", ["verify-ledger", str(file), *arguments])
    assert verifier.main() == 2
    assert capsys.readouterr().err


def test_what_the_product_exports_is_what_the_verifier_checks(session, tmp_path):
    keys = KeyStore(tmp_path)
    make_key(session, keys, actor="user:1", at=AT)
    ledger.append(session, "user:1", [ledger.Act("plan.voted", "plan:1", {"note": "同意"})], AT)
    signed = sign_head(session, keys, community=1, permits={"A": 1}, at=AT)
    exported = [*ledger.export(session), *export_heads(session, up_to=signed.number)]
    assert faults(exported, signed.checkpoint.text, exact=True) == []
