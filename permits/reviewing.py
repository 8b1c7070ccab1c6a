"""Reviewing a plate list: each row gets one outcome and a reason, and nothing is written.

Pure: the register comes in as values, the reviewed rows go out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from permits.plate_list import Outcome
from permits.plates import Plate, PlateKind, PlateRefusal, parse
from permits.reading import ListRow

HouseholdKey = tuple[str, str, str]
"""Building, unit and room as canonical text."""

NO_HOUSEHOLD: HouseholdKey = ("", "", "")

_Move = tuple[str, HouseholdKey, HouseholdKey]
"""A plate, the household it leaves and the one it comes to."""

# Mobile numbers begin 13 to 19; fixed lines have an area code of 3 or 4 digits or none; 400 and
# 800 are service numbers (the national numbering plan, 电信网编号计划 2017).
_PHONE = re.compile(r"(\+?86)?1[3-9]\d{9}|(0\d{2,3})?[2-8]\d{6,7}|[48]00\d{7}")
_NOT_RESIDENTIAL = frozenset(
    {PlateKind.POLICE, PlateKind.ARMED_POLICE, PlateKind.MILITARY, PlateKind.EMERGENCY}
)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register knows of one active vehicle."""

    vehicle_id: int
    compound_id: int
    household: HouseholdKey
    details_digest: bytes | None


@dataclass(frozen=True)
class Register:
    """What a review compares a list with.

    Attributes:
        compound_id: the compound whose list it is.
        quota: vehicles a household may have, or None where there is no limit.
        vehicles: the community's active vehicles among the list's plates, by plate.
        pending: compounds that claim a plate in a list that staff have not decided yet.
        household_counts: active vehicles of the compound's households.
    """

    compound_id: int
    quota: int | None = None
    vehicles: Mapping[str, Registered] = field(default_factory=dict)
    pending: Mapping[str, int] = field(default_factory=dict)
    household_counts: Mapping[HouseholdKey, int] = field(default_factory=dict)


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
    def household(self) -> HouseholdKey:
        """Building, unit and room; all empty where the row names none."""
        return (self.source.building, self.source.unit, self.source.room)


def parse_rows(
    rows: Iterable[ListRow], province: str | None = None
) -> list[tuple[ListRow, Plate | PlateRefusal | None]]:
    """Return each row with its plate, its refusal, or None where the row has no plate.

    Args:
        province: the local province character, for suggestions.
    """
    return [(row, parse(row.raw, province=province) if row.raw else None) for row in rows]


def plates_among(parsed: Iterable[tuple[ListRow, Plate | PlateRefusal | None]]) -> list[str]:
    """Return the canonical plates of parsed rows, each once, in order."""
    found = (plate.text for _, plate in parsed if isinstance(plate, Plate))
    return list(dict.fromkeys(found))


def review(
    parsed: Iterable[tuple[ListRow, Plate | PlateRefusal | None]],
    register: Register,
    digest: Callable[[str, str], bytes],
    left_out: Collection[int] = (),
) -> list[ReviewedRow]:
    """Return every row with its outcome, in order.

    Args:
        parsed: what `parse_rows` returned.
        digest: keyed digest of owner and phone (`Sealer.digest`).
        left_out: places, from 0, of rows that count for nothing; the rest is reviewed as if they
            were not there.
    """
    rows = list(parsed)
    first_rows: dict[str, ListRow] = {}
    flats = _Flats(register)
    flats.move(_moves((one for at, one in enumerate(rows) if at not in left_out), register))
    return [
        left_out_row(row, plate)
        if at in left_out
        else _review_row(row, plate, register, first_rows, flats, digest)
        for at, (row, plate) in enumerate(rows)
    ]


class _Flats:
    """How many cars each flat has, and which cars may move to another one.

    Cars that move do so before new ones come: a place that is left is free for every row of the
    list, whichever stands first, so that the same list sent twice changes nothing.
    """

    def __init__(self, register: Register) -> None:
        self.quota = register.quota
        self.counts = Counter(register.household_counts)
        self.moved: set[str] = set()

    def has_room(self, flat: HouseholdKey) -> bool:
        """Return whether one more car may come; a household without a room is no flat."""
        return self.quota is None or not flat[2] or self.counts[flat] < self.quota

    def move(self, moves: Iterable[_Move]) -> None:
        """Move each car whose new flat has room, or gets it by another's leaving."""
        waiting: dict[HouseholdKey, deque[_Move]] = defaultdict(deque)
        for move in moves:
            following: _Move | None = move
            while following is not None:
                plate, old, new = following
                if not self.has_room(new):
                    waiting[new].append(following)
                    break
                self.moved.add(plate)
                self.counts[new] += 1
                self.counts[old] -= 1
                following = waiting[old].popleft() if waiting[old] else None


