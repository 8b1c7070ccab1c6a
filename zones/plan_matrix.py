"""A zone plan as a matrix of zones and compounds, with what it adds and takes away."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from zones.areas import Zone
from zones.communities import Compound
from zones.plans import Opening, ZonePlan


class Change(enum.StrEnum):
    """What a plan does to an opening, compared with another plan."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True)
class Entry:
    """One opening in a cell, and whether it is in both plans, only in the new one or the old."""

    opening: Opening
    change: Change


@dataclass(frozen=True)
class Cell:
    """What one compound may do in one zone; no entries means that the zone is closed to it."""

    compound: Compound
    entries: Sequence[Entry]


@dataclass(frozen=True)
class MatrixRow:
    """One zone and a cell for each compound."""

    zone: Zone
    cells: Sequence[Cell]


def plan_matrix(
    zones: Iterable[Zone],
    compounds: Sequence[Compound],
    plan: ZonePlan,
    base: ZonePlan | None = None,
) -> list[MatrixRow]:
    """Return a plan's matrix, compared with a base plan where one is given."""
    new = {_facts(one): one for one in plan.openings}
    old = {_facts(one): one for one in base.openings} if base else new
    entries = [
        *(Entry(one, Change.SAME if key in old else Change.ADDED) for key, one in new.items()),
        *(Entry(one, Change.GONE) for key, one in old.items() if key not in new),
    ]
    entries.sort(
        key=lambda entry: (entry.opening.starts is not None, entry.opening.starts or time())
    )
    cells: dict[tuple[int, int], list[Entry]] = {}
    for entry in entries:
        key = entry.opening.zone_id, entry.opening.compound_id
        cells.setdefault(key, []).append(entry)
    return [
        MatrixRow(zone, [Cell(one, cells.get((zone.id, one.id), [])) for one in compounds])
        for zone in zones
    ]


def timed_spaces(plan: ZonePlan | None) -> dict[int, int]:
    """Return by compound id the spaces that are open only at some hours, each zone once."""
    widest: dict[tuple[int, int], int] = {}
    for one in plan.openings if plan else ():
        if one.starts is not None:
            spaces = one.zone.spaces if one.spaces is None else one.spaces
            key = one.compound_id, one.zone_id
            widest[key] = max(widest.get(key, 0), spaces)
    totals: dict[int, int] = {}
    for (compound_id, _zone_id), spaces in widest.items():
        totals[compound_id] = totals.get(compound_id, 0) + spaces
    return totals


def _facts(opening: Opening) -> tuple[int, int, time | None, time | None, int | None]:
    return (
        opening.zone_id,
        opening.compound_id,
        opening.starts,
        opening.ends,
        opening.spaces,
    )
