"""The matrix in which a zone plan is drafted: for each zone and compound closed, all day or timed.

The matrix has no fixed fields, so it reads the posted form itself; each slot keeps what was typed
and says what is wrong with it.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from flask_babel import gettext as _

from zones.areas import Zone
from zones.communities import Compound
from zones.drafting import ProposedOpening
from zones.plans import Opening


class Use(enum.StrEnum):
    """What a slot opens."""

    CLOSED = "closed"
    ALL_DAY = "all_day"
    TIMED = "timed"


@dataclass
class Slot:
    """One window of a zone for a compound, as it stands in the form.

    Attributes:
        key: the slot's part of its fields' names, `zone-compound-place`.
        starts, ends, spaces: what stands in the fields.
        error: what is wrong with it, in the reader's language, or an empty text.
    """

    key: str
    zone: Zone
    compound: Compound
    use: str = Use.CLOSED
    starts: str = "20:00"
    ends: str = "07:00"
    spaces: str = ""
    error: str = ""


class PlanMatrix:
    """Every slot of a plan's form. Most cells have one; more where the plan has more windows."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots

    @classmethod
    def of_plan(
        cls, zones: Iterable[Zone], compounds: Sequence[Compound], openings: Iterable[Opening]
    ) -> PlanMatrix:
        """Return the matrix that shows some openings."""
        by_cell: dict[tuple[int, int], list[Opening]] = {}
        for one in openings:
            by_cell.setdefault((one.zone_id, one.compound_id), []).append(one)
        slots = []
        for zone, compound in itertools.product(zones, compounds):
            cell = by_cell.get((zone.id, compound.id), [])
            for place, opening in enumerate(cell or [None]):
                slot = Slot(f"{zone.id}-{compound.id}-{place}", zone, compound)
                if opening is not None:
                    _show(slot, opening)
                slots.append(slot)
        return cls(slots)

    @classmethod
    def of_form(
        cls, zones: Iterable[Zone], compounds: Sequence[Compound], form: Mapping[str, str]
    ) -> PlanMatrix:
        """Return the matrix as it was posted; a zone that is not in the form is closed."""
        slots = []
        for zone, compound in itertools.product(zones, compounds):
            for place in itertools.count():
                key = f"{zone.id}-{compound.id}-{place}"
                slot = Slot(key, zone, compound)
                if f"use-{key}" in form:
                    slot.use = form[f"use-{key}"]
                    slot.starts = form.get(f"starts-{key}", "").strip()
                    slot.ends = form.get(f"ends-{key}", "").strip()
                    slot.spaces = form.get(f"spaces-{key}", "").strip()
                elif place > 0:
                    break
                slots.append(slot)
        return cls(slots)

    def rows(self) -> list[tuple[Zone, list[tuple[Compound, list[Slot]]]]]:
        """Return the slots by zone and compound, for showing them."""
        return [
            (
                zone,
                [
                    (compound, list(cell))
                    for compound, cell in itertools.groupby(slots, lambda slot: slot.compound)
                ],
            )
            for zone, slots in itertools.groupby(self.slots, lambda slot: slot.zone)
        ]

    def openings(self) -> list[ProposedOpening]:
        """Return what the slots open; slots that make no sense get their `error`."""
        openings = []
        taken: set[tuple[int, int, time | None]] = set()
        for slot in self.slots:
            opening = _read(slot)
            if opening is None:
                continue
            start = (opening.zone_id, opening.compound_id, opening.starts)
            if start in taken:
                slot.error = _("This stands here twice.")
            taken.add(start)
            openings.append(opening)
        return openings

    def faults(self) -> list[Slot]:
        """Return the slots that have an error."""
        return [slot for slot in self.slots if slot.error]


def _show(slot: Slot, opening: Opening) -> None:
    slot.use = Use.ALL_DAY
    if opening.starts is not None and opening.ends is not None:
        slot.use = Use.TIMED
        slot.starts = opening.starts.isoformat("minutes")
        slot.ends = opening.ends.isoformat("minutes")
    slot.spaces = "" if opening.spaces is None else str(opening.spaces)


def _read(slot: Slot) -> ProposedOpening | None:
    if slot.use not in tuple(Use):
        slot.error = _("Choose closed, all day or between two times.")
    if slot.use in (Use.CLOSED, ""):
        return None
    starts = ends = None
    if slot.use == Use.TIMED:
        starts, ends = _time(slot.starts), _time(slot.ends)
        if starts is None or ends is None:
            slot.error = _("Write both times, such as 20:00 and 07:00.")
        elif starts == ends:
            slot.error = _("Both times are the same. Choose all day, or another time.")
    spaces = None
    if slot.spaces:
        # `isdecimal` takes full-width digits too, which `int` reads as well.
        spaces = int(slot.spaces) if slot.spaces.isdecimal() and len(slot.spaces) < 7 else -1
        if not 0 < spaces <= slot.zone.spaces:
            slot.error = _("The zone has %(spaces)s spaces.", spaces=slot.zone.spaces)
    return ProposedOpening(slot.zone.id, slot.compound.id, starts, ends, spaces)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
