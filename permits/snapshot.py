"""What a gate's device needs to decide without a network: all of it, or what changed since.

No plate leaves in clear: a device gets salted, truncated hashes, enough to find the plate that a
guard types. The salt changes with every signing key.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, and_, func, or_, select, union
from sqlalchemy.orm import Session

from permits.facts import Facts, PlanFacts, facts_of
from permits.gate import CompoundSign
from permits.permit import IN_FORCE, Permit
from permits.register import CLOCK_TOLERANCE
from permits.token import DAY_ZERO
from permits.vehicles import Vehicle, VehicleState
from permits.visits import visits_around
from records.batches import batches
from records.keys import KeyStore
from records.ledger import LedgerEntry
from records.signing_keys import SigningKey
from zones.areas import zones_of
from zones.colours import BY_KEY
from zones.communities import Community, Gate

HASH_BYTES = 6
"""Of the SHA-256: of 50,000 plates two share a hash in one installation of 200,000."""

RECORD = struct.Struct(f">{HASH_BYTES}sBIHB")
"""A registered plate: its hash, compound and permit number (0: none), the permit's last day since
2020-01-01, and flags."""

NOT_YET_VALID = 1
"""The flag of a permit whose first day is to come."""


class _Days(NamedTuple):
    """A permit's number and days."""

    number: int
    first: date
    last: date


@dataclass(frozen=True)
class _Point:
    """Where in the ledger a snapshot stands, read in one statement.

    Attributes:
        key_id: the newest signing key's, 0 where there is none.
    """

    number: int
    hash: str | None
    key_id: int


def snapshot(
    session: Session,
    community: Community,
    *,
    gates: Sequence[Gate],
    keys: KeyStore,
    cursor: int | None,
    at: datetime,
) -> dict[str, Any]:
    """Return what a device has to know, as JSON can hold it.

    Args:
        gates: those at which the device's guard works.
        keys: where the salt comes from.
        cursor: the `cursor` of the device's last snapshot; None for everything. Everything is
            also given where the salt has changed since, and for a cursor of another ledger.
        at: now.
    """
    point = _point(session)
    facts = facts_of(session, community.id, point.hash)
    today = facts.local_day(at)
    if cursor is not None and not _is_good(session, cursor, point):
        cursor = None
    salt = keys.plate_salt(point.key_id)
    plan = facts.plan_on(today)
    later = [one for one in facts.plans if one.first_day > today]
    return {
        "cursor": point.number,
        "full": cursor is None,
        "as_of": at.isoformat(),
        "community": facts.number,
        "time_zone": facts.time_zone.key,
        "province": facts.province,
        "public_keys": {str(key_id): pem for key_id, pem in facts.public_pems.items()},
        "plans": [_plan(one) for one in (plan, *later)],
        "zones": [
            {"code": one.code, "name": one.name, "name_en": one.name_en, "spaces": one.spaces}
            for one in zones_of(session, community.id)
        ],
        "gates": [
            {"id": one.id, "code": one.code, "name": one.name, "name_en": one.name_en}
            for one in gates
        ],
        "ended": _ended(session, facts, cursor, at),
        "suspended": _suspended(session, facts, at),
        "salt": salt.hex(),
        "plates": _plates(session, community, facts, salt, cursor, at),
        "gone": _gone(session, community, salt, cursor),
        "visits": _visits(session, community, salt, at),
    }


def plate_hash(salt: bytes, plate: str) -> bytes:
    """Return what a device knows of a canonical plate."""
    return hashlib.sha256(salt + plate.encode()).digest()[:HASH_BYTES]


def packed(parts: Iterable[bytes]) -> str:
    """Return records or hashes in the order of their hashes, in base64."""
    return base64.b64encode(b"".join(sorted(parts))).decode()


