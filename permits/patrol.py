"""Patrol: does a parked car belong in the zone where it stands?

Pure, and mirrored in the browser by `app/static/js/patrol.js`: both are held to
`tests/vectors/patrol.json`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import time

from permits.gate import Decision
from permits.verdicts import Reason


class Finding(enum.StrEnum):
    """What a patrol finds of a parked car."""

    BELONGS_HERE = "belongs_here"
    BELONGS_ELSEWHERE = "belongs_elsewhere"
    VISITOR = "visitor"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and the codes of the zones that are open to the car now."""

    finding: Finding
    zones: tuple[str, ...] = ()


_NO_MATTER = frozenset({Reason.STALE_DATA, Reason.PLATE_COMPLETED})
"""Reasons to look twice at a gate, but not at a parked car: its plate is there to be compared."""


def find(decision: Decision, zone: str, at: time) -> Found:
    """Return what a gate decision means for a car that is parked in a zone.

    A permit in force belongs in the zones that are open to its colour now, also by facts too old
    for the gate, or of a plate typed without its province. Police, rescue and armed forces belong
    wherever they stand. A visitor is one as long as the visit lasts; the zones are then its host's.

    Args:
        decision: on the car's symbol or plate.
        zone: code of the zone where it stands.
        at: the local time of day.
    """
    zones = tuple(dict.fromkeys(window.zone for window in decision.zones if window.is_open(at)))
    # Any other reason means that the permit is not good for this car.
    reasons = set(decision.reasons) - _NO_MATTER
    if reasons == {Reason.SERVICE_VEHICLE}:
        return Found(Finding.BELONGS_HERE)
    if reasons == {Reason.VISITOR_OK}:
        return Found(Finding.VISITOR, zones)
    if reasons != {Reason.OK}:
        return Found(Finding.UNKNOWN)
    return Found(Finding.BELONGS_HERE if zone in zones else Finding.BELONGS_ELSEWHERE, zones)
