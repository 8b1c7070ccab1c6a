"""What a page shows of one plate list, to its representative and to the office alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy import select

from app import context, words
from app.extensions import db
from app.languages import name_of
from app.pages import Page, page_of
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
from permits.row_talk import Said, rows_asked_about, threads_of


@dataclass(frozen=True)
class ListPage:
    """One list, its counts, and the rows of the chosen outcome.

    Attributes:
        chosen: the outcome chosen by `?outcome=`, or `ASKED`; None for all rows.
        open_conflicts: conflicts that staff have not settled.
        difference: what it would change; None once it is decided.
        asked: how many rows wait for an answer to the office.
        threads: what was said about each of the rows that are shown, by row id.
    """

    plate_list: PlateList
    counts: dict[Outcome, int]
    chosen: Outcome | str | None
    rows: Page[PlateListRow]
    open_conflicts: int
    difference: Difference | None
    asked: int
    threads: Mapping[int, list[Said]]

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
    chosen = asked if asked in (*Outcome, ASKED) else None
    rows = select(PlateListRow).where(PlateListRow.list_id == plate_list.id)
    if chosen == ASKED:
        rows = rows.where(PlateListRow.id.in_(rows_asked_about(plate_list.id)))
    elif chosen:
        rows = rows.where(PlateListRow.outcome == chosen)
    undecided = select(PlateListRow.id).where(
        PlateListRow.list_id == plate_list.id,
        PlateListRow.outcome == Outcome.CONFLICT,
        PlateListRow.decision.is_(None),
    )
    shown = page_of(rows.order_by(PlateListRow.id))
    return ListPage(
        plate_list,
        counts,
        chosen,
        shown,
        len(db.session.scalars(undecided).all()),
        difference_of(db.session, plate_list) if plate_list.state in _UNDECIDED else None,
        len(set(db.session.scalars(rows_asked_about(plate_list.id)).all())),
        threads_of(db.session, shown.items, context.sealer()),
    )


ASKED = "asked"
"""Chooses the rows that wait for an answer."""

_UNDECIDED = (*OPEN_TO_CHANGES, ListState.SUBMITTED)


def row_words(row: PlateListRow) -> str:
    """Return why a row has its outcome, in the reader's language."""
    facts = {**row.facts, "rival": name_of(row.claimed_by) if row.claimed_by else ""}
    return words.row_reason(row.reason, facts)