def _point(session: Session) -> _Point:
    # First of all that is read: what comes later may be newer than the cursor, but not older.
    head = select(LedgerEntry.number, LedgerEntry.hash).order_by(LedgerEntry.number.desc()).limit(1)
    newest_key = select(func.max(SigningKey.id)).scalar_subquery()
    row = session.execute(head.add_columns(newest_key)).first()
    return _Point(row[0], row[1], row[2] or 0) if row else _Point(0, None, 0)


def _is_good(session: Session, cursor: int, point: _Point) -> bool:
    if not 0 < cursor <= point.number:
        return False
    rotated = select(LedgerEntry.number).where(
        LedgerEntry.act == "key.made", LedgerEntry.number > cursor
    )
    return session.scalar(rotated.limit(1)) is None


def _plan(plan: PlanFacts) -> dict[str, Any]:
    return {
        "number": plan.number,
        "first_day": plan.first_day.isoformat(),
        "compounds": {str(number): _sign(sign) for number, sign in plan.signs.items()},
    }


def _sign(sign: CompoundSign) -> dict[str, Any]:
    return {
        "number": sign.number,
        "name": sign.name,
        "name_en": sign.name_en,
        "letter": sign.letter,
        "colour": sign.colour,
        "shape": BY_KEY[sign.colour].shape,
        "zones": [
            {"zone": one.zone, "starts": _clock(one.starts), "ends": _clock(one.ends)}
            for one in sign.zones
        ],
    }


def _clock(moment: time | None) -> str | None:
    return f"{moment:%H:%M}" if moment is not None else None


def _ended(
    session: Session, facts: Facts, cursor: int | None, at: datetime
) -> list[list[int | str | None]]:
    """Return permits that end before their last day: by the day alone a device cannot tell.

    Of one that ends at a moment to come, as its car moves, the moment is the fourth thing said.
    """
    query = (
        select(Permit.number, Permit.state, Permit.replaced_by_id, Permit.ended_at)
        .where(
            Permit.compound_id.in_(facts.compound_numbers),
            Permit.state.not_in(IN_FORCE),
            Permit.valid_to >= facts.local_day(at),
        )
        .order_by(Permit.number)
    )
    if cursor is not None:
        query = query.where(Permit.changed > cursor)
    ended = session.execute(query).all()
    serials: dict[int | None, str] = {}
    for ids in batches({one.replaced_by_id for one in ended if one.replaced_by_id}):
        newer = select(Permit.id, Permit.serial).where(Permit.id.in_(ids))
        serials.update(session.execute(newer).tuples().all())
    return [
        [
            number,
            state,
            serials.get(replaced_by_id),
            *([ends.isoformat()] if ends and ends > at else []),
        ]
        for number, state, replaced_by_id, ends in ended
    ]


def _suspended(session: Session, facts: Facts, at: datetime) -> list[list[int | str]]:
    """Return the suspensions that go on, always all: they are few, and one that is lifted goes."""
    query = (
        select(Permit.number, Permit.suspended_from, Permit.suspended_until)
        .where(
            Permit.compound_id.in_(facts.compound_numbers),
            Permit.state.in_(IN_FORCE),
            Permit.suspended_until > at,
        )
        .order_by(Permit.number)
    )
    return [
        [number, starts.isoformat(), ends.isoformat()]
        for number, starts, ends in session.execute(query)
        if starts and ends
    ]


def _plates(
    session: Session,
    community: Community,
    facts: Facts,
    salt: bytes,
    cursor: int | None,
    at: datetime,
) -> str:
    """Return a record of every registered plate, or of those that a cursor does not have yet.

    Cars and permits are read by a statement each and put together here, as everywhere in this
    module: PostgreSQL joined all with all where its statistics were older than a large list.
    """
    today = facts.local_day(at)
    touched = None if cursor is None else _touched_since(session, facts, cursor, today)
    newest = _newest_permits(session, community, touched)
    in_register = Vehicle.community_id == community.id
    still_leaves = and_(
        Vehicle.state == VehicleState.REMOVED, Vehicle.removed_at > at + CLOCK_TOLERANCE
    )
    leaving = set(session.scalars(select(Vehicle.plate).where(in_register, still_leaves)))
    query = select(Vehicle.id, Vehicle.plate, Vehicle.compound_id, Vehicle.state).where(
        in_register, or_(Vehicle.state == VehicleState.ACTIVE, still_leaves)
    )
    if touched is not None:
        query = query.where(Vehicle.id.in_(touched))
    # Of a car that moves on a day to come, the active row is in the compound to come already.
    cars = (
        car
        for car in session.execute(query)
        if car.state == VehicleState.REMOVED or car.plate not in leaving
    )
    return packed(
        _record(plate_hash(salt, car.plate), facts, car.compound_id, newest.get(car.id), today)
        for car in cars
    )


