"""Reviewing a plate list: each row gets one outcome and a reason, and nothing is written.

Pure: the register comes in as values, the reviewed rows go out.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from permits.allotting import Claim, Limits, Taken, Unit, WhyNoRoom, allot, full
from permits.plate_list import Outcome
from permits.plates import Plate, PlateKind, PlateRefusal, parse
from permits.reading import ListRow
from permits.reviewed_row import ReviewedRow, duplicate_row, left_out_row, without_plate
from permits.row_remarks import remarks_on

HouseholdKey = tuple[str, str, str]
"""Building, unit and room as canonical text."""

NO_HOUSEHOLD: HouseholdKey = ("", "", "")

_Move = tuple[str, Unit | None, Unit | None]
"""A plate, the household or resident it leaves and the one it comes to."""

_NOT_RESIDENTIAL = frozenset(
    {PlateKind.POLICE, PlateKind.ARMED_POLICE, PlateKind.MILITARY, PlateKind.EMERGENCY}
)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register knows of one active vehicle; `resident` as `Limits.unit` takes it."""

    vehicle_id: int
    compound_id: int
    household: HouseholdKey
    details_digest: bytes | None
    resident: bytes | None = None


@dataclass(frozen=True)
class Register:
    """What a review compares a list with.

    Attributes:
        compound_id: the compound whose list it is.
        limits: what the compound has agreed on.
        vehicles: the community's active vehicles among the list's plates, by plate.
        pending: compounds that claim a plate in a list that staff have not decided yet.
        taken: the places that the compound's active vehicles take.
        waiting: the claims of its waiting list, by date.
    """

    compound_id: int
    limits: Limits = field(default_factory=Limits)
    vehicles: Mapping[str, Registered] = field(default_factory=dict)
    pending: Mapping[str, int] = field(default_factory=dict)
    taken: Taken = field(default_factory=Taken)
    waiting: Sequence[Claim] = ()


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
    rows = [_with_details(row, plate, digest) for row, plate in parsed]
    first_rows: dict[str, ListRow] = {}
    places = _Places(register, [one for at, one in enumerate(rows) if at not in left_out])
    return [
        left_out_row(one.row, one.plate)
        if at in left_out
        else _review_row(one, register, first_rows, places)
        for at, one in enumerate(rows)
    ]


class _Read(NamedTuple):
    """A row with its plate and the keyed digest of its owner and phone."""

    row: ListRow
    plate: Plate | PlateRefusal | None
    details: bytes | None

    @property
    def household(self) -> HouseholdKey:
        return (self.row.building, self.row.unit, self.row.room)

    def unit(self, limits: Limits, known: Registered | None) -> Unit | None:
        """Return whose car it is once the row is applied: what it does not name stays."""
        household = self.household
        if household == NO_HOUSEHOLD and known is not None:
            household = known.household
        if self.details is None:
            return limits.unit(household, known.resident if known else None)
        return limits.unit(household, self.details if self.row.owner and self.row.phone else None)


def _with_details(
    row: ListRow, plate: Plate | PlateRefusal | None, digest: Callable[[str, str], bytes]
) -> _Read:
    is_named = isinstance(plate, Plate) and (row.owner or row.phone)
    return _Read(row, plate, digest(row.owner, row.phone) if is_named else None)


