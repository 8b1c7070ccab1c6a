"""Registering visits: who may come in for some hours without a permit, and at whose word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from permits.households_text import parse_household
from permits.issuing import NoSigningKey
from permits.passes import new_uuid
from permits.plates import Plate, canonical
from permits.vehicles import Household
from permits.visitor_pass import VisitKind, VisitorPass
from records import ledger
from records.errors import DomainError
from records.signing_keys import current_key
from zones.communities import Community, Compound, hold

LONGEST_VISIT = timedelta(days=7)
"""Who stays longer lives here: the compound puts the car on its list."""

FURTHEST_AHEAD = timedelta(days=31)
"""How long before its first hour a visit can be registered."""

DROP_OFF = timedelta(minutes=30)
"""How long a delivery or a taxi may stay that names no host."""


LONGEST_DROP_OFF = timedelta(hours=2)
"""Who stays longer visits somebody."""


class HostMissing(DomainError):
    """A visit needs the household that is visited."""

    code: ClassVar[str] = "host_missing"


class VisitHoursWrong(DomainError):
    """A visit ends before it begins, or is over already."""

    code: ClassVar[str] = "visit_hours_wrong"


class VisitTooLong(DomainError):
    """A visit lasts more than `days` days."""

    code: ClassVar[str] = "visit_too_long"


class VisitTooFarAhead(DomainError):
    """A visit begins more than `days` days from now."""

    code: ClassVar[str] = "visit_too_far_ahead"


class DropOffTooLong(DomainError):
    """A drop-off lasts more than `minutes` minutes."""

    code: ClassVar[str] = "drop_off_too_long"


class VisitQuotaUsedUp(DomainError):
    """The household has had its `quota` visits of the month."""

    code: ClassVar[str] = "visit_quota_used_up"
    status: ClassVar[int] = 409


class PassNotNeeded(DomainError):
    """Police, rescue and armed forces (`plate`) come in without any pass."""

    code: ClassVar[str] = "pass_not_needed"


class VisitEnded(DomainError):
    """The visit `number` is over or cancelled already."""

    code: ClassVar[str] = "visit_ended"
    status: ClassVar[int] = 409


def register_visit(
    session: Session,
    compound: Compound,
    *,
    household: str,
    plate: str,
    kind: VisitKind,
    valid_from: datetime,
    valid_to: datetime,
    actor: str,
    at: datetime,
    uuid: str | None = None,
    received_at: datetime | None = None,
) -> VisitorPass:
    """Register a visit to a household, and return its pass.

    Registering again with the same UUID returns the pass that there is.

    Args:
        household: as people write it, `3-2-501`; whoever has no flat (the property management)
            is named by a word.
        valid_from, valid_to: the hours, the last moment not included.
        at: when it was registered, on the device that did.
        received_at: when the server heard of it, `at` by default.

    Raises:
        PlateError: the plate is none.
        PassNotNeeded: its car comes in without.
        HostMissing: no household is named.
        VisitHoursWrong, VisitTooLong, VisitTooFarAhead: the hours cannot be.
        VisitQuotaUsedUp: the household has had the compound's `visits_per_month`.
        NoSigningKey: there is no key to sign the pass with.
    """
    community = compound.community
    hold(session, community.id, compound)
    known = _registered(session, community, uuid)
    if known is not None:
        return known
    read = _visitors_plate(plate)
    if not household.strip():
        raise HostMissing
    _check_hours(valid_from, valid_to, at)
    key = current_key(session)
    if key is None:
        raise NoSigningKey
    host = _household(session, compound, household)
    quota = compound.visits_per_month
    if quota is not None and visits_in_month(session, community, host, valid_from) >= quota:
        raise VisitQuotaUsedUp(quota=quota)
    visit = VisitorPass(
        uuid=uuid or new_uuid(),
        community_id=community.id,
        compound=compound,
        household=host,
        number=_next_number(session, community),
        key_id=key.id,
        plate=read.text,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        created_by=actor,
        created_at=at,
        received_at=received_at or at,
    )
    session.add(visit)
    session.flush()
    details = {
        "letter": compound.letter,
        "kind": kind,
        "valid_from": _local_minute(community, valid_from),
        "valid_to": _local_minute(community, valid_to),
    }
    _enter(session, "visit.registered", f"visit:{visit.number}", details, actor, received_at or at)
    return visit


def register_drop_off(
    session: Session,
    community: Community,
    *,
    plate: str,
    actor: str,
    at: datetime,
    lasts: timedelta = DROP_OFF,
    uuid: str | None = None,
    received_at: datetime | None = None,
) -> VisitorPass:
    """Register that a delivery or a taxi may come in for a short time from now, and return it.

    It asks for nothing but the plate: no host, no quota, no symbol. It parks nowhere, so the
    ledger does not hold it.

    Raises:
        PlateError, PassNotNeeded: see `register_visit`.
        VisitHoursWrong, DropOffTooLong: it cannot last so long.
    """
    hold(session, community.id)
    known = _registered(session, community, uuid)
    if known is not None:
        return known
    if lasts <= timedelta():
        raise VisitHoursWrong
    if lasts > LONGEST_DROP_OFF:
        raise DropOffTooLong(minutes=LONGEST_DROP_OFF // timedelta(minutes=1))
    visit = VisitorPass(
        uuid=uuid or new_uuid(),
        community_id=community.id,
        number=_next_number(session, community),
        plate=_visitors_plate(plate).text,
        kind=VisitKind.DROP_OFF,
        valid_from=at,
        valid_to=at + lasts,
        created_by=actor,
        created_at=at,
        received_at=received_at or at,
    )
    session.add(visit)
    session.flush()
    return visit


def cancel_visit(session: Session, visit: VisitorPass, *, actor: str, at: datetime) -> None:
    """Cancel a visit: every gate refuses its pass and its plate from now on.

    Raises:
        VisitEnded: it is over or cancelled already.
    """
    hold(session, visit.community_id, visit)
    if visit.cancelled_at is not None or visit.valid_to <= at:
        raise VisitEnded(number=visit.number)
    visit.cancelled_at = at
    session.flush()
    if visit.compound is not None:
        details = {"letter": visit.compound.letter, "kind": visit.kind}
        _enter(session, "visit.cancelled", f"visit:{visit.number}", details, actor, at)


def visits_in_month(
    session: Session, community: Community, household: Household, moment: datetime
) -> int:
    """Return how many visits of a household begin in a moment's calendar month.

    One that was cancelled before it began does not count.
    """
    local = moment.astimezone(community.zone_info)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    next_first = (first + timedelta(days=32)).replace(day=1)
    count = session.scalar(
        select(func.count()).where(
            VisitorPass.household_id == household.id,
            VisitorPass.valid_from >= first,
            VisitorPass.valid_from < next_first,
            or_(
                VisitorPass.cancelled_at.is_(None),
                VisitorPass.cancelled_at > VisitorPass.valid_from,
            ),
        )
    )
    return count or 0


def _registered(session: Session, community: Community, uuid: str | None) -> VisitorPass | None:
    if uuid is None:
        return None
    return session.scalar(
        select(VisitorPass).where(
            VisitorPass.uuid == uuid, VisitorPass.community_id == community.id
        )
    )


def _visitors_plate(text: str) -> Plate:
    plate = canonical(text)
    if plate.kind.is_service:
        raise PassNotNeeded(plate=plate.text)
    return plate


def _check_hours(valid_from: datetime, valid_to: datetime, at: datetime) -> None:
    if valid_to <= valid_from or valid_to <= at:
        raise VisitHoursWrong
    if valid_to - valid_from > LONGEST_VISIT:
        raise VisitTooLong(days=LONGEST_VISIT.days)
    if valid_from - at > FURTHEST_AHEAD:
        raise VisitTooFarAhead(days=FURTHEST_AHEAD.days)


def _household(session: Session, compound: Compound, text: str) -> Household:
    """Return the compound's household, made where none of its cars has named it yet."""
    parts = parse_household(text)._asdict()
    found = session.scalar(select(Household).filter_by(compound_id=compound.id, **parts))
    if found is None:
        found = Household(compound_id=compound.id, **parts)
        session.add(found)
        session.flush()
    return found


def _next_number(session: Session, community: Community) -> int:
    last = session.scalar(
        select(func.max(VisitorPass.number)).where(VisitorPass.community_id == community.id)
    )
    return (last or 0) + 1


def _local_minute(community: Community, moment: datetime) -> str:
    return moment.astimezone(community.zone_info).isoformat(timespec="minutes")


def _enter(
    session: Session,
    act: str,
    subject: str,
    details: Mapping[str, object],
    actor: str,
    at: datetime,
) -> None:
    ledger.append(session, actor, [ledger.Act(act, subject, details)], at)
