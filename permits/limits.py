"""A compound's limits: what it has agreed on, and whether one more car gets a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, and_, case, null, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from permits.allotting import Claim, CountsBy, Limits, Taken, Unit, WhyNoRoom, allot
from permits.own_space import has_own_space
from permits.vehicles import Household, Vehicle, VehicleState
from permits.waiting_car import WaitingCar, waiting_query
from records import ledger
from records.database import Base
from records.errors import DomainError
from zones.communities import Compound, hold

_WAYS = ", ".join(f"'{way}'" for way in CountsBy)


class LimitRules(Base):
    """What a compound has agreed on beside `Compound.vehicles_per_household`; may be missing."""

    __tablename__ = "limit_rules"
    __table_args__ = (
        CheckConstraint(f"counts_by IN ({_WAYS})", name="way_known"),
        CheckConstraint("places > 0", name="places_positive"),
        CheckConstraint(
            "places IS NOT NULL OR NOT first_cars_first", name="first_cars_need_places"
        ),
    )

    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"), primary_key=True)
    counts_by: Mapped[str] = mapped_column(String(10))
    first_cars_first: Mapped[bool]
    places: Mapped[int | None]


class FirstCarsNeedPlaces(DomainError):
    """Without a number of places nobody ever waits, so no car could come before another."""

    code: ClassVar[str] = "first_cars_need_places"


def limits_of(session: Session, compound: Compound) -> Limits:
    """Return what a compound has agreed on."""
    rules = session.get(LimitRules, compound.id)
    if rules is None:
        return Limits(compound.vehicles_per_household)
    return Limits(
        compound.vehicles_per_household,
        CountsBy(rules.counts_by),
        rules.first_cars_first,
        rules.places,
    )


def change_limits(
    session: Session, compound: Compound, limits: Limits, *, actor: str, at: datetime
) -> None:
    """Change a compound's limits; cars that have a place keep it.

    Raises:
        FirstCarsNeedPlaces: first cars come first, but there is no number of places.
    """
    if limits.first_cars_first and limits.places is None:
        raise FirstCarsNeedPlaces
    hold(session, compound.community_id, compound)
    compound.vehicles_per_household = limits.cars
    session.merge(
        LimitRules(
            compound_id=compound.id,
            counts_by=limits.counts_by,
            first_cars_first=limits.first_cars_first,
            places=limits.places,
        )
    )
    session.flush()
    details = {
        "letter": compound.letter,
        "vehicles_per_household": limits.cars,
        "counts_by": limits.counts_by,
        "first_cars_first": limits.first_cars_first,
        "places": limits.places,
    }
    act = ledger.Act("limits.changed", f"compound:{compound.number}", details)
    ledger.append(session, actor, [act], at)


RESIDENT = case(
    (
        and_(Vehicle.owner_sealed.is_not(None), Vehicle.phone_sealed.is_not(None)),
        Vehicle.details_digest,
    ),
    else_=null(),
)
"""A vehicle's resident as `Limits.unit` takes it."""


def taken_of(
    session: Session, compound: Compound, limits: Limits, leaving: Collection[str] = ()
) -> Taken:
    """Return the places that a compound's active cars take; nothing where no limit binds.

    A car with a space of its own takes none.

    Args:
        leaving: plates of cars that give their place up.
    """
    if not limits.bind:
        return Taken()
    gone = frozenset(leaving)
    cars = session.execute(
        select(Vehicle.plate, RESIDENT, Household.building, Household.unit, Household.room)
        .outerjoin(Household, Vehicle.household_id == Household.id)
        .where(
            Vehicle.compound_id == compound.id,
            Vehicle.state == VehicleState.ACTIVE,
            ~has_own_space(),
        )
    )
    by_unit: Counter[Unit] = Counter()
    in_all = 0
    for plate, resident, *household in cars:
        if plate in gone:
            continue
        in_all += 1
        unit = limits.unit((household[0], household[1], household[2] or ""), resident)
        if unit is not None:
            by_unit[unit] += 1
    return Taken(by_unit, in_all)


def claim_of(limits: Limits, car: WaitingCar) -> Claim:
    """Return a waiting car's claim to a place."""
    is_named = car.owner_sealed is not None and car.phone_sealed is not None
    household = car.household.key if car.household else ("", "", "")
    return Claim(car.plate, limits.unit(household, car.details_digest if is_named else None))


def waiting_claims(session: Session, compound: Compound, limits: Limits) -> list[Claim]:
    """Return the claims of a compound's waiting list by date; none where no limit binds."""
    if not limits.bind:
        return []
    return [claim_of(limits, car) for car in session.scalars(waiting_query(compound))]


def room(
    session: Session,
    compound: Compound,
    household: tuple[str, str, str],
    resident: bytes | None = None,
    *,
    plate: str = "",
    leaving: Collection[str] = (),
) -> WhyNoRoom | None:
    """Return why one more car of a household gets no place now, None where it gets one.

    It comes after those that wait already. A change of car need not ask: the new one takes over
    the place of the old one.

    Args:
        household: building, unit and room.
        resident: as `Limits.unit` takes it.
        plate: the car's; one that waits already has its turn.
        leaving: plates of cars that give their place up.
    """
    limits = limits_of(session, compound)
    claims = {one.plate: one for one in waiting_claims(session, compound, limits)}
    claims[plate] = Claim(plate, limits.unit(household, resident))
    taken = taken_of(session, compound, limits, leaving)
    return allot(limits, taken, claims.values()).without.get(plate)
