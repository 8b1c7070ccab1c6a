"""Taking stock: how many cars really live here, and which of them are here day after day.

Only numbers come out: no plate and no household.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, extract, func, or_, select
from sqlalchemy.orm import Session

from permits.counts import counts_of
from permits.demand import demand_of
from permits.own_space import has_own_space
from permits.passes import GateEvent
from permits.plate_forms import PlateKind
from permits.vehicles import Vehicle, VehicleState
from zones.communities import Community, Compound, Gate
from zones.plans import ZonePlan

WINDOW_DAYS = 90
"""Over so many days back a car's days at the gates are counted, today included."""

LONG_TERM_DAYS = 30
"""A car that passed a gate on so many days of the window lives here; one on fewer comes by."""

_NEW_ENERGY = (PlateKind.NEW_ENERGY_SMALL, PlateKind.NEW_ENERGY_LARGE)
_DAY_S = 24 * 60 * 60


@dataclass(frozen=True)
class Use:
    """How often a compound's registered cars passed the gates, in cars.

    Attributes:
        long_term: on at least `LONG_TERM_DAYS` days of the window.
        occasional: on fewer.
        not_seen: on none, though the gates recorded others.
    """

    long_term: int
    occasional: int
    not_seen: int


@dataclass(frozen=True)
class Stock:
    """One compound's numbers.

    Attributes:
        households: how many households have how many cars, by the number of cars.
        without_household: cars for which no flat is known.
        sharing: as `households`, of the cars alone that have no space of their own.
        sharing_without_household: as `without_household`, of those cars alone.
        demand: cars that need a space of the compound's zones (see `permits.demand`).
        spaces: spaces open all day to its colour by the plan in force.
    """

    compound: Compound
    vehicles: int
    households: Mapping[int, int]
    without_household: int
    sharing: Mapping[int, int]
    sharing_without_household: int
    own_spaces: int
    new_energy: int
    use: Use
    permits: int
    demand: int
    spaces: int


def take_stock(
    session: Session, community: Community, plan: ZonePlan | None, at: datetime
) -> list[Stock]:
    """Return every compound's numbers at a moment, by letter.

    Args:
        plan: the zone plan in force.
    """
    households = _households(session, community)
    sharing = _households(session, community, ~has_own_space())
    use = _use(session, community, at)
    new_energy = dict(
        session.execute(
            select(Vehicle.compound_id, func.count())
            .where(_active(community), Vehicle.kind.in_(_NEW_ENERGY))
            .group_by(Vehicle.compound_id)
        ).all()
    )
    demand = demand_of(session, community)
    return [
        Stock(
            compound=one.compound,
            vehicles=one.vehicles,
            households=_of_households(households, one.compound),
            without_household=households.get(one.compound.id, {}).get(None, 0),
            sharing=_of_households(sharing, one.compound),
            sharing_without_household=sharing.get(one.compound.id, {}).get(None, 0),
            own_spaces=one.own_spaces,
            new_energy=new_energy.get(one.compound.id, 0),
            use=use[one.compound.id],
            permits=one.permits_in_force,
            demand=demand[one.compound.id],
            spaces=one.spaces,
        )
        for one in counts_of(session, community, plan)
    ]


def _active(community: Community) -> ColumnElement[bool]:
    return and_(Vehicle.community_id == community.id, Vehicle.state == VehicleState.ACTIVE)


def _of_households(
    counted: Mapping[int, Mapping[int | None, int]], compound: Compound
) -> dict[int, int]:
    found = counted.get(compound.id, {})
    return {cars: count for cars, count in found.items() if cars is not None}


