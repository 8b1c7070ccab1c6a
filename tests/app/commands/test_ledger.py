import json

from records.ledger import LedgerEntry, verify
from tests.factories import AT


def test_an_export_is_a_chain_that_anybody_can_check(answer, tmp_path):
    file = tmp_path / "ledger.jsonl"
    exported = answer("ledger", "export", file)
    entries = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    head = verify(entries)
    assert exported == {"file": str(file), "entries": head.number, "head": head.hash}
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
