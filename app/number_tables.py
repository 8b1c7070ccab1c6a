"""The tables of the numbers' page, in the reader's words, and the charts drawn from the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.charts import Bar, Line, bars, lines
from app.languages import name_of
from app.table_files import PageTable, Share
from permits.stocktaking import LONG_TERM_DAYS, WINDOW_DAYS, Stock
from permits.what_if import LIMITS, Fullness, permits_under
from zones.communities import Compound

MANY_CARS = 4
"""Households with so many cars or more are told together."""


@dataclass(frozen=True)
class Figure:
    """A chart, what it shows in a sentence, and its table."""

    table: PageTable
    words: str
    chart: Markup


def _label(compound: Compound) -> str:
    return f"{compound.letter} · {name_of(compound)}"


def _households(cars: int) -> str:
    if cars >= MANY_CARS:
        return _("%(count)s+ cars", count=MANY_CARS)
    return ngettext("%(num)s car", "%(num)s cars", cars)


def households(stocks: Sequence[Stock]) -> Figure:
    """Return how many households have one car, two, three, and more."""
    sizes = range(1, MANY_CARS + 1)
    counted = {
        one.compound.id: [
            sum(
                count
                for cars, count in one.households.items()
                if cars == size or (size == MANY_CARS and cars > size)
            )
            for size in sizes
        ]
        for one in stocks
    }
    table = PageTable(
        "households",
        _("How many cars a household has"),
        [
            _("Compound"),
            *(_households(size) for size in sizes),
            _("Households"),
            _("Cars without a flat"),
        ],
        [
            [
                _label(one.compound),
                *counted[one.compound.id],
                sum(counted[one.compound.id]),
                one.without_household,
            ]
            for one in stocks
        ],
    )
    chart = bars(
        table.title,
        [
            Bar(
                _label(one.compound),
                [
                    (count, f"step-{size}")
                    for size, count in zip(sizes, counted[one.compound.id], strict=True)
                ],
                str(sum(counted[one.compound.id])),
            )
            for one in stocks
        ],
        [(_households(size), f"step-{size}") for size in sizes],
    )
    words = _("Households that have a car, by the number of their cars.")
    return Figure(table, words, chart)


def use(stocks: Sequence[Stock], first_day: date | None) -> Figure:
    """Return which cars pass the gates day after day, and which do not.

    Args:
        first_day: the day of the first pass in the window, None where nothing passed.
    """
    kinds = (_("Long-term"), _("Occasional"), _("Not seen"))
    rows = [(one, (one.use.long_term, one.use.occasional, one.use.not_seen)) for one in stocks]
    table = PageTable(
        "use",
        _("Long-term and occasional"),
        [_("Compound"), *kinds, _("Long-term share")],
        [
            [_label(one.compound), *each, Share(one.use.long_term, one.vehicles)]
            for one, each in rows
        ],
    )
    classes = ("step-3", "step-2", "step-1")
    chart = bars(
        table.title,
        [
            Bar(
                _label(one.compound),
                list(zip(each, classes, strict=True)),
                str(one.vehicles),
            )
            for one, each in rows
        ],
        list(zip(kinds, classes, strict=True)),
    )
    words = _(
        "By the gates' records of the last %(window)s days, the first of %(first_day)s: long-term "
        "is a car that passed on %(days)s days or more, occasional one that passed on fewer.",
        window=WINDOW_DAYS,
        first_day=first_day,
        days=LONG_TERM_DAYS,
    )
    if first_day is None:
        words = _("No pass was recorded in the last %(window)s days.", window=WINDOW_DAYS)
    return Figure(table, words, chart)


def _new_energy_share(stock: Stock) -> Share:
    return Share(stock.new_energy, stock.vehicles)


def energy(stocks: Sequence[Stock]) -> Figure:
    """Return the share of new-energy cars, by their plates."""
    table = PageTable(
        "energy",
        _("New energy"),
        [_("Compound"), _("Vehicles"), _("New energy"), _("Share")],
        [
            [
                _label(one.compound),
                one.vehicles,
                one.new_energy,
                Share(one.new_energy, one.vehicles),
            ]
            for one in stocks
        ],
    )
    chart = bars(
        table.title,
        [
            Bar(
                _label(one.compound),
                [(_new_energy_share(one).value or 0, "step-3")],
                str(_new_energy_share(one)),
            )
            for one in stocks
        ],
        longest=1,
    )
    return Figure(table, _("Cars whose plate is a new-energy one, of all cars."), chart)


def demand(stocks: Sequence[Stock]) -> Figure:
    """Return the cars of each colour beside the spaces open to it."""
    table = PageTable(
        "demand",
        _("Demand against spaces"),
        [
            _("Compound"),
            _("Cars that need a space"),
            _("Permits in force"),
            _("Spaces"),
            _("Cars to spaces"),
        ],
        [
            [
                _label(one.compound),
                one.demand,
                one.permits,
                one.spaces,
                Share(one.demand, one.spaces),
            ]
            for one in stocks
        ],
    )
    chart = bars(
        table.title,
        [
            Bar(
                _label(one.compound),
                [(one.demand, f"permit-{one.compound.colour.key}")],
                f"{one.demand} / {one.spaces}",
                mark=one.spaces,
            )
            for one in stocks
        ],
    )
    words = _(
        "The bar is the cars that need a space, the upright line the spaces that the plan in "
        "force opens to the colour all day."
    )
    return Figure(table, words, chart)


def months(stocks: Sequence[Stock], told: Sequence[tuple[date, Mapping[int, int]]]) -> Figure:
    """Return the registered cars at the end of the last months."""
    names = [f"{first:%Y-%m}" for first, _cars in told]
    table = PageTable(
        "months",
        _("Month by month"),
        [_("Month"), *(one.compound.letter for one in stocks), _("Together")],
        [
            [name, *(cars.get(one.compound.id, 0) for one in stocks), sum(cars.values())]
            for name, (_first, cars) in zip(names, told, strict=True)
        ],
    )
    chart = lines(
        table.title,
        names,
        [
            Line(
                one.compound.letter,
                [cars.get(one.compound.id, 0) for _first, cars in told],
                f"permit-{one.compound.colour.key}",
            )
            for one in stocks
        ],
    )
    return Figure(table, _("Registered cars at the end of each month."), chart)


def limits(stocks: Sequence[Stock]) -> PageTable:
    """Return how many permits each compound would get under each limit."""
    each = (*LIMITS, None)
    rows: list[list[str | int | float | Share]] = [
        [_label(one.compound), *(permits_under(one, limit) for limit in each), one.spaces]
        for one in stocks
    ]
    together = [sum(permits_under(one, limit) for one in stocks) for limit in each]
    rows.append([_("Together"), *together, sum(one.spaces for one in stocks)])
    return PageTable(
        "limits",
        _("Permits under each limit"),
        [
            _("Compound"),
            *(f"≤ {limit}" for limit in LIMITS),
            _("No limit"),
            _("Spaces"),
        ],
        rows,
    )


def zones(full: Sequence[Fullness]) -> Figure:
    """Return how full each zone becomes under the chosen limits."""
    table = PageTable(
        "zones",
        _("How full each zone becomes"),
        [_("Zone"), _("Spaces"), _("Cars"), _("Cars to spaces")],
        [
            [
                f"{one.zone.code} · {name_of(one.zone)}",
                one.zone.spaces,
                round(one.cars),
                Share(one.cars, one.zone.spaces),
            ]
            for one in full
        ],
    )
    chart = bars(
        table.title,
        [
            Bar(
                f"{one.zone.code} · {name_of(one.zone)}",
                [(one.cars, "step-3")],
                f"{round(one.cars)} / {one.zone.spaces}",
                mark=one.zone.spaces,
            )
            for one in full
        ],
    )
    words = _(
        "If every car had its permit under these limits and the cars of a colour spread evenly "
        "over its spaces. The upright line is the zone's spaces."
    )
    return Figure(table, words, chart)
