"""One row of a plate list with what the review found, and the rows that need no register for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from permits.plate_list import Outcome
from permits.plates import Plate, PlateRefusal
from permits.reading import ListRow


@dataclass(frozen=True, slots=True)
class ReviewedRow:
    """One row with its outcome.

    Attributes:
        source: the row as read.
        plate: the canonical plate, None where there is none.
        reason: stable code of why it has this outcome.
        remarks: stable codes of what is missing or odd but refuses nothing.
        facts: what the words of reason and remarks name.
        claimed_by: id of the compound that has or claims the plate, for a conflict.
        details_digest: keyed digest of owner and phone, None where both are missing.
    """

    source: ListRow
    plate: Plate | None
    outcome: Outcome
    reason: str
    remarks: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    claimed_by: int | None = None
    details_digest: bytes | None = None

    @property
    def household(self) -> tuple[str, str, str]:
        """Building, unit and room; all empty where the row names none."""
        return (self.source.building, self.source.unit, self.source.room)


def left_out_row(row: ListRow, plate: Plate | PlateRefusal | None) -> ReviewedRow:
    """Return a row that its representative leaves out."""
    known = plate if isinstance(plate, Plate) else None
    return ReviewedRow(row, known, Outcome.LEFT_OUT, "left_out")


def without_plate(row: ListRow, refusal: PlateRefusal | None) -> ReviewedRow:
    """Return a row that has no plate, or a text that is none."""
    if refusal is None:
        return ReviewedRow(row, None, Outcome.MISSING_PLATE, "missing_plate")
    facts = {
        "position": refusal.position,
        "character": refusal.character,
        "suggestion": refusal.suggestion,
    }
    return ReviewedRow(row, None, Outcome.INVALID_PLATE, refusal.reason, facts=facts)


def duplicate_row(row: ListRow, plate: Plate, first: ListRow) -> ReviewedRow:
    """Return a row whose plate stands in an earlier one."""
    facts = {"first_sheet": first.sheet, "first_row": first.row}
    return ReviewedRow(row, plate, Outcome.DUPLICATE_IN_LIST, "duplicate_in_list", facts=facts)
