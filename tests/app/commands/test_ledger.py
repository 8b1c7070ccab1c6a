import json

from records.ledger import FIRST_PREVIOUS, LedgerEntry, verify
from tests.factories import AT
from tests.verifier import verifier


def test_an_export_is_a_chain_that_anybody_can_check(answer, tmp_path):
    file = tmp_path / "ledger.jsonl"
    exported = answer("ledger", "export", file)
    entries = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    head = verify(entries)
    facts = {"entries": head.number, "head": head.hash, "heads": 0}
    assert exported == {"file": str(file), **facts}
    assert answer("ledger", "verify") == {
        "holds": True,
        "entries": head.number,
        "head": head.hash,
    }


def test_a_chain_that_does_not_hold_is_a_failure_that_names_the_entry(
    run, refusal, answer, session
):
    last = answer("ledger", "verify")
    forged = {"actor": "me", "act": "permit.issued", "subject": "permit:A-1", "details": {}}
    number = last["entries"] + 1
    session.add(LedgerEntry(number=number, at=AT, previous=last["head"], hash="0" * 64, **forged))
    session.commit()
    status, document = refusal("ledger", "verify")
    assert (status, document["error"]) == (1, "ledger_broken")
    assert f"entry {number}" in document["words"]
    assert run("ledger", "verify").exit_code == 1


def test_a_file_that_cannot_be_written_is_one_sentence(refusal, run, tmp_path):
    file = tmp_path / "none" / "ledger.jsonl"
    status, document = refusal("ledger", "export", file)
    assert (status, document["error"]) == (1, "file_trouble")
    assert str(file) in document["words"]
    assert run("ledger", "export", file).stdout == ""


def test_a_signed_head_is_in_the_export_and_agrees_with_an_older_one(answer, run, tmp_path):
    signed = answer("ledger", "sign")
    assert answer("ledger", "sign") == signed
    file = tmp_path / "ledger.jsonl"
    assert answer("ledger", "export", file)["heads"] == 1
    with file.open(encoding="utf-8") as lines:
        checked = verifier.Checked(lines, [verifier.read_head(signed["head"])], exact=True)
    assert checked.faults == []
    both = answer("ledger", "consistent", signed["head"], f"0:{FIRST_PREVIOUS}")
    assert both == {"consistent": True, "earlier": 0, "later": signed["entries"]}


def test_heads_of_two_chains_are_a_failure(refusal, answer):
    signed = answer("ledger", "sign")
    other = f"{signed['entries']}:{'1' * 64}"
    status, document = refusal("ledger", "consistent", signed["head"], other)
    assert (status, document["error"]) == (1, "ledger_broken")
    assert refusal("ledger", "consistent", "x", other)[1]["error"] == "head_unreadable"
