"""What if a household could have at most so many permits: how full would the zones become?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from permits.stocktaking import Stock
from zones.areas import Zone
from zones.plans import Opening

LIMITS = (1, 2, 3, 4, 5)
"""The limits that are compared."""


@dataclass(frozen=True)
class Fullness:
    """A zone, and how many cars would park there.

    Attributes:
        cars: a fraction, too, since a compound's cars are spread evenly over its spaces.
    """

    zone: Zone
    cars: float

    @property
    def share(self) -> float:
        """Cars to spaces: 1 is full, more cannot be."""
        return self.cars / self.zone.spaces if self.zone.spaces else 0.0


def sharing_under(stock: Stock, limit: int | None) -> int:
    """Return how many of a compound's cars share the zones with at most `limit` a household.

    Cars for which no household is known count each for themselves. Cars with a space of their own
    need none in a zone.

    Args:
        limit: at least 1; None for no limit.
    """
    cars = sum(
        count * (cars if limit is None else min(cars, limit))
        for cars, count in stock.sharing.items()
    )
    return cars + stock.sharing_without_household


def permits_under(stock: Stock, limit: int | None) -> int:
    """Return how many permits a compound's cars get with at most `limit` for each household.

    A car with a space of its own gets one whatever the limit.
    """
    return sharing_under(stock, limit) + stock.own_spaces


def fullness(openings: Iterable[Opening], sharing: Mapping[int, int]) -> list[Fullness]:
    """Return how full each zone becomes that a plan opens all day, by the zone's code.

    Each compound's cars spread evenly over all spaces open to it all day: where a driver
    really parks nobody can know. Spaces that are open for some hours only count for nothing.

    Args:
        openings: the plan's.
        sharing: how many cars of each compound share the zones, by its id.
    """
    all_day = [one for one in openings if one.starts is None]
    spaces: dict[int, int] = {}
    for one in all_day:
        spaces[one.compound_id] = spaces.get(one.compound_id, 0) + one.open_spaces
    zones = {one.zone_id: one.zone for one in all_day}
    cars = dict.fromkeys(zones, 0.0)
    for one in all_day:
        if spaces[one.compound_id]:
            part = one.open_spaces / spaces[one.compound_id]
            cars[one.zone_id] += sharing.get(one.compound_id, 0) * part
    return sorted((Fullness(zones[key], cars[key]) for key in zones), key=lambda one: one.zone.code)
