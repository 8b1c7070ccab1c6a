"""What a page shows of one plate list, to its representative and to the office alike."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from sqlalchemy import select

from app import words
from app.extensions import db
from app.languages import name_of
from app.pages import Page, page_of
from app.rights import LAST_ID
from permits.difference import Difference, difference_of
from permits.plate_list import (
    OPEN_TO_CHANGES,
    REFUSED,
    ListState,
    Outcome,
    PlateList,
    PlateListRow,
    outcome_counts,
)


@dataclass(frozen=True)
class ListPage:
    """One list, its counts, and the rows of the chosen outcome.

    Attributes:
        chosen: the outcome chosen by `?outcome=`, None for all rows.
        open_conflicts: conflicts that staff have not settled.
        difference: what it would change; None once it is decided.
    """

    plate_list: PlateList
    counts: dict[Outcome, int]
    chosen: Outcome | None
    rows: Page[PlateListRow]
    open_conflicts: int
    difference: Difference | None

    @property
    def total(self) -> int:
        """Rows in all."""
        return sum(self.counts.values())

    @property
    def refused(self) -> int:
        """Rows that come back to be mended."""
        return sum(self.counts[outcome] for outcome in REFUSED)


def list_page(plate_list: PlateList) -> ListPage:
    """Return what the page of a list shows."""
    counts = outcome_counts(db.session, plate_list.id)
    asked = request.args.get("outcome", "")
    chosen = Outcome(asked) if asked in set(Outcome) else None
    rows = select(PlateListRow).where(PlateListRow.list_id == plate_list.id)
    if chosen:
        rows = rows.where(PlateListRow.outcome == chosen)
    undecided = select(PlateListRow.id).where(
        PlateListRow.list_id == plate_list.id,
        PlateListRow.outcome == Outcome.CONFLICT,
        PlateListRow.decision.is_(None),
    )
    return ListPage(
        plate_list,
        counts,
        chosen,
        page_of(rows.order_by(PlateListRow.id)),
        len(db.session.scalars(undecided).all()),
        difference_of(db.session, plate_list) if plate_list.state in _UNDECIDED else None,
    )


_UNDECIDED = (*OPEN_TO_CHANGES, ListState.SUBMITTED)


def row_asked_for(plate_list: PlateList) -> PlateListRow | None:
    """Return the row of the list that `?row=` names, None where it names none."""
    asked = request.args.get("row", 0, type=int)
    row = db.session.get(PlateListRow, asked) if 0 < asked <= LAST_ID else None
    return row if row is not None and row.list_id == plate_list.id else None


def row_words(row: PlateListRow) -> str:
    """Return why a row has its outcome, in the reader's language."""
    facts = {**row.facts, "rival": name_of(row.claimed_by) if row.claimed_by else ""}
    return words.row_reason(row.reason, facts)
