"""Issuing permits: one for each active vehicle that has none, and replacements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from permits.changes import mark, stamp
from permits.ending import expire, giving_way_to, retire
from permits.making import Maker, NoSigningKey, Wanted, issued_act
from permits.permit import IN_FORCE, Permit, PermitState, WrongPermitState
from permits.plates import PlateKind
from permits.vehicles import Vehicle, VehicleState
from records import ledger
from records.batches import batches
from records.keys import KeyStore
from records.statistics import count_anew
from zones.communities import Community, Compound, hold

__all__ = ("NoSigningKey", "hand_over", "issue", "lacks_permit", "replace")


def issue(
    session: Session,
    community: Community,
    compound: Compound | None = None,
    *,
    keys: KeyStore,
    actor: str,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Issue a permit for every active vehicle that has none in force; return the serials.

    Permits begin on the community's present day and last its `permit_days`. Permits whose days
    are over are marked expired first, so that their vehicles get a new one.

    Args:
        compound: only this compound's vehicles; None for all compounds.
        keys: where the private half of the signing key is.
        progress: told of (done, total) vehicles.

    Raises:
        NoSigningKey: no key was ever made, or all are retired.
        KeyMissing, KeyTooOpen: see `records.keys.KeyStore.private`.
    """
    hold(session, community.id)
    maker = Maker(session, community, keys, at)
    expire(session, community, actor=actor, at=at)
    wanted = (
        select(Vehicle.id, Vehicle.plate, Compound.id, Compound.number, Compound.letter)
        .join(Compound, Vehicle.compound_id == Compound.id)
        .where(Vehicle.community_id == community.id, lacks_permit())
        .order_by(Compound.letter, Vehicle.household_id, Vehicle.id)
    )
    if compound is not None:
        wanted = wanted.where(Vehicle.compound_id == compound.id)
    vehicles = session.execute(wanted).all()
    valid_from = community.local_day(at)
    valid_to = valid_from + timedelta(days=community.permit_days - 1)
    serials: list[str] = []
    for batch in batches(vehicles):
        serials += maker.insert(Wanted(*vehicle, valid_from, valid_to) for vehicle in batch)
        if progress is not None:
            progress(len(serials), len(vehicles))
    count_anew(session, len(serials), "permits")
    acts = [issued_act(one, valid_from, valid_to, maker.key_id) for one in serials]
    stamp(session, ledger.append(session, actor, acts, at))
    return serials


def lacks_permit() -> ColumnElement[bool]:
    """Return the condition that a vehicle is active, needs a permit and has none in force."""
    in_force = select(Permit.id).where(Permit.vehicle_id == Vehicle.id, Permit.state.in_(IN_FORCE))
    return and_(
        Vehicle.state == VehicleState.ACTIVE,
        # Gates let the forces pass without one, and their plates need not fit a token.
        Vehicle.kind.not_in((PlateKind.MILITARY, PlateKind.ARMED_POLICE)),
        ~in_force.exists(),
    )


def replace(
    session: Session,
    permit: Permit,
    reason: str,
    *,
    keys: KeyStore,
    actor: str,
    at: datetime,
) -> Permit:
    """Replace a lost or spoiled permit by a new one, which is returned.

    The new one lasts as long as the old one would have; the old serial is refused from now on. What
    gave way to the old one gives way to the new one. Of a permit that gives way itself the new one
    is there already.

    Args:
        keys: where the private half of the signing key is.

    Raises:
        WrongPermitState: the permit has ended already, or its days are over.
        NoSigningKey: there is no key to sign with.
        KeyMissing, KeyTooOpen: see `records.keys.KeyStore.private`.
    """
    community = session.get_one(Community, permit.community_id)
    hold(session, community.id, permit)
    if permit.state not in IN_FORCE:
        raise WrongPermitState(serial=permit.serial, state=permit.state)
    today = community.local_day(at)
    if permit.valid_to < today:
        raise WrongPermitState(serial=permit.serial, state=PermitState.EXPIRED)
    if permit.gives_way_to is not None:
        stamp(session, retire(session, [permit], reason, actor=actor, at=at))
        return permit.gives_way_to
    maker = Maker(session, community, keys, at)
    permit.state, permit.ended_at, permit.end_reason = PermitState.REPLACED, at, reason[:200]
    mark(permit)
    # The old one must have ended before the vehicle may have another (a unique index says so).
    session.flush()
    new = maker.add(
        Wanted.of(permit.vehicle_id, permit.plate, permit.compound, today, permit.valid_to)
    )
    permit.replaced_by = new
    for one in giving_way_to(session, [permit.id]):
        one.gives_way_to = new
    acts = [
        ledger.Act(
            "permit.replaced",
            f"permit:{permit.serial}",
            {"letter": permit.serial[0], "by": new.serial},
        ),
        issued_act(new.serial, new.valid_from, new.valid_to, maker.key_id),
    ]
    stamp(session, ledger.append(session, actor, acts, at))
    return new


def hand_over(session: Session, permits: list[Permit], *, actor: str, at: datetime) -> int:
    """Mark printed permits as handed over to their owners, and return how many were.

    What gave way to them is refused from now on. Permits that were handed over before are left
    alone. Either all are marked or none.

    Raises:
        WrongPermitState: a permit is not printed yet, or has ended.
    """
    for community_id in sorted({permit.community_id for permit in permits}):
        hold(session, community_id)
    for batch in batches(permit.id for permit in permits):
        session.scalars(
            select(Permit).where(Permit.id.in_(batch)),
            execution_options={"populate_existing": True},
        ).all()
    fresh = [permit for permit in dict.fromkeys(permits) if permit.state != PermitState.HANDED_OVER]
    for permit in fresh:
        if permit.state != PermitState.PRINTED:
            raise WrongPermitState(serial=permit.serial, state=permit.state)
    for permit in fresh:
        permit.state, permit.handed_over_at = PermitState.HANDED_OVER, at
    acts = [
        ledger.Act("permit.handed_over", f"permit:{permit.serial}", {"letter": permit.serial[0]})
        for permit in fresh
    ]
    ledger.append(session, actor, acts, at)
    ended = giving_way_to(session, (permit.id for permit in fresh))
    if ended:
        stamp(session, retire(session, ended, "new_card_handed_over", actor=actor, at=at))
    return len(fresh)