def _moves(
    parsed: Iterable[tuple[ListRow, Plate | PlateRefusal | None]], register: Register
) -> Iterator[_Move]:
    """Yield the moves to another flat of the compound, each plate's first row counting."""
    seen: set[str] = set()
    for row, plate in parsed:
        if not isinstance(plate, Plate) or plate.text in seen:
            continue
        seen.add(plate.text)
        known = register.vehicles.get(plate.text)
        if known is None or known.compound_id != register.compound_id:
            continue
        new = (row.building, row.unit, row.room)
        if new not in (NO_HOUSEHOLD, known.household):
            yield plate.text, known.household, new


def _review_row(
    row: ListRow,
    plate: Plate | PlateRefusal | None,
    register: Register,
    first_rows: dict[str, ListRow],
    flats: _Flats,
    digest: Callable[[str, str], bytes],
) -> ReviewedRow:
    if not isinstance(plate, Plate):
        return without_plate(row, plate)
    first = first_rows.setdefault(plate.text, row)
    if first is not row:
        return duplicate_row(row, plate, first)
    details = digest(row.owner, row.phone) if row.owner or row.phone else None
    known = register.vehicles.get(plate.text)
    if known is not None and known.compound_id != register.compound_id:
        return ReviewedRow(
            row,
            plate,
            Outcome.CONFLICT,
            "registered_elsewhere",
            claimed_by=known.compound_id,
            details_digest=details,
        )
    if known is None and plate.text in register.pending:
        return ReviewedRow(
            row,
            plate,
            Outcome.CONFLICT,
            "claimed_elsewhere",
            claimed_by=register.pending[plate.text],
            details_digest=details,
        )
    household = (row.building, row.unit, row.room)
    if known is None:
        fits = flats.has_room(household)
        flats.counts[household] += fits
    else:
        fits = household in (NO_HOUSEHOLD, known.household) or plate.text in flats.moved
    if not fits:
        facts = {"quota": register.quota, "count": flats.counts[household]}
        return ReviewedRow(
            row, plate, Outcome.OVER_QUOTA, "over_quota", facts=facts, details_digest=details
        )
    return _accepted(row, plate, known, household, register, details)


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


def _accepted(
    row: ListRow,
    plate: Plate,
    known: Registered | None,
    household: HouseholdKey,
    register: Register,
    details: bytes | None,
) -> ReviewedRow:
    remarks = list(_remarks(row, household))
    outcome, reason = Outcome.ACCEPTED, "new_vehicle"
    if known is not None:
        if household not in (NO_HOUSEHOLD, known.household):
            outcome, reason = Outcome.NEEDS_ATTENTION, "household_differs"
        elif details is not None and details != known.details_digest:
            outcome, reason = Outcome.ACCEPTED, "details_changed"
        else:
            return ReviewedRow(row, plate, Outcome.UNCHANGED, "unchanged", details_digest=details)
    elif register.quota is not None and not row.room:
        # Without a flat the car counts against nobody's quota: somebody has to ask.
        outcome, reason = Outcome.NEEDS_ATTENTION, "household_needed_for_quota"
    elif plate.kind is PlateKind.TEMPORARY:
        outcome, reason = Outcome.NEEDS_ATTENTION, "temporary_plate"
    elif plate.kind in _NOT_RESIDENTIAL:
        outcome, reason = Outcome.NEEDS_ATTENTION, "service_vehicle"
    return ReviewedRow(row, plate, outcome, reason, tuple(remarks), details_digest=details)


def _remarks(row: ListRow, household: HouseholdKey) -> Iterable[str]:
    if not row.owner:
        yield "owner_missing"
    elif any(character.isdigit() for character in row.owner):
        yield "owner_odd"
    if not row.phone:
        yield "phone_missing"
    elif not _PHONE.fullmatch(re.sub(r"[\s\-()（）—－]", "", row.phone)):
        yield "phone_odd"
    if household == NO_HOUSEHOLD:
        yield "household_missing"
    elif not row.room:
        yield "room_missing"
