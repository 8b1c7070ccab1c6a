"""Finding visits: for the gate, for a device's snapshot, for the lists on pages; and their pass."""

from __future__ import annotations

import enum
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from permits import token
from permits.gate import Visit
from permits.plates import normalise
from permits.visitor_pass import VisitorPass
from records.keys import KeyStore
from zones.communities import Community, Compound


class VisitTime(enum.StrEnum):
    """Which visits a list shows: those that go on or come, or those that are over."""

    AHEAD = "ahead"
    OVER = "over"


def visits_of_plate(
    session: Session, community: Community, plate: str, at: datetime
) -> list[Visit]:
    """Return the visits of a canonical plate whose hours touch a moment's day or the next one.

    This is `permits.gate.Known.visits_of`. A visit counts as cancelled if it was by `at`, so that
    a pass of the past is decided as it stood then.
    """
    query = visits_around(community, at).where(VisitorPass.plate == plate)
    return [_known(visit, at) for visit in session.scalars(query)]


def visit_numbered(
    session: Session, community: Community, number: int, at: datetime
) -> Visit | None:
    """Return the visit with a number, None where there is none.

    This is `permits.gate.Known.visit_numbered`; for cancelled ones see `visits_of_plate`.
    """
    visit = session.scalar(
        select(VisitorPass).where(
            VisitorPass.community_id == community.id, VisitorPass.number == number
        )
    )
    return _known(visit, at) if visit else None


def visits_around(community: Community, at: datetime) -> Select[VisitorPass]:
    """Return the query for the visits whose hours touch a moment's local day or the next one.

    What a typed plate is decided by, and so what a device without a network holds; the cancelled
    ones too.
    """
    today = datetime.combine(community.local_day(at), time(), community.zone_info)
    return (
        select(VisitorPass)
        .where(
            VisitorPass.community_id == community.id,
            VisitorPass.valid_to > today,
            VisitorPass.valid_from < today + timedelta(days=2),
        )
        .order_by(VisitorPass.number)
    )


def _known(visit: VisitorPass, at: datetime) -> Visit:
    return Visit(
        number=visit.number,
        kind=visit.kind,
        compound=visit.compound.number if visit.compound else None,
        valid_from=visit.valid_from,
        valid_to=visit.valid_to,
        cancelled=visit.cancelled_at is not None and visit.cancelled_at <= at,
    )


def pass_url(visit: VisitorPass, community: Community, keys: KeyStore, public_url: str) -> str:
    """Return what the symbol of a visit's pass holds; the same visit always gives the same.

    Raises:
        ValueError: it is a drop-off, which has no pass.
        KeyMissing, KeyTooOpen: its private key cannot be read.
        UnprintableUrl: the public URL does not fit a symbol.
    """
    if visit.key_id is None or visit.compound is None:
        raise ValueError("a drop-off has no pass")
    fields = token.TokenFields(
        kind=token.TokenKind.VISITOR_PASS,
        key_id=visit.key_id,
        community=community.number,
        compound=visit.compound.number,
        number=visit.number,
        first_day=community.local_day(visit.valid_from),
        # The last moment is not included: a visit until midnight does not touch the next day.
        last_day=community.local_day(visit.valid_to - datetime.resolution),
        plate=visit.plate,
    )
    return token.url(public_url, token.sign(fields, keys.private(visit.key_id)))


def visits_query(
    community: Community, compound: Compound | None, when: VisitTime, text: str, at: datetime
) -> Select[VisitorPass]:
    """Return the query for a list of visits: the next to begin first, or the last to end.

    Args:
        compound: only visits to its households; None for all, drop-offs too.
        text: beginning or end of a plate; empty for all.
    """
    is_over = or_(VisitorPass.valid_to <= at, VisitorPass.cancelled_at.is_not(None))
    query = select(VisitorPass).where(VisitorPass.community_id == community.id)
    if compound is not None:
        query = query.where(VisitorPass.compound_id == compound.id)
    plate = normalise(text)
    if plate:
        query = query.where(_named(plate))
    if when is VisitTime.OVER:
        return query.where(is_over).order_by(VisitorPass.valid_to.desc(), VisitorPass.id.desc())
    return query.where(~is_over).order_by(VisitorPass.valid_from, VisitorPass.id)


def _named(plate: str) -> ColumnElement[bool]:
    return or_(
        VisitorPass.plate.startswith(plate, autoescape=True),
        VisitorPass.plate.endswith(plate, autoescape=True),
    )
