"""`flask plates check`."""

from __future__ import annotations

from typing import Any

import click

from app import words
from app.commands.answers import CommandGroup, answers
from permits.plates import Plate, parse

group = CommandGroup("plates", help="Plates by the rules of GA 36-2018.")


@group.command("check", help="Say of each PLATE whether it is one, and what was likely meant.")
@click.argument("plates", nargs=-1, required=True, metavar="PLATE…")
@answers
def check(plates: tuple[str, ...]) -> tuple[list[dict[str, Any]], str]:
    """Answer with one object for each plate, in order."""
    checked = [_check(raw) for raw in plates]
    return [one for one, _ in checked], "\n".join(line for _, line in checked)


def _check(raw: str) -> tuple[dict[str, Any], str]:
    result = parse(raw)
    if isinstance(result, Plate):
        document = {
            "raw": raw,
            "valid": True,
            "plate": result.text,
            "kind": result.kind,
            "reason": None,
            "suggestion": None,
            "position": None,
            "character": None,
        }
        return document, f"{result.shown}  {words.PLATE_KINDS[result.kind]}"
    document = {
        "raw": raw,
        "valid": False,
        "plate": None,
        "kind": None,
        "reason": result.reason,
        "suggestion": result.suggestion,
        "position": result.position,
        "character": result.character,
    }
    facts = {key: document[key] for key in ("position", "character", "suggestion")}
    return document, f"{raw}  {words.row_reason(result.reason, facts)}"
