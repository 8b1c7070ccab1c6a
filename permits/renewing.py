"""Yearly renewal: permits that end soon get successors, in one run for each compound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import Session, aliased

from permits.changes import stamp
from permits.ending import expire, retire
from permits.making import Maker, Wanted, issued_act
from permits.permit import Permit, PermitState, counted
from records import ledger
from records.batches import batches
from records.errors import DomainError
from records.keys import KeyStore
from zones.communities import Community, Compound, hold

WINDOW = timedelta(days=60)
"""A permit whose last day is further away is not renewed yet."""


class RenewalTooShort(DomainError):
    """The permits would last until `until`, no longer than those that they follow."""

    code: ClassVar[str] = "renewal_too_short"


@dataclass(frozen=True)
class CompoundRenewal:
    """What a renewal would do to one compound's permits.

    Attributes:
        due: permits that end within the window and get a successor.
        beyond: permits that last longer, such as those renewed or replaced lately: they stay.
        first_end, last_end: the first and the last of their last days, None where none is due.
        unprinted: permits that wait to be printed, renewed ones and others.
    """

    compound: Compound
    due: int
    beyond: int
    first_end: date | None
    last_end: date | None
    unprinted: int


def usual_end(community: Community, at: datetime) -> date:
    """Return the last day of permits that are renewed at a moment, where nobody says otherwise."""
    return community.local_day(at) + timedelta(days=community.permit_days - 1)


def renewals(session: Session, community: Community, at: datetime) -> list[CompoundRenewal]:
    """Return what a renewal would do now, by compound."""
    horizon = _horizon(community, at)
    is_due = Permit.valid_to <= horizon
    found = session.execute(
        select(
            Permit.compound_id,
            func.sum(case((is_due, 1), else_=0)),
            func.sum(case((is_due, 0), else_=1)),
            func.min(case((is_due, Permit.valid_to))),
            func.max(case((is_due, Permit.valid_to))),
            func.sum(case((Permit.state == PermitState.ISSUED, 1), else_=0)),
        )
        .where(Permit.community_id == community.id, counted())
        .where(Permit.valid_to >= community.local_day(at))
        .group_by(Permit.compound_id)
    )
    rows = {compound_id: rest for compound_id, *rest in found}
    return [
        CompoundRenewal(one, *rows.get(one.id, (0, 0, None, None, 0)))
        for one in community.compounds
    ]


def renew(
    session: Session,
    compound: Compound,
    *,
    keys: KeyStore,
    actor: str,
    at: datetime,
    until: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Give every permit of a compound that ends soon a successor; return the new serials.

    A successor is good from today. The card that the owner has stays good until the new one is
    handed over, or until its own last day, and does not count beside it. A card that nobody
    fetched is replaced at once. What was renewed is not due any more, so a run that is started
    again does only what is left.

    Args:
        until: the last day of the new permits; by default `usual_end`.
        progress: told of (done, total) permits.

    Raises:
        RenewalTooShort: see there.
        NoSigningKey, KeyMissing, KeyTooOpen: there is no key to sign with.
    """
    community = compound.community
    hold(session, community.id)
    maker = Maker(session, community, keys, at)
    expire(session, community, actor=actor, at=at)
    today, last_day = community.local_day(at), until or usual_end(community, at)
    due = session.execute(_due(community, compound, at)).all()
    if any(one.valid_to >= last_day for one in due):
        raise RenewalTooShort(until=last_day.isoformat())
    serials: list[str] = []
    for batch in batches(due):
        ids = [one.id for one in batch]
        _step_aside(session, ids)
        made = maker.insert(
            Wanted.of(one.vehicle_id, one.plate, compound, today, last_day) for one in batch
        )
        _follow(session, ids)
        serials += made
        acts = [
            issued_act(new, today, last_day, maker.key_id, renews=old.serial)
            for old, new in zip(batch, made, strict=True)
        ]
        head = ledger.append(session, actor, acts, at)
        unfetched = [one.id for one in batch if one.state != PermitState.HANDED_OVER]
        stamp(session, _replace_unfetched(session, unfetched, actor=actor, at=at) or head)
        if progress is not None:
            progress(len(serials), len(due))
    if serials:
        facts = {"letter": compound.letter, "permits": len(serials), "valid_to": str(last_day)}
        act = ledger.Act("permits.renewed", f"compound:{compound.number}", facts)
        ledger.append(session, actor, [act], at)
    return serials


def _horizon(community: Community, at: datetime) -> date:
    """Return the last day up to which permits are due; short ones are due later in their lives."""
    window = min(WINDOW, timedelta(days=community.permit_days // 4))
    return community.local_day(at) + window


def _due(
    community: Community, compound: Compound, at: datetime
) -> Select[int, str, int, str, str, date]:
    return (
        select(
            Permit.id,
            Permit.serial,
            Permit.vehicle_id,
            Permit.plate,
            Permit.state,
            Permit.valid_to,
        )
        .where(
            Permit.compound_id == compound.id,
            counted(),
            Permit.valid_to <= _horizon(community, at),
        )
        .order_by(Permit.number)
    )


def _step_aside(session: Session, ids: Sequence[int]) -> None:
    """Let permits give way, to themselves for the moment: the index lets one count."""
    session.execute(
        update(Permit)
        .where(Permit.id.in_(ids))
        .values(gives_way_to_id=Permit.id)
        .execution_options(synchronize_session=False)
    )


def _follow(session: Session, ids: Sequence[int]) -> None:
    """Let them, and what gave way to them, give way to their cars' new permits."""
    newer = aliased(Permit)
    successor = (
        select(newer.id)
        .where(
            newer.vehicle_id == Permit.vehicle_id,
            newer.state == PermitState.ISSUED,
            newer.gives_way_to_id.is_(None),
        )
        .scalar_subquery()
    )
    session.execute(
        update(Permit)
        .where(Permit.gives_way_to_id.in_(ids))
        .values(gives_way_to_id=successor)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _replace_unfetched(
    session: Session, ids: Sequence[int], *, actor: str, at: datetime
) -> ledger.Head | None:
    if not ids:
        return None
    query = select(Permit).where(Permit.id.in_(ids)).order_by(Permit.number)
    return retire(session, session.scalars(query).all(), "renewed", actor=actor, at=at)
