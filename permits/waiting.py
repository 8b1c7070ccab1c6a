"""The waiting list of a compound: who stands on it, in turn, and giving a place that is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import case, insert, select, update
from sqlalchemy.orm import Session

from permits.allotting import WhyNoRoom, allot, in_turn
from permits.changes import stamp
from permits.limits import claim_of, limits_of, taken_of
from permits.plate_list import PlateListRow
from permits.reviewing import HouseholdKey
from permits.vehicles import Vehicle, VehicleState
from permits.waiting_car import ClaimState, WaitingCar, waiting_query
from records import ledger
from records.batches import batches
from records.errors import DomainError
from zones.communities import Community, Compound, hold


class NotWaiting(DomainError):
    """The car `plate` stands on no waiting list any more."""

    code: ClassVar[str] = "not_waiting"
    status: ClassVar[int] = 409


class NoPlaceFree(DomainError):
    """There is no place for the car `plate`: its limit, or others before it, take them all."""

    code: ClassVar[str] = "no_place_free"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Turn:
    """A waiting car's place in the queue.

    Attributes:
        position: from 1.
        cars: how many cars its household or resident has now.
        why: why it waits, None where a place is free for it.
    """

    car: WaitingCar
    position: int
    cars: int
    why: WhyNoRoom | None


def turns(session: Session, compound: Compound) -> list[Turn]:
    """Return a compound's waiting list in the order in which places are given."""
    limits = limits_of(session, compound)
    cars = {one.plate: one for one in session.scalars(waiting_query(compound))}
    taken = taken_of(session, compound, limits)
    claims = [claim_of(limits, one) for one in cars.values()]
    without = allot(limits, taken, claims).without
    return [
        Turn(
            car=cars[claim.plate],
            position=position,
            cars=taken.by_unit.get(claim.unit, 0),
            why=without.get(claim.plate),
        )
        for position, (claim, _) in enumerate(in_turn(limits, taken.by_unit, claims), start=1)
    ]


def queue(
    session: Session,
    compound: Compound,
    rows: Sequence[PlateListRow],
    households: Mapping[HouseholdKey, int],
    *,
    since: datetime,
) -> int:
    """Put the cars of a list's rows on the waiting list, and return how many are new on it.

    A car that waits already keeps its date.

    Args:
        households: ids of the households that the rows name.
    """
    waiting = set(
        session.scalars(
            select(WaitingCar.plate).where(
                WaitingCar.compound_id == compound.id, WaitingCar.state == ClaimState.WAITING
            )
        )
    )
    new = [row for row in rows if row.plate not in waiting]
    for batch in batches(new):
        values: list[dict[str, Any]] = [
            {
                "community_id": compound.community_id,
                "compound_id": compound.id,
                "household_id": households.get((row.building, row.unit, row.room)),
                "plate": row.plate,
                "kind": row.kind,
                "owner_sealed": row.owner_sealed,
                "phone_sealed": row.phone_sealed,
                "details_digest": row.details_digest,
                "since": since,
            }
            for row in batch
        ]
        session.execute(insert(WaitingCar), values)
    return len(new)


def give_place(session: Session, car: WaitingCar, *, actor: str, at: datetime) -> Vehicle:
    """Register a waiting car for which a place is free, and return it as a vehicle.

    Raises:
        NotWaiting: its claim has ended, or some compound has the car.
        NoPlaceFree: there is no place for it now.
    """
    hold(session, car.community_id, car)
    turn = next((one for one in turns(session, car.compound) if one.car.id == car.id), None)
    if turn is None:
        raise NotWaiting(plate=car.plate)
    if turn.why is not None:
        raise NoPlaceFree(plate=car.plate)
    vehicle = Vehicle(
        community_id=car.community_id,
        compound=car.compound,
        household_id=car.household_id,
        plate=car.plate,
        kind=car.kind,
        owner_sealed=car.owner_sealed,
        phone_sealed=car.phone_sealed,
        details_digest=car.details_digest,
        added_at=at,
    )
    session.add(vehicle)
    session.flush()
    close_claims(session, car.community_id, at)
    facts = {"letter": car.compound.letter, "claim": car.id}
    act = ledger.Act("place.given", f"vehicle:{vehicle.id}", facts)
    stamp(session, ledger.append(session, actor, [act], at))
    return vehicle


def withdraw_claim(session: Session, car: WaitingCar, *, actor: str, at: datetime) -> None:
    """Take a car off the waiting list; handed in again, it starts at the end.

    Raises:
        NotWaiting: its claim has ended.
    """
    hold(session, car.community_id, car)
    if car.state != ClaimState.WAITING:
        raise NotWaiting(plate=car.plate)
    car.state, car.ended_at = ClaimState.WITHDRAWN, at
    for name in _OF_WAITING:
        setattr(car, name, None)
    session.flush()
    facts = {"letter": car.compound.letter}
    act = ledger.Act("place.withdrawn", f"claim:{car.id}", facts)
    ledger.append(session, actor, [act], at)


def close_claims(session: Session, community_id: int, at: datetime) -> None:
    """End the claims of cars that are registered by now; what has ended keeps no name."""
    mine = select(Vehicle.compound_id).where(
        Vehicle.community_id == WaitingCar.community_id,
        Vehicle.plate == WaitingCar.plate,
        Vehicle.state == VehicleState.ACTIVE,
    )
    has_it = mine.scalar_subquery()
    session.execute(
        update(WaitingCar)
        .where(
            WaitingCar.community_id == community_id,
            WaitingCar.state == ClaimState.WAITING,
            mine.exists(),
        )
        .values(
            {
                "state": case(
                    (has_it == WaitingCar.compound_id, ClaimState.PLACED),
                    else_=ClaimState.ELSEWHERE,
                ),
                "ended_at": at,
                **dict.fromkeys(_OF_WAITING),
            }
        )
        .execution_options(synchronize_session="fetch")
    )


_OF_WAITING = ("owner_sealed", "phone_sealed", "details_digest", "place_since")


def find_places(session: Session, community: Community, at: datetime) -> None:
    """Note for which waiting cars a place is free now, for the office's inbox."""
    hold(session, community.id)
    close_claims(session, community.id, at)
    for compound in community.compounds:
        for turn in turns(session, compound):
            if turn.why is not None:
                turn.car.place_since = None
            elif turn.car.place_since is None:
                turn.car.place_since = at
