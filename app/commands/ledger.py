"""`flask ledger export` and `flask ledger verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from app.commands.answers import CommandGroup, answers
from app.extensions import db
from records import ledger

group = CommandGroup("ledger", help="The append-only record of every act.")


@group.command("export", help="Write every entry to FILE, one JSON object a line.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@answers
def export_command(file: Path) -> tuple[dict[str, Any], str]:
    """Answer with how many entries there are, and the head."""
    head = ledger.Head(0, ledger.FIRST_PREVIOUS)
    with file.open("w", encoding="utf-8") as lines:
        for entry in ledger.export(db.session):
            lines.write(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n")
            # The last one written, whatever others append in the meantime.
            head = ledger.Head(entry["number"], entry["hash"])
    return (
        {"file": str(file), "entries": head.number, "head": head.hash},
        f"{head.number} entries, head {head.hash}",
    )


@group.command("verify", help="Check the chain in the database; exit status 0 only if it holds.")
@answers
def verify_command() -> tuple[dict[str, Any], str]:
    """Answer with the head of a chain that holds."""
    head = ledger.verify(ledger.export(db.session))
    return {"holds": True, "entries": head.number, "head": head.hash}, f"{head.number} {head.hash}"