def _households(
    session: Session, community: Community, *which: ColumnElement[bool]
) -> dict[int, dict[int | None, int]]:
    """Return households by compound and number of cars; None stands for cars without one."""
    each = (
        select(
            Vehicle.compound_id.label("compound_id"),
            Vehicle.household_id.label("household_id"),
            func.count().label("cars"),
        )
        .where(_active(community), *which)
        .group_by(Vehicle.compound_id, Vehicle.household_id)
        .subquery()
    )
    known = each.c.household_id.is_not(None)
    counted = select(
        each.c.compound_id,
        case((known, each.c.cars)).label("cars"),
        # Of cars without a household the cars count, of households the households.
        func.sum(case((known, 1), else_=each.c.cars)),
    ).group_by(each.c.compound_id, case((known, each.c.cars)))
    found: dict[int, dict[int | None, int]] = {}
    for compound_id, cars, count in session.execute(counted):
        found.setdefault(compound_id, {})[cars] = int(count)
    return found


def _use(session: Session, community: Community, at: datetime) -> dict[int, Use]:
    today = community.local_day(at)
    since = at - timedelta(days=WINDOW_DAYS)
    ahead = at.astimezone(community.zone_info).utcoffset() or timedelta()
    # Whole local days since 1970; where clocks are changed, an hour of the window is off by a day.
    day = (cast(extract("epoch", GateEvent.at), BigInteger) + int(ahead.total_seconds())) // _DAY_S
    first = (today - date(1970, 1, 1)).days - WINDOW_DAYS + 1
    gates = select(Gate.id).where(Gate.community_id == community.id)
    seen = (
        select(
            GateEvent.plate.label("plate"),
            func.count(func.distinct(day)).label("days"),
        )
        .where(
            GateEvent.gate_id.in_(gates),
            GateEvent.at > since - timedelta(days=1),
            day >= first,
            GateEvent.let_through,
            GateEvent.plate.is_not(None),
        )
        .group_by(GateEvent.plate)
        .subquery()
    )
    is_long_term = seen.c.days >= LONG_TERM_DAYS
    counted = session.execute(
        select(
            Vehicle.compound_id,
            func.count(),
            func.count(seen.c.days),
            func.sum(case((is_long_term, 1), else_=0)),
        )
        .outerjoin(seen, seen.c.plate == Vehicle.plate)
        .where(_active(community))
        .group_by(Vehicle.compound_id)
    )
    use = {compound.id: Use(0, 0, 0) for compound in community.compounds}
    for compound_id, cars, passed, long_term in counted:
        use[compound_id] = Use(int(long_term), passed - int(long_term), cars - passed)
    return use


def first_pass_day(session: Session, community: Community, at: datetime) -> date | None:
    """Return the local day of the window's first pass, None where no gate recorded any."""
    gates = select(Gate.id).where(Gate.community_id == community.id)
    since = at - timedelta(days=WINDOW_DAYS)
    first = session.scalar(
        select(func.min(GateEvent.at)).where(GateEvent.gate_id.in_(gates), GateEvent.at > since)
    )
    return community.local_day(first) if first else None


def vehicles_by_month(
    session: Session, community: Community, at: datetime, months: int = 12
) -> list[tuple[date, dict[int, int]]]:
    """Return each compound's registered cars at the end of the last months, the oldest first.

    The last one is the present month, as it stands at the moment.

    Returns:
        the month's first day, and cars by compound id.
    """
    firsts = _last_months(community.local_day(at), months)
    ends = [_midnight(_month_after(first), community) for first in firsts[:-1]] + [at]
    here = [
        func.sum(
            case(
                (
                    and_(
                        Vehicle.added_at <= end,
                        or_(Vehicle.removed_at.is_(None), Vehicle.removed_at > end),
                    ),
                    1,
                ),
                else_=0,
            )
        )
        for end in ends
    ]
    rows = session.execute(
        select(Vehicle.compound_id, *here)
        .where(Vehicle.community_id == community.id)
        .group_by(Vehicle.compound_id)
    ).all()
    return [
        (first, {row[0]: int(row[place]) for row in rows})
        for place, first in enumerate(firsts, start=1)
    ]


def _last_months(today: date, months: int) -> list[date]:
    firsts = [today.replace(day=1)]
    while len(firsts) < months:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[::-1]


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date, community: Community) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=community.zone_info)
