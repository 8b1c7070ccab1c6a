"""What everybody may ask of a parked car: may it stand in this zone now?

Nobody learns whose it is. Of a typed plate there are two answers and no more: an unknown car and a
known one that may not park in the zone get the same. `docs/residents.md` has the threat.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from permits import register
from permits.deciding import Asked, decide_now, known_of
from permits.facts import facts_of
from permits.gate import Decision, ZoneWindow, decide
from permits.patrol import Finding, find
from permits.plates import canonical
from permits.verdicts import Verdict
from permits.visits import visits_of_plate
from zones.areas import Zone
from zones.communities import Community


class MayPark(enum.StrEnum):
    """The answer to a neighbour."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Look:
    """What a neighbour is told.

    Attributes:
        until: when the zone closes to the car again, None where it stays open or is not.
        decision: on a scanned symbol, whose card says as much itself; None for a typed plate.
    """

    may_park: MayPark
    until: datetime | None = None
    decision: Decision | None = None


def look_at_plate(
    session: Session, community: Community, zone: Zone, typed: str, *, at: datetime
) -> Look:
    """Return whether the car with a typed plate may park in a zone now, as far as is known.

    Every plate costs the same queries, so that the time of the answer tells nothing either.

    Raises:
        PlateError: what was typed is no plate.
    """
    plate = canonical(typed).text
    visits = visits_of_plate(session, community, plate, at)
    found = register.find(session, community.id, plates=Asked.of(None, plate).plates)
    facts = facts_of(session, community.id, found.head)
    known = known_of(session, community.id, found, facts, at)
    decision = decide(at=at, known=replace(known, visits_of=lambda _plate: visits), plate=plate)
    if not _belongs(community, decision, zone, at):
        return Look(MayPark.NO)
    # Only the hours of the zone, which the board tells: a visit's end would tell of the visit.
    return Look(MayPark.YES, _closes(community, decision, zone, at))


def look_at_symbol(
    session: Session, community: Community, zone: Zone, scanned: str, *, at: datetime
) -> Look:
    """Return whether the car of a scanned permit or pass may park in a zone now."""
    decision = decide_now(session, community, at=at, scanned=scanned)
    if decision.verdict is Verdict.CHECK:
        return Look(MayPark.NOT_KNOWN, decision=decision)
    if not _belongs(community, decision, zone, at):
        return Look(MayPark.NO, decision=decision)
    ends = [_closes(community, decision, zone, at)]
    if decision.valid_to is not None:
        after = decision.valid_to + timedelta(days=1)
        ends.append(datetime.combine(after, time(), community.zone_info))
    if decision.visit is not None:
        ends.append(decision.visit.valid_to)
    return Look(MayPark.YES, min(one for one in ends if one is not None), decision)


def _belongs(community: Community, decision: Decision, zone: Zone, at: datetime) -> bool:
    found = find(decision, zone.code, at.astimezone(community.zone_info).time())
    if found.finding is Finding.VISITOR:
        return zone.code in found.zones
    return found.finding is Finding.BELONGS_HERE


def _closes(community: Community, decision: Decision, zone: Zone, at: datetime) -> datetime | None:
    """Return when the last of a zone's windows that are open now ends, None where one does not."""
    ends = [
        _end(window, at.astimezone(community.zone_info))
        for window in decision.open_windows
        if window.zone == zone.code
    ]
    known = [one for one in ends if one is not None]
    return max(known) if known and len(known) == len(ends) else None


def _end(window: ZoneWindow, local: datetime) -> datetime | None:
    if window.ends is None:
        return None
    end = datetime.combine(local.date(), window.ends, local.tzinfo)
    return end if end > local else end + timedelta(days=1)
