"""Who is inside: cars that came in and did not leave, by the passes of every gate together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from permits.counts import spaces_by_compound
from permits.passes import Direction, GateEvent, PassKind
from permits.permit import IN_FORCE, Permit
from permits.visitor_pass import VisitorPass
from zones.communities import Community, Compound, Gate
from zones.plans import ZonePlan

LONGEST_STAY = timedelta(days=30)
"""An entry older than this without an exit is taken for an exit that nobody recorded."""

MOST_SHOWN = 200
"""Cars of a list on one page."""


@dataclass(frozen=True)
class CompoundInside:
    """One colour's cars inside, beside its spaces.

    Attributes:
        residents: cars of the compound's register.
        visitors: cars that visit its households.
        spaces: spaces open to it all day by the plan in force.
    """

    compound: Compound
    residents: int
    visitors: int
    spaces: int

    @property
    def cars(self) -> int:
        """All cars of the colour."""
        return self.residents + self.visitors


@dataclass(frozen=True)
class Inside:
    """The cars inside.

    Attributes:
        compounds: by letter.
        drop_offs: deliveries and taxis that name no host.
        services: police, rescue and armed forces.
        others: let in without permit, visit or drop-off.
    """

    compounds: list[CompoundInside]
    drop_offs: int
    services: int
    others: int

    @property
    def cars(self) -> int:
        """All cars."""
        return sum(one.cars for one in self.compounds) + self.without_colour

    @property
    def without_colour(self) -> int:
        """Cars of no compound."""
        return self.drop_offs + self.services + self.others


@dataclass(frozen=True)
class Overstay:
    """A visitor's car that is inside although the visit is over.

    Attributes:
        ended_at: when the visit was over or cancelled.
        came_at: when the car came in.
    """

    visit: VisitorPass
    ended_at: datetime
    came_at: datetime


@dataclass(frozen=True)
class SeenCar:
    """A car without permit and visit, as today's passes show it."""

    plate: str
    passes: int
    let_through: bool
    first_at: datetime
    last_at: datetime


def who_is_inside(
    session: Session, community: Community, plan: ZonePlan | None, at: datetime
) -> Inside:
    """Return how many cars are inside at a moment, per colour and of no colour."""
    last, plates = aliased(GateEvent), _plates()
    cars: dict[tuple[int | None, str], int] = {
        (compound_id, kind): count
        for compound_id, kind, count in session.execute(
            select(last.compound_id, last.kind, func.count())
            .select_from(plates)
            .join(last, last.id == _last_pass_of(plates.c.plate, community, at))
            .where(last.direction == Direction.IN, last.at > at - LONGEST_STAY)
            .group_by(last.compound_id, last.kind)
        )
    }
    spaces = spaces_by_compound(plan)
    compounds = [
        CompoundInside(
            compound=one,
            residents=cars.get((one.id, PassKind.CAR), 0),
            visitors=cars.get((one.id, PassKind.VISITOR), 0),
            spaces=spaces.get(one.id, 0),
        )
        for one in community.compounds
    ]

    def of_kind(kind: PassKind) -> int:
        return sum(count for (_compound, one), count in cars.items() if one == kind)

    drop_offs, services = of_kind(PassKind.DROP_OFF), of_kind(PassKind.SERVICE)
    named = sum(one.cars for one in compounds) + drop_offs + services
    return Inside(compounds, drop_offs, services, others=sum(cars.values()) - named)


