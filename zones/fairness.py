"""How fair plans are, in figures by which they can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from zones.communities import Compound
from zones.plans import Opening


@dataclass(frozen=True)
class Fairness:
    """The figures of a plan, or of a share that was computed, by the spaces held all day.

    Attributes:
        spaces: each compound's spaces by its id; of a zone that several may fill, its share.
        ratios: cars for each space, None for a compound without spaces.
        worst: the largest ratio; None where a compound with cars has no space.
        metres_per_car: the way from a compound to a space when every space is taken.
    """

    spaces: Mapping[int, float]
    ratios: Mapping[int, float | None]
    worst: float | None
    metres_per_car: float | None


def fairness_of(
    held: Mapping[tuple[int, int], int | Fraction],
    compounds: Sequence[Compound],
    demand: Mapping[int, int],
    metres: Mapping[tuple[int, int], int],
) -> Fairness:
    """Return the figures of spaces held by compounds in zones; see `held_all_day`.

    Args:
        demand: cars by the compound's id.
        metres: ways by compound and zone.
    """
    spaces = dict.fromkeys((one.id for one in compounds), Fraction())
    for (owner, _zone), part in held.items():
        spaces[owner] += part
    ratios = {
        one.id: demand.get(one.id, 0) / spaces[one.id] if spaces[one.id] else None
        for one in compounds
    }
    unserved = any(ratios[one.id] is None and demand.get(one.id) for one in compounds)
    known = [ratio for ratio in ratios.values() if ratio is not None]
    total = sum(held.values())
    walked = sum(part * metres[key] for key, part in held.items())
    return Fairness(
        spaces={key: float(part) for key, part in spaces.items()},
        ratios={key: None if one is None else float(one) for key, one in ratios.items()},
        worst=None if unserved or not known else float(max(known)),
        metres_per_car=float(walked / total) if total else None,
    )


def held_all_day(openings: Sequence[Opening]) -> dict[tuple[int, int], Fraction]:
    """Return the spaces of each compound in each zone that it has all day.

    Where a zone is open to more than it holds, each gets its part.
    """
    claims: dict[int, dict[int, int]] = {}
    capacity: dict[int, int] = {}
    for one in openings:
        if one.starts is None:
            claims.setdefault(one.zone_id, {})[one.compound_id] = one.open_spaces
            capacity[one.zone_id] = one.zone.spaces
    held: dict[tuple[int, int], Fraction] = {}
    for zone, here in claims.items():
        claimed = sum(here.values())
        for compound, spaces in here.items():
            part = min(Fraction(1), Fraction(capacity[zone], claimed)) if claimed else Fraction(0)
            held[compound, zone] = spaces * part
    return held
