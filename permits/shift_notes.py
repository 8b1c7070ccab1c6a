"""Hand-over notes: written at a gate, read by the next shift."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from permits.passes import new_uuid
from permits.shift_note import ShiftNote
from records.errors import DomainError
from zones.communities import Gate, hold

LONGEST_NOTE = 500
"""Characters of a note."""


class NoteEmpty(DomainError):
    """A note has no text."""

    code: ClassVar[str] = "note_empty"


class NoteTooLong(DomainError):
    """A note has more than `limit` characters."""

    code: ClassVar[str] = "note_too_long"


def write_note(
    session: Session,
    gate: Gate,
    text: str,
    *,
    guard_id: int,
    at: datetime,
    uuid: str | None = None,
    received_at: datetime | None = None,
) -> ShiftNote:
    """Keep a note for the next shift at a gate, and return it.

    Writing again with the same UUID returns the note that there is.

    Args:
        at: when it was written, on the device.
        received_at: when the server heard of it, `at` by default.

    Raises:
        NoteEmpty, NoteTooLong: the text cannot be kept.
    """
    if uuid is not None:
        # A device that sends again before it was answered waits for its first try here.
        hold(session, gate.community_id)
        known = session.scalar(
            select(ShiftNote).where(ShiftNote.uuid == uuid, ShiftNote.gate_id == gate.id)
        )
        if known is not None:
            return known
    text = text.strip()
    if not text:
        raise NoteEmpty
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(limit=LONGEST_NOTE)
    note = ShiftNote(
        uuid=uuid or new_uuid(),
        gate=gate,
        guard_id=guard_id,
        text=text,
        at=at,
        received_at=received_at or at,
    )
    session.add(note)
    session.flush()
    return note


def notes_query(gates: Iterable[Gate]) -> Select[ShiftNote]:
    """Return the query for the notes at some gates, the newest first."""
    return (
        select(ShiftNote)
        .where(ShiftNote.gate_id.in_([gate.id for gate in gates]))
        .order_by(ShiftNote.at.desc(), ShiftNote.id.desc())
    )