def overstays(
    session: Session, community: Community, at: datetime, limit: int = MOST_SHOWN
) -> list[Overstay]:
    """Return the visitors who are inside although their visit is over, the longest over first.

    Who has a permit by now, or another visit, may stay.
    """
    last = aliased(GateEvent)
    ended_at = _ended_at()
    other = aliased(VisitorPass)
    current = select(other.id).where(
        other.community_id == community.id,
        other.plate == VisitorPass.plate,
        other.cancelled_at.is_(None),
        other.valid_from <= at,
        other.valid_to > at,
    )
    permit = select(Permit.id).where(
        Permit.community_id == community.id,
        Permit.plate == VisitorPass.plate,
        Permit.state.in_(IN_FORCE),
        Permit.valid_to >= community.local_day(at),
    )
    rows = session.execute(
        select(VisitorPass, ended_at, last.at)
        .join(last, last.id == _last_pass_of(VisitorPass.plate, community, at))
        .where(
            VisitorPass.community_id == community.id,
            VisitorPass.valid_to > at - LONGEST_STAY,
            ended_at <= at,
            last.direction == Direction.IN,
            # A car that came in after its visit is a car without a permit.
            last.at < ended_at,
            last.at > at - LONGEST_STAY,
            ~current.exists(),
            ~permit.exists(),
        )
        .order_by(ended_at.desc())
        .limit(limit)
    )
    latest: dict[str, Overstay] = {}
    for visit, ended, came in rows:
        latest.setdefault(visit.plate, Overstay(visit, ended, came))
    return sorted(latest.values(), key=lambda one: one.ended_at)


def _ended_at() -> ColumnElement[datetime]:
    return func.coalesce(VisitorPass.cancelled_at, VisitorPass.valid_to)


def cars_without_permit(
    session: Session, community: Community, at: datetime, limit: int = MOST_SHOWN
) -> list[SeenCar]:
    """Return the cars that today's passes show without permit and visit, the last seen first.

    A car whose permit has ended since is one of them, a drop-off and a fire engine are not.
    """
    today = community.local_day(at)
    rows = session.execute(
        select(
            GateEvent.plate,
            func.count(),
            func.max(case((GateEvent.let_through, 1), else_=0)),
            func.min(GateEvent.at),
            func.max(GateEvent.at).label("last_at"),
        )
        .outerjoin(Permit, GateEvent.permit_id == Permit.id)
        .outerjoin(VisitorPass, GateEvent.visitor_pass_id == VisitorPass.id)
        .where(
            GateEvent.gate_id.in_(_gates(community)),
            GateEvent.at >= datetime.combine(today, time(), community.zone_info),
            GateEvent.at <= at,
            GateEvent.plate.is_not(None),
            or_(
                Permit.id.is_(None),
                Permit.state.not_in(IN_FORCE),
                Permit.valid_to < today,
            ),
            or_(
                and_(GateEvent.kind == PassKind.CAR, VisitorPass.id.is_(None)),
                # The car's visit was over when it came.
                _ended_at() <= GateEvent.at,
            ),
        )
        .group_by(GateEvent.plate)
        .order_by(func.max(GateEvent.at).desc(), GateEvent.plate)
        .limit(limit)
    )
    return [
        SeenCar(plate, passes, bool(let_through), first_at, last_at)
        for plate, passes, let_through, first_at, last_at in rows
        if plate is not None
    ]


def _plates() -> CTE:
    """Return every plate that passed, once.

    The index gives each next plate at one look-up: grouping a million passes takes fifty times as
    long as stepping from plate to plate.
    """
    plates = select(func.min(GateEvent.plate).label("plate")).cte("plates", recursive=True)
    later = aliased(GateEvent)
    following = (
        select(func.min(later.plate))
        .where(later.plate > plates.c.plate)
        .correlate(plates)
        .scalar_subquery()
    )
    return plates.union_all(select(following).where(plates.c.plate.is_not(None)))


def _last_pass_of(plate: Any, community: Community, at: datetime) -> ScalarSelect[int]:
    """Return the id of the last pass by which a plate was let through, over all gates."""
    passed = aliased(GateEvent)
    return (
        select(passed.id)
        .where(
            passed.plate == plate,
            passed.let_through,
            passed.gate_id.in_(_gates(community)),
            passed.at <= at,
        )
        .order_by(passed.at.desc(), passed.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _gates(community: Community) -> Select[int]:
    return select(Gate.id).where(Gate.community_id == community.id)
