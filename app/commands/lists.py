"""`flask lists check` and `flask lists submit`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import context, words
from app.commands.answers import ACTOR, CommandGroup, NoCompound, answers, the_community
from app.extensions import db
from permits.approving import approve
from permits.plate_list import ListMeaning, Outcome
from permits.reading import read_list
from permits.reviewed_row import ReviewedRow
from permits.submitting import Review, keep_draft, review_list, submit
from zones.communities import Compound, compound_by_code

group = CommandGroup("lists", help="Plate lists: check a file, or hand it in.")

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_meaning = click.option(
    "--meaning",
    type=click.Choice([str(meaning) for meaning in ListMeaning]),
    default=str(ListMeaning.ADD),
    help="What the file says of its cars: add or remove them, or that there are no others.",
)


def _document(review: Review, compound: Compound) -> dict[str, Any]:
    names = {one.id: one.name for one in compound.community.compounds}
    rows = [_row(row, names) for row in review.rows]
    counts = {
        str(outcome): sum(1 for row in review.rows if row.outcome is outcome) for outcome in Outcome
    }
    return {"rows": rows, "counts": counts, "removals": list(review.removals)}


def _row(row: ReviewedRow, names: dict[int, str]) -> dict[str, Any]:
    facts = {**row.facts, "rival": names.get(row.claimed_by or 0)}
    return {
        "sheet": row.source.sheet,
        "row": row.source.row,
        "raw": row.source.raw,
        "plate": row.plate.text if row.plate else None,
        "outcome": row.outcome,
        "reason": row.reason,
        "words": words.row_reason(row.reason, facts),
        "suggestion": row.facts.get("suggestion"),
        "remarks": list(row.remarks),
    }


def _text(document: dict[str, Any]) -> str:
    lines = [
        f"{row['sheet']}:{row['row']}  {row['raw']}  "
        f"{words.OUTCOMES[row['outcome']]}  {row['words']}"
        for row in document["rows"]
        if row["outcome"] not in (Outcome.ACCEPTED, Outcome.UNCHANGED)
    ]
    totals = [
        f"{words.OUTCOMES[Outcome(outcome)]} {count}"
        for outcome, count in document["counts"].items()
        if count
    ]
    return "\n".join([*lines, " · ".join(totals)])


def _compound(code: str | None) -> Compound:
    community = the_community()
    if code:
        return compound_by_code(db.session, community.id, code)
    if not community.compounds:
        raise NoCompound
    return community.compounds[0]


@group.command("check", help="Say what would become of each row of FILE; nothing is written.")
@_file
@click.option("--compound", metavar="CODE", help="Whose list it is; default the first compound.")
@_meaning
@answers
def check(file: Path, compound: str | None, meaning: str) -> tuple[dict[str, Any], str]:
    """Answer with every row's outcome and how many there are of each."""
    whose = _compound(compound)
    rows = read_list(file.read_bytes(), file.name).rows
    review = review_list(db.session, whose, rows, ListMeaning(meaning), context.sealer())
    document = _document(review, whose)
    return document, _text(document)


@group.command("submit", help="Hand in FILE for a compound, and with --approve apply it at once.")
@_file
@click.option("--compound", metavar="CODE", required=True, help="Whose list it is.")
@click.option("--approve", "at_once", is_flag=True, help="Approve it as the office would.")
@_meaning
@answers
def hand_in(file: Path, compound: str, at_once: bool, meaning: str) -> tuple[dict[str, Any], str]:
    """Answer as `check` does, with the list's number."""
    whose = _compound(compound)
    content = file.read_bytes()
    rows = read_list(content, file.name).rows
    review = review_list(db.session, whose, rows, ListMeaning(meaning), context.sealer())
    plate_list = keep_draft(
        db.session,
        whose,
        review,
        content=content,
        file_name=file.name,
        meaning=ListMeaning(meaning),
        files=context.files(),
        sealer=context.sealer(),
        actor=ACTOR,
        at=context.now(),
    )
    submit(db.session, plate_list, actor=ACTOR, at=context.now())
    if at_once:
        approve(db.session, plate_list, context.sealer(), actor=ACTOR, at=context.now())
    document = {"list": plate_list.id, **_document(review, whose)}
    return document, f"#{plate_list.id} {words.LIST_STATES[plate_list.state]}\n{_text(document)}"