class _Places:
    """Which of a list's cars get a place, and how many each flat or resident has then.

    Cars that move do so before new ones come: a place that is left is free for every row of the
    list, whichever stands first, so that the same list sent twice changes nothing.
    """

    def __init__(self, register: Register, rows: Sequence[_Read]) -> None:
        self.limits, self.compound_id = register.limits, register.compound_id
        self.counts: Counter[Unit | None] = Counter(register.taken.by_unit)
        self.without: dict[str, WhyNoRoom] = {}
        if not self.limits.bind:
            return
        moves: list[_Move] = []
        claims = {one.plate: one for one in register.waiting}
        for one, plate, known in _first_of_each(rows, register):
            unit = one.unit(self.limits, known)
            if known is None:
                # Who waits already keeps the turn; the list may name another flat.
                claims[plate] = Claim(plate, unit)
            elif (before := self.limits.unit(known.household, known.resident)) != unit:
                moves.append((plate, before, unit))
        self._move(moves)
        allotment = allot(self.limits, Taken(self.counts, register.taken.in_all), claims.values())
        self.without |= allotment.without
        self.counts = Counter(allotment.by_unit)

    def _move(self, moves: Iterable[_Move]) -> None:
        """Move each car whose new flat has room, or gets it by another's leaving."""
        waiting: dict[Unit, deque[_Move]] = defaultdict(deque)
        for move in moves:
            following: _Move | None = move
            while following is not None:
                plate, old, new = following
                if new is not None and not self._has_room(new):
                    waiting[new].append(following)
                    self.without[plate] = full(new)
                    break
                self.without.pop(plate, None)
                self.counts[new] += 1
                self.counts[old] -= 1
                following = waiting[old].popleft() if old and waiting[old] else None

    def _has_room(self, unit: Unit) -> bool:
        return self.limits.cars is None or self.counts[unit] < self.limits.cars

    def facts(self, unit: Unit | None, *, is_new: bool) -> dict[str, Any]:
        """Return what the words for a car without a place name.

        A car that is registered and may not move keeps its place, and so does not wait.
        """
        return {
            "quota": self.limits.cars,
            "count": self.counts[unit],
            "places": self.limits.places,
            "waits": is_new,
        }


def _first_of_each(
    rows: Iterable[_Read], register: Register
) -> Iterator[tuple[_Read, str, Registered | None]]:
    """Yield each plate's first row, unless another compound has the plate or claims it."""
    seen: set[str] = set()
    for one in rows:
        if not isinstance(one.plate, Plate) or one.plate.text in seen:
            continue
        plate = one.plate.text
        seen.add(plate)
        known = register.vehicles.get(plate)
        is_rivals = (
            plate in register.pending
            if known is None
            else (known.compound_id != register.compound_id)
        )
        if not is_rivals:
            yield one, plate, known


def _review_row(
    one: _Read, register: Register, first_rows: dict[str, ListRow], places: _Places
) -> ReviewedRow:
    row, plate, details = one
    if not isinstance(plate, Plate):
        return without_plate(row, plate)
    first = first_rows.setdefault(plate.text, row)
    if first is not row:
        return duplicate_row(row, plate, first)
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
    why = places.without.get(plate.text)
    if why is not None:
        facts = places.facts(one.unit(register.limits, known), is_new=known is None)
        return ReviewedRow(row, plate, Outcome.OVER_QUOTA, why, facts=facts, details_digest=details)
    return _accepted(row, plate, known, one.household, register, details)


def _accepted(
    row: ListRow,
    plate: Plate,
    known: Registered | None,
    household: HouseholdKey,
    register: Register,
    details: bytes | None,
) -> ReviewedRow:
    remarks = list(remarks_on(row))
    outcome, reason = Outcome.ACCEPTED, "new_vehicle"
    if known is not None:
        if household not in (NO_HOUSEHOLD, known.household):
            outcome, reason = Outcome.NEEDS_ATTENTION, "household_differs"
        elif details is not None and details != known.details_digest:
            outcome, reason = Outcome.ACCEPTED, "details_changed"
        else:
            return ReviewedRow(row, plate, Outcome.UNCHANGED, "unchanged", details_digest=details)
    elif register.limits.cars is not None and not row.room:
        # Without a flat the car counts against nobody's quota: somebody has to ask.
        outcome, reason = Outcome.NEEDS_ATTENTION, "household_needed_for_quota"
    elif plate.kind is PlateKind.TEMPORARY:
        outcome, reason = Outcome.NEEDS_ATTENTION, "temporary_plate"
    elif plate.kind in _NOT_RESIDENTIAL:
        outcome, reason = Outcome.NEEDS_ATTENTION, "service_vehicle"
    return ReviewedRow(row, plate, outcome, reason, tuple(remarks), details_digest=details)
