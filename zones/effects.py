"""What a plan changes against another, per compound: spaces by the hours of the day, and zones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from zones.communities import Compound
from zones.map_area import AreaKind
from zones.plans import Opening, ZonePlan


@dataclass(frozen=True)
class Hours:
    """A part of the day during which neither plan opens or closes anything.

    Attributes:
        starts, ends: local times, both None for the whole day; may cross midnight.
    """

    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True)
class Held:
    """The spaces in which a compound may park.

    Attributes:
        spaces: all of them.
        alone: those that no other compound can take, whatever happens.
    """

    spaces: int = 0
    alone: int = 0


@dataclass(frozen=True)
class Shift:
    """A compound's spaces at some hours before and after."""

    hours: Hours
    before: Held
    after: Held

    @property
    def gain(self) -> int:
        """Spaces more, negative where there are fewer."""
        return self.after.spaces - self.before.spaces


@dataclass(frozen=True)
class CompoundEffect:
    """What a plan changes for one compound.

    Attributes:
        shifts: by the hours of the day; the same hours for every compound.
        zones_added: codes of the zones that were closed to it.
        zones_removed: codes of the zones that will be closed to it.
        zones_changed: codes of the zones whose hours or spaces change.
        spaces_lost: spaces in which it may park now, at some hour, and then no more.
        loses: whether anything is taken from it; see `losers`.
    """

    compound: Compound
    shifts: Sequence[Shift]
    zones_added: Sequence[str]
    zones_removed: Sequence[str]
    zones_changed: Sequence[str]
    spaces_lost: int
    loses: bool

    @property
    def changes(self) -> bool:
        """Whether anything changes for the compound."""
        return bool(
            self.loses
            or self.zones_added
            or self.zones_removed
            or self.zones_changed
            or any(one.before != one.after for one in self.shifts)
        )

    @property
    def least_before(self) -> int:
        """The spaces that it has at the scarcest hours of the day by the old plan."""
        return min(one.before.spaces for one in self.shifts)

    @property
    def least_after(self) -> int:
        """The spaces that it has at the scarcest hours of the day by the new plan."""
        return min(one.after.spaces for one in self.shifts)

    @property
    def gains(self) -> bool:
        """Whether it has more spaces at some hours, and loses nothing."""
        return not self.loses and any(one.gain > 0 for one in self.shifts)


_Held = Mapping[tuple[int, int], Held]
"""By zone and compound."""


def effects_of(
    plan: ZonePlan, base: ZonePlan | None, compounds: Sequence[Compound]
) -> list[CompoundEffect]:
    """Return what a plan changes for each compound, in the order of the compounds.

    Args:
        base: the plan that it is compared with, None where no plan is in force.
    """
    old: Sequence[Opening] = base.openings if base else ()
    new = plan.openings
    hours = _hours(old, new)
    moments = [one.starts or time() for one in hours]
    before = [_held(old, moment) for moment in moments]
    after = [_held(new, moment) for moment in moments]
    kept = _joined(hours, before, after, compounds)
    return [_effect(one, kept, before, after, old, new, bool(base)) for one in compounds]


def losers(plan: ZonePlan, base: ZonePlan | None, compounds: Sequence[Compound]) -> list[Compound]:
    """Return the compounds from which a plan takes something: their consent is needed.

    A compound loses where, in any zone at any hour, it has fewer spaces than before, or fewer
    that it need not share. A gain elsewhere does not make up for it: whether a swap is a good one
    is for the compound to say. Where no plan is in force, everybody may lose.
    """
    if base is None:
        return list(compounds)
    return [one.compound for one in effects_of(plan, base, compounds) if one.loses]


def redrawn(plan: ZonePlan, base: ZonePlan | None) -> list[str]:
    """Return the codes of the zones whose lines a plan's map draws otherwise than its base's.

    None where one of the two rests on no drawing: then there was no line that could move.
    """
    if base is None or base.site_map is None or plan.site_map in (None, base.site_map):
        return []
    before, after = _outlines(base), _outlines(plan)
    return sorted(
        code for code in before.keys() | after.keys() if before.get(code) != after.get(code)
    )


def touched(plan: ZonePlan, base: ZonePlan | None, compounds: Sequence[Compound]) -> list[Compound]:
    """Return the compounds to which a redrawn zone is open, by the plan or by its base.

    No line moves without those whom it touches: their consent is needed, whatever they gain.
    """
    zones = set(redrawn(plan, base))
    openings = [*plan.openings, *(base.openings if base else ())]
    ids = {one.compound_id for one in openings if one.zone.code in zones}
    return [one for one in compounds if one.id in ids]