def _record(
    hashed: bytes, facts: Facts, compound_id: int, permit: _Days | None, today: date
) -> bytes:
    return RECORD.pack(
        hashed,
        facts.compound_numbers[compound_id],
        permit.number if permit else 0,
        (permit.last - DAY_ZERO).days if permit else 0,
        NOT_YET_VALID if permit and permit.first > today else 0,
    )


def _newest_permits(
    session: Session, community: Community, touched: CompoundSelect[tuple[int]] | None
) -> dict[int, _Days]:
    """Return each car's newest permit that does not give way to another, by vehicle id."""
    place = func.row_number().over(partition_by=Permit.vehicle_id, order_by=Permit.number.desc())
    ranked = select(
        Permit.vehicle_id, Permit.number, Permit.valid_from, Permit.valid_to, place.label("place")
    ).where(Permit.community_id == community.id, Permit.gives_way_to_id.is_(None))
    if touched is not None:
        ranked = ranked.where(Permit.vehicle_id.in_(touched))
    part = ranked.subquery()
    rows = session.execute(
        select(part.c.vehicle_id, part.c.number, part.c.valid_from, part.c.valid_to).where(
            part.c.place == 1
        )
    )
    return {vehicle_id: _Days(number, first, last) for vehicle_id, number, first, last in rows}


def _touched_since(
    session: Session, facts: Facts, cursor: int, today: date
) -> CompoundSelect[tuple[int]]:
    """Return the query for the ids of vehicles whose record may have changed since a cursor."""
    touched = [
        select(Vehicle.id).where(Vehicle.changed > cursor),
        select(Permit.vehicle_id).where(Permit.changed > cursor),
    ]
    then = session.scalar(select(LedgerEntry.at).where(LedgerEntry.number == cursor))
    if then is not None and facts.local_day(then) < today:
        # A permit's first day comes without any act.
        begun = Permit.valid_from > facts.local_day(then), Permit.valid_from <= today
        touched.append(select(Permit.vehicle_id).where(*begun))
    return union(*touched)


def _gone(session: Session, community: Community, salt: bytes, cursor: int | None) -> str:
    """Return the plates that have left since a cursor and are in no other compound."""
    if cursor is None:
        return ""
    left = set(
        session.scalars(
            select(Vehicle.plate).where(
                Vehicle.changed > cursor,
                Vehicle.community_id == community.id,
                Vehicle.state == VehicleState.REMOVED,
            )
        )
    )
    for some in batches(sorted(left)):
        stays = select(Vehicle.plate).where(
            Vehicle.community_id == community.id,
            Vehicle.state == VehicleState.ACTIVE,
            Vehicle.plate.in_(some),
        )
        left.difference_update(session.scalars(stays))
    return packed(plate_hash(salt, plate) for plate in left)


def _visits(
    session: Session, community: Community, salt: bytes, at: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "number": visit.number,
            "plate_hash": plate_hash(salt, visit.plate).hex(),
            "kind": visit.kind,
            "compound": visit.compound.number if visit.compound else None,
            "valid_from": visit.valid_from.isoformat(),
            "valid_to": visit.valid_to.isoformat(),
            "cancelled": visit.cancelled_at is not None,
        }
        for visit in session.scalars(visits_around(community, at))
    ]
