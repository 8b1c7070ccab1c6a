"""Reviewing a kept list again, after its rows or the register have changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from permits.people_index import indexes_of
from permits.plate_list import (
    OPEN_TO_CHANGES,
    ListMeaning,
    Outcome,
    PlateList,
    PlateListRow,
)
from permits.reading import ListRow
from permits.reviewed_row import ReviewedRow
from permits.reviewing import parse_rows
from permits.submitting import review_parsed
from records.database import Base
from records.sealed import Sealer


def review_again(
    session: Session, plate_list: PlateList, rows: list[PlateListRow], sealer: Sealer
) -> tuple[str, ...]:
    """Bring the rows' outcomes up to date and return the plates a whole list removes.

    Only rows whose review differs are written. Rows that are left out stay so.

    Args:
        rows: all rows of the list, in order.
    """
    compound = plate_list.compound
    parsed = parse_rows((source_of(row, sealer) for row in rows), compound.community.province)
    reviewed = review_parsed(
        session,
        compound,
        parsed,
        ListMeaning(plate_list.meaning),
        sealer,
        None if plate_list.state in OPEN_TO_CHANGES else plate_list,
        frozenset(at for at, row in enumerate(rows) if row.outcome == Outcome.LEFT_OUT),
    )
    for row, fresh in zip(rows, reviewed.rows, strict=True):
        if row.claimed_by_id != fresh.claimed_by:
            # Decided between other compounds than those which claim the plate now.
            row.decision = row.decision_reason = row.decided_at = None
        _bring_up_to_date(row, fresh, sealer)
    session.flush()
    return reviewed.removals


def source_of(row: PlateListRow, sealer: Sealer) -> ListRow:
    """Return a kept row as it was read from the list, with its seals opened."""
    return ListRow(
        sheet=row.sheet,
        row=row.row,
        raw=row.raw,
        owner=sealer.open(row.owner_sealed) if row.owner_sealed else "",
        phone=sealer.open(row.phone_sealed) if row.phone_sealed else "",
        building=row.building,
        unit=row.unit,
        room=row.room,
    )


def write_together(row: Base, columns: Iterable[str]) -> None:
    """Have the row write all these columns: rows that write the same ones share a statement."""
    for column in columns:
        flag_modified(row, column)


def _bring_up_to_date(row: PlateListRow, fresh: ReviewedRow, sealer: Sealer) -> None:
    found: dict[str, Any] = {
        "plate": fresh.plate.text if fresh.plate else None,
        "kind": fresh.plate.kind if fresh.plate else None,
        "outcome": fresh.outcome,
        "reason": fresh.reason,
        "facts": dict(fresh.facts),
        "remarks": list(fresh.remarks),
        "claimed_by_id": fresh.claimed_by,
        "details_digest": fresh.details_digest,
        **indexes_of(sealer, fresh.source.owner, fresh.source.phone),
    }
    if all(getattr(row, column) == value for column, value in found.items()):
        return
    for column, value in found.items():
        setattr(row, column, value)
    write_together(row, (*found, *_DECIDED))


_DECIDED = ("decision", "decision_reason", "decided_at")
