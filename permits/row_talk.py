"""Talking about a row: the office asks, its representative answers, both read it at the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from permits.plate_list import ConflictDecision, ListState, PlateList, PlateListRow
from permits.row_message import RowMessage, RowMessageKind
from permits.submitting import require_state
from permits.telling import tell_of_list
from records.batches import batches
from records.errors import DomainError
from records.message import MessageKind
from records.sealed import Sealer
from zones.communities import Community, Compound, hold

LONGEST_MESSAGE = 500
"""Characters of a message."""

TALKED_ABOUT = (ListState.SUBMITTED, ListState.RETURNED, ListState.APPROVED)
"""States of lists about which the office may ask."""


class MessageMissing(DomainError):
    """There is nothing in the message."""

    code: ClassVar[str] = "message_missing"
    status: ClassVar[int] = 422


class NothingAsked(DomainError):
    """The office has no open question about the row `row`."""

    code: ClassVar[str] = "nothing_asked"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Said:
    """One entry of a row's thread.

    Attributes:
        decision: how a conflict was settled, where the entry is the reason of it.
        is_open: a question that waits for its answer.
    """

    from_office: bool
    at: datetime
    text: str
    decision: ConflictDecision | None = None
    is_open: bool = False


def ask(
    session: Session, row: PlateListRow, text: str, sealer: Sealer, *, actor: str, at: datetime
) -> RowMessage:
    """Ask the representative about a row, and return the question.

    Raises:
        WrongListState: the list was never handed in, or was taken back.
        MessageMissing: the text is empty.
    """
    plate_list = row.plate_list
    hold(session, plate_list.compound.community_id, plate_list)
    require_state(plate_list, *TALKED_ABOUT)
    asked = _say(session, row, RowMessageKind.QUESTION, text, sealer, actor=actor, at=at)
    tell_of_list(session, MessageKind.ROW_ASKED, plate_list, actor=actor, at=at, row=row.row)
    return asked


def answer(
    session: Session, row: PlateListRow, text: str, sealer: Sealer, *, actor: str, at: datetime
) -> RowMessage:
    """Answer every open question about a row, and return the answer.

    Raises:
        NothingAsked: no question is open.
        MessageMissing: the text is empty.
    """
    hold(session, row.plate_list.compound.community_id)
    asked = session.scalars(
        select(RowMessage).where(RowMessage.row_id == row.id, _OPEN).order_by(RowMessage.id)
    ).all()
    if not asked:
        raise NothingAsked(row=row.row)
    said = _say(session, row, RowMessageKind.ANSWER, text, sealer, actor=actor, at=at)
    for question in asked:
        question.answered_at = at
    tell_of_list(
        session,
        MessageKind.ROW_ANSWERED,
        row.plate_list,
        actor=actor,
        at=at,
        row=row.row,
        compound=row.plate_list.compound.letter,
    )
    return said


def _say(
    session: Session,
    row: PlateListRow,
    kind: RowMessageKind,
    text: str,
    sealer: Sealer,
    *,
    actor: str,
    at: datetime,
) -> RowMessage:
    words = text.strip()[:LONGEST_MESSAGE]
    if not words:
        raise MessageMissing
    message = RowMessage(row=row, kind=kind, text_sealed=sealer.seal(words), by=actor, at=at)
    session.add(message)
    session.flush()
    return message


def threads_of(
    session: Session, rows: Iterable[PlateListRow], sealer: Sealer
) -> dict[int, list[Said]]:
    """Return what was said about each of the rows, the oldest first, by row id.

    The reason by which a conflict was settled is part of it.
    """
    threads: dict[int, list[Said]] = defaultdict(list)
    known = {row.id: row for row in rows}
    for batch in batches(known):
        messages = select(RowMessage).where(RowMessage.row_id.in_(batch)).order_by(RowMessage.id)
        for one in session.scalars(messages):
            asks = one.kind == RowMessageKind.QUESTION
            text = sealer.open(one.text_sealed)
            is_open = asks and one.answered_at is None
            threads[one.row_id].append(Said(asks, one.at, text, is_open=is_open))
    for row in known.values():
        if row.decision and row.decided_at:
            decision = ConflictDecision(row.decision)
            settled = Said(True, row.decided_at, row.decision_reason or "", decision)
            threads[row.id].append(settled)
    return {number: sorted(said, key=lambda one: one.at) for number, said in threads.items()}


def rows_asked_about(list_id: int) -> Select[int]:
    """Return the query for the ids of a list's rows about which a question is open."""
    return (
        select(RowMessage.row_id)
        .join(PlateListRow, RowMessage.row_id == PlateListRow.id)
        .where(PlateListRow.list_id == list_id, _OPEN)
    )


def open_questions_by_list(
    session: Session, community: Community, compound: Compound | None = None
) -> dict[int, int]:
    """Return about how many rows a question is open, by list id; lists without one are left out."""
    query = (
        select(PlateListRow.list_id, func.count(RowMessage.row_id.distinct()))
        .join(PlateListRow, RowMessage.row_id == PlateListRow.id)
        .join(PlateList, PlateListRow.list_id == PlateList.id)
        .join(Compound, PlateList.compound_id == Compound.id)
        .where(Compound.community_id == community.id, PlateList.state.in_(TALKED_ABOUT), _OPEN)
        .group_by(PlateListRow.list_id)
    )
    if compound is not None:
        query = query.where(PlateList.compound_id == compound.id)
    return dict(session.execute(query).all())


_OPEN = (RowMessage.kind == RowMessageKind.QUESTION) & RowMessage.answered_at.is_(None)
