"""Reviewing a list of cars to take out of the register. Pure, as `permits.reviewing` is."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from permits.plate_list import Outcome
from permits.plates import Plate, PlateRefusal
from permits.reading import ListRow
from permits.reviewed_row import ReviewedRow, duplicate_row, left_out_row, without_plate
from permits.reviewing import NO_HOUSEHOLD, Register


def review_removals(
    parsed: Iterable[tuple[ListRow, Plate | PlateRefusal | None]],
    register: Register,
    left_out: Collection[int] = (),
) -> list[ReviewedRow]:
    """Return every row with its outcome, in order: the plate alone says which car goes.

    Args:
        parsed: what `permits.reviewing.parse_rows` returned.
        left_out: places, from 0, of rows that count for nothing.
    """
    first_rows: dict[str, ListRow] = {}
    return [
        left_out_row(row, plate)
        if at in left_out
        else _review_row(row, plate, register, first_rows)
        for at, (row, plate) in enumerate(parsed)
    ]


def _review_row(
    row: ListRow,
    plate: Plate | PlateRefusal | None,
    register: Register,
    first_rows: dict[str, ListRow],
) -> ReviewedRow:
    if not isinstance(plate, Plate):
        return without_plate(row, plate)
    first = first_rows.setdefault(plate.text, row)
    if first is not row:
        return duplicate_row(row, plate, first)
    known = register.vehicles.get(plate.text)
    if known is None or known.compound_id != register.compound_id:
        # With whom else a car is registered does not become known by a list that would remove it.
        return ReviewedRow(row, plate, Outcome.NOT_IN_REGISTER, "not_in_register")
    strange = (row.building, row.unit, row.room) not in (NO_HOUSEHOLD, known.household)
    remarks = ("other_flat",) if strange else ()
    return ReviewedRow(row, plate, Outcome.REMOVED, "will_be_removed", remarks)