def _outlines(plan: ZonePlan) -> dict[str, list[object]]:
    """Return the rings of each zone on a plan's map, by code."""
    result: dict[str, list[object]] = {}
    for area in plan.site_map.content.areas if plan.site_map else ():
        if area.kind is AreaKind.ZONE:
            result.setdefault(area.code, []).append(area.rings)
    return result


def _hours(*plans: Iterable[Opening]) -> list[Hours]:
    cuts = sorted(
        {cut for plan in plans for one in plan for cut in (one.starts, one.ends) if cut is not None}
    )
    if len(cuts) < 2:
        # A window whose ends are the same is open all day.
        return [Hours()]
    return [Hours(start, end) for start, end in zip(cuts, [*cuts[1:], cuts[0]], strict=True)]


def _held(openings: Iterable[Opening], at: time) -> _Held:
    """Return what each compound holds in each zone at a moment."""
    claims: dict[int, dict[int, int]] = {}
    capacity: dict[int, int] = {}
    for one in openings:
        if one.is_open(at):
            here = claims.setdefault(one.zone_id, {})
            here[one.compound_id] = max(here.get(one.compound_id, 0), one.open_spaces)
            capacity[one.zone_id] = one.zone.spaces
    return {
        (zone, compound): Held(
            spaces, min(spaces, max(0, capacity[zone] - (sum(here.values()) - spaces)))
        )
        for zone, here in claims.items()
        for compound, spaces in here.items()
    }


def _total(held: _Held, compound: Compound) -> Held:
    own = [one for (_zone, compound_id), one in held.items() if compound_id == compound.id]
    return Held(sum(one.spaces for one in own), sum(one.alone for one in own))


def _joined(
    hours: Sequence[Hours],
    before: Sequence[_Held],
    after: Sequence[_Held],
    compounds: Collection[Compound],
) -> list[tuple[Hours, int]]:
    """Return the hours with the place of their figures; neighbours with the same are one."""
    totals = [
        [(_total(old, one), _total(new, one)) for one in compounds]
        for old, new in zip(before, after, strict=True)
    ]
    joined: list[tuple[Hours, int]] = []
    for place, one in enumerate(hours):
        if joined and totals[joined[-1][1]] == totals[place]:
            joined[-1] = Hours(joined[-1][0].starts, one.ends), joined[-1][1]
        else:
            joined.append((one, place))
    if len(joined) > 1 and totals[joined[0][1]] == totals[joined[-1][1]]:
        # The last hours of the day go on after midnight.
        last = joined.pop()
        joined[0] = Hours(last[0].starts, joined[0][0].ends), joined[0][1]
    return [(Hours(), joined[0][1])] if len(joined) == 1 else joined


def _effect(
    compound: Compound,
    hours: Sequence[tuple[Hours, int]],
    before: Sequence[_Held],
    after: Sequence[_Held],
    old: Iterable[Opening],
    new: Iterable[Opening],
    has_base: bool,
) -> CompoundEffect:
    zones_before, zones_after = _zones(old, compound), _zones(new, compound)
    lost: dict[int, int] = {}
    loses = not has_base
    for then, now in zip(before, after, strict=True):
        for key, held in then.items():
            if key[1] == compound.id:
                left = now.get(key, Held())
                lost[key[0]] = max(lost.get(key[0], 0), held.spaces - left.spaces)
                loses = loses or left.spaces < held.spaces or left.alone < held.alone
    return CompoundEffect(
        compound=compound,
        shifts=[
            Shift(one, _total(before[place], compound), _total(after[place], compound))
            for one, place in hours
        ],
        zones_added=sorted(zones_after.keys() - zones_before.keys()),
        zones_removed=sorted(zones_before.keys() - zones_after.keys()),
        zones_changed=sorted(
            code
            for code, windows in zones_after.items()
            if code in zones_before and zones_before[code] != windows
        ),
        spaces_lost=sum(lost.values()),
        loses=loses,
    )


def _zones(
    openings: Iterable[Opening], compound: Compound
) -> dict[str, set[tuple[time | None, time | None, int]]]:
    zones: dict[str, set[tuple[time | None, time | None, int]]] = {}
    for one in openings:
        if one.compound_id == compound.id:
            zones.setdefault(one.zone.code, set()).add((one.starts, one.ends, one.open_spaces))
    return zones
