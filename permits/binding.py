"""Binding a car to a space of its own, and letting go of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from permits.own_space import OwnSpace, PaperKind, Tenure, space_of
from permits.vehicles import Vehicle, VehicleState
from records import ledger
from records.errors import DomainError
from records.sealed import Sealer
from zones.communities import Community, hold


class SpaceTaken(DomainError):
    """Other cars have the space `space`, which is for `cars` at a time."""

    code: ClassVar[str] = "space_taken"
    status: ClassVar[int] = 409


class HasOwnSpace(DomainError):
    """The car `plate` has a space of its own already."""

    code: ClassVar[str] = "has_own_space"
    status: ClassVar[int] = 409


class LeaseDaysWrong(DomainError):
    """A lease needs a last day, not before its first one and not in the past."""

    code: ClassVar[str] = "lease_days_wrong"


@dataclass(frozen=True)
class SpaceFacts:
    """What staff read from the paper.

    Attributes:
        garage: such as `B1`; may be empty.
        number: as painted on the ground.
        cars: how many cars may take turns on the space.
        paper_number: of the document; kept sealed, may be empty.
        first_day, last_day: of a lease.
    """

    garage: str
    number: str
    tenure: Tenure
    paper_kind: PaperKind
    paper_number: str = ""
    cars: int = 1
    first_day: date | None = None
    last_day: date | None = None


def bind(
    session: Session,
    vehicle: Vehicle,
    facts: SpaceFacts,
    *,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> OwnSpace:
    """Bind a car to a space of its own, which is returned; it needs no shared place from now on.

    Raises:
        HasOwnSpace: let go of the other space first.
        LeaseDaysWrong: see there.
        SpaceTaken: as many cars as it is for have it already.
    """
    community = session.get_one(Community, vehicle.community_id)
    hold(session, community.id, vehicle)
    if space_of(session, vehicle) is not None:
        raise HasOwnSpace(plate=vehicle.plate)
    is_lease = facts.tenure is Tenure.LEASED
    last_day = facts.last_day if is_lease else None
    if is_lease and (last_day is None or last_day < _earliest(facts, community, at)):
        raise LeaseDaysWrong
    garage, number = facts.garage.strip().upper(), facts.number.strip().upper()
    space = OwnSpace(
        community_id=community.id,
        vehicle=vehicle,
        garage=garage,
        number=number,
        cars=facts.cars,
        tenure=facts.tenure,
        paper_kind=facts.paper_kind,
        paper_sealed=sealer.seal(facts.paper_number) if facts.paper_number else None,
        first_day=facts.first_day if is_lease else None,
        last_day=last_day,
        added_at=at,
    )
    _require_free(session, space)
    session.add(space)
    session.flush()
    details = {"letter": vehicle.compound.letter, "tenure": facts.tenure, "cars": facts.cars}
    if last_day:
        details["last_day"] = str(last_day)
    _enter(session, "space.bound", vehicle, details, actor, at)
    return space


def release(session: Session, space: OwnSpace, *, actor: str, at: datetime) -> None:
    """Let a car go back to the shared zones and the compound's limits; it stays registered."""
    hold(session, space.community_id, space)
    if space.ended_at is None:
        _end(session, space, actor, at)


def take_along(session: Session, old: Vehicle, new: Vehicle) -> None:
    """Let a car that takes another one's place have its own space, too."""
    space = space_of(session, old)
    if space is not None:
        space.vehicle = new
        session.flush()


def end_leases(session: Session, community: Community, *, actor: str, at: datetime) -> int:
    """End leases whose last day is over, and spaces of cars that have left; return how many.

    Such a car counts for its compound's limits again and keeps its permit: what to do with one
    above a limit is for the office to say.
    """
    hold(session, community.id)
    over = session.scalars(
        select(OwnSpace)
        .join(Vehicle, OwnSpace.vehicle_id == Vehicle.id)
        .where(
            OwnSpace.community_id == community.id,
            OwnSpace.ended_at.is_(None),
            or_(OwnSpace.last_day < community.local_day(at), Vehicle.state != VehicleState.ACTIVE),
        )
        .order_by(OwnSpace.id)
    ).all()
    for space in over:
        _end(session, space, actor, at)
    return len(over)


def _earliest(facts: SpaceFacts, community: Community, at: datetime) -> date:
    today = community.local_day(at)
    return max(today, facts.first_day) if facts.first_day else today


def _require_free(session: Session, space: OwnSpace) -> None:
    others = session.scalars(
        select(OwnSpace.cars)
        .join(Vehicle, OwnSpace.vehicle_id == Vehicle.id)
        .where(
            OwnSpace.community_id == space.community_id,
            OwnSpace.garage == space.garage,
            OwnSpace.number == space.number,
            OwnSpace.ended_at.is_(None),
            Vehicle.state == VehicleState.ACTIVE,
        )
    ).all()
    most = min([space.cars, *others])
    if len(others) >= most:
        raise SpaceTaken(space=space.name, cars=most)


def _end(session: Session, space: OwnSpace, actor: str, at: datetime) -> None:
    space.ended_at, space.paper_sealed = at, None
    session.flush()
    letter = space.vehicle.compound.letter
    _enter(session, "space.released", space.vehicle, {"letter": letter}, actor, at)


def _enter(
    session: Session,
    act: str,
    vehicle: Vehicle,
    details: dict[str, object],
    actor: str,
    at: datetime,
) -> None:
    ledger.append(session, actor, [ledger.Act(act, f"vehicle:{vehicle.id}", details)], at)
