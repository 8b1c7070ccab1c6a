"""`flask ledger`: export, verify, sign and compare heads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from app import context
from app.commands.answers import CommandGroup, answers, the_community
from app.extensions import db
from permits.heads import sign_head
from records import ledger
from records.checkpoints import export_heads, read_head, require_consistent

group = CommandGroup("ledger", help="The append-only record of every act.")


@group.command("export", help="Write every entry and signed head to FILE, one JSON object a line.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@answers
def export_command(file: Path) -> tuple[dict[str, Any], str]:
    """Answer with how many entries there are, and the head."""
    head, heads = ledger.BEGINNING, 0
    with file.open("w", encoding="utf-8") as lines:
        for entry in ledger.export(db.session):
            lines.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")
            # The last one written, whatever others append in the meantime.
            head = ledger.Head(entry["number"], entry["hash"])
        for one in export_heads(db.session, up_to=head.number):
            lines.write(json.dumps(one, sort_keys=True) + "\n")
            heads += 1
    return (
        {"file": str(file), "entries": head.number, "head": head.hash, "heads": heads},
        f"{head.number} entries, head {head.hash}, {heads} signed heads",
    )


@group.command("verify", help="Check the chain in the database; exit status 0 only if it holds.")
@answers
def verify_command() -> tuple[dict[str, Any], str]:
    """Answer with the head of a chain that holds."""
    head = ledger.verify(ledger.export(db.session))
    return {"holds": True, "entries": head.number, "head": head.hash}, f"{head.number} {head.hash}"


@group.command("sign", help="Check the whole chain and sign its head, where it has grown.")
@answers
def sign_command() -> tuple[dict[str, Any], str]:
    """Answer with the signed head."""
    ledger.verify(ledger.export(db.session))
    signed = sign_head(db.session, the_community(), context.keys(), at=context.now())
    text = signed.checkpoint.text
    return {"entries": signed.number, "key": signed.key_id, "head": text}, text


@group.command(
    "consistent",
    help="Check that the later of two heads contains the earlier: exit status 0.",
)
@click.argument("one", metavar="HEAD")
@click.argument("other", metavar="HEAD")
@answers
def consistent_command(one: str, other: str) -> tuple[dict[str, Any], str]:
    """Answer with both heads' numbers; a head is a signed text or NUMBER:HASH."""
    earlier, later = require_consistent(db.session, read_head(one), read_head(other))
    return (
        {"consistent": True, "earlier": earlier.number, "later": later.number},
        f"{earlier.number} → {later.number}",
    )
