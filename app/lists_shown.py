"""What a page shows of one plate list, to its representative and to the office alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app import context, words
from app.extensions import db
from app.languages import name_of
from app.pages import PAGE_SIZE, Page, page_of
from permits.conflicts import open_conflicts_by_list
from permits.difference import Difference, difference_of
from permits.plate_list import (
    OPEN_TO_CHANGES,
    REFUSED,
    ListState,
    Outcome,
    PlateList,
    PlateListRow,
    lists_query,
    outcome_counts,
)
from permits.row_talk import Said, open_questions_by_list, rows_asked_about, threads_of
from zones.communities import Community, Compound


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


def where_shown(row: PlateListRow, outcome: str | None, page: str | None) -> dict[str, Any]:
    """Return the arguments of the list's page on which a row stands after an act.

    Where the rows of an outcome were chosen that the row has no more, all rows are shown.
    """
    if outcome is None or outcome == row.outcome:
        return {"outcome": outcome, "page": page}
    before = select(func.count()).where(
        PlateListRow.list_id == row.list_id, PlateListRow.id < row.id
    )
    number = (db.session.scalar(before) or 0) // PAGE_SIZE + 1
    return {"page": number if number > 1 else None}


def row_words(row: PlateListRow) -> str:
    """Return why a row has its outcome, in the reader's language."""
    facts = {**row.facts, "rival": name_of(row.claimed_by) if row.claimed_by else ""}
    return words.row_reason(row.reason, facts)


@dataclass(frozen=True)
class WaitingList:
    """A list that is not over, and what it waits for.

    Attributes:
        yours: whether its representative has to do something, and not the office.
    """

    plate_list: PlateList
    words: str
    yours: bool


def waiting_lists(community: Community, compound: Compound) -> list[WaitingList]:
    """Return the compound's lists that are not over, what its representative has to do first."""
    questions = open_questions_by_list(db.session, community, compound)
    conflicts = open_conflicts_by_list(db.session, community)
    states = [*_UNDECIDED, ListState.APPROVED]
    found = [
        _waiting(one, questions.get(one.id, 0), conflicts.get(one.id, 0))
        for one in db.session.scalars(lists_query(community, compound, states))
        if one.state != ListState.APPROVED or one.id in questions or one.id in conflicts
    ]
    return sorted(found, key=lambda one: not one.yours)


def _waiting(one: PlateList, questions: int, conflicts: int) -> WaitingList:
    if one.state == ListState.REVIEWED:
        return WaitingList(one, _("You: look at its rows and hand it in."), True)
    if one.state == ListState.RETURNED:
        return WaitingList(one, _("You: mend it and hand it in again."), True)
    if questions:
        words = ngettext(
            "You: answer %(num)s question of the office.",
            "You: answer %(num)s questions of the office.",
            questions,
        )
        return WaitingList(one, words, True)
    if conflicts:
        words = ngettext(
            "The office: settle %(num)s conflict.",
            "The office: settle %(num)s conflicts.",
            conflicts,
        )
        return WaitingList(one, words, False)
    return WaitingList(one, _("The office: decide on it."), False)
