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
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from permits.facts import Facts, PlanFacts, facts_of
from permits.gate import CompoundSign
from permits.permit import IN_FORCE, Permit
from permits.register import CLOCK_TOLERANCE
from permits.token import DAY_ZERO
from permits.vehicles import Vehicle, VehicleState
from permits.visits import visits_around
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
    newer = aliased(Permit)
    query = (
        select(Permit.number, Permit.state, newer.serial, Permit.ended_at)
        .outerjoin(newer, Permit.replaced_by_id == newer.id)
        .where(
            Permit.compound_id.in_(facts.compound_numbers),
            Permit.state.not_in(IN_FORCE),
            Permit.valid_to >= facts.local_day(at),
        )
        .order_by(Permit.number)
    )
    if cursor is not None:
        query = query.where(Permit.changed > cursor)
    return [
        [number, state, replaced_by, *([ends.isoformat()] if ends and ends > at else [])]
        for number, state, replaced_by, ends in session.execute(query)
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
    today = facts.local_day(at)
    other = aliased(Permit)
    newest = select(func.max(other.number)).where(
        other.vehicle_id == Vehicle.id, other.gives_way_to_id.is_(None)
    )
    query = (
        select(
            Vehicle.plate, Vehicle.compound_id, Permit.number, Permit.valid_from, Permit.valid_to
        )
        .outerjoin(
            Permit,
            and_(Permit.vehicle_id == Vehicle.id, Permit.number == newest.scalar_subquery()),
        )
        .where(
            Vehicle.community_id == community.id,
            or_(
                and_(Vehicle.state == VehicleState.ACTIVE, ~_stays_elsewhere(at)),
                _still_leaves(Vehicle, at),
            ),
        )
    )
    if cursor is not None:
        query = query.where(_touched_since(session, facts, cursor, today))
    return packed(
        RECORD.pack(
            plate_hash(salt, plate),
            facts.compound_numbers[compound_id],
            number or 0,
            (last - DAY_ZERO).days if number else 0,
            NOT_YET_VALID if number and first > today else 0,
        )
        for plate, compound_id, number, first, last in session.execute(query)
    )


def _still_leaves(vehicle: Any, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a car moves on a day to come, and is with its old compound."""
    return cast(ColumnElement[bool], vehicle.removed_at > at + CLOCK_TOLERANCE)


def _stays_elsewhere(at: datetime) -> ColumnElement[bool]:
    """Return the condition that an active vehicle is where its car will be on a day to come."""
    old = aliased(Vehicle)
    return (
        select(old.id)
        .where(
            old.community_id == Vehicle.community_id,
            old.plate == Vehicle.plate,
            _still_leaves(old, at),
        )
        .exists()
    )


def _touched_since(session: Session, facts: Facts, cursor: int, today: date) -> ColumnElement[bool]:
    """Return the condition that a vehicle's record may have changed since a cursor."""
    touched = [
        select(Vehicle.id).where(Vehicle.changed > cursor),
        select(Permit.vehicle_id).where(Permit.changed > cursor),
    ]
    then = session.scalar(select(LedgerEntry.at).where(LedgerEntry.number == cursor))
    if then is not None and facts.local_day(then) < today:
        # A permit's first day comes without any act.
        begun = Permit.valid_from > facts.local_day(then), Permit.valid_from <= today
        touched.append(select(Permit.vehicle_id).where(*begun))
    return Vehicle.id.in_(union(*touched))


def _gone(session: Session, community: Community, salt: bytes, cursor: int | None) -> str:
    """Return the plates that have left since a cursor and are in no other compound."""
    if cursor is None:
        return ""
    here = aliased(Vehicle)
    stays = select(here.id).where(
        here.community_id == community.id,
        here.plate == Vehicle.plate,
        here.state == VehicleState.ACTIVE,
    )
    plates = session.scalars(
        select(Vehicle.plate)
        .where(
            Vehicle.changed > cursor,
            Vehicle.community_id == community.id,
            Vehicle.state == VehicleState.REMOVED,
            ~stays.exists(),
        )
        .distinct()
    )
    return packed(plate_hash(salt, plate) for plate in plates)


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
