"""Reporting a car that stands where it may not, and the lists of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ColumnElement, Label, Select, case, func, select
from sqlalchemy.orm import Session

from permits.infringement import InfringementKind, InfringementReport, ReportState
from permits.passes import new_uuid
from permits.plates import canonical
from permits.vehicles import Vehicle, VehicleState
from permits.webhooks import tell_of_report
from records.errors import DomainError
from records.file_store import FileStore
from records.photo import plain_photo
from zones.areas import Zone
from zones.communities import Community, Compound, hold

LONGEST_TEXT = 500
"""Characters of a report's note, of an answer, and of what a look-back found."""


class NothingToSee(DomainError):
    """A report has neither a plate nor a photo, so nobody could find the car."""

    code: ClassVar[str] = "nothing_to_see"


def report_car(
    session: Session,
    community: Community,
    *,
    zone: Zone | None,
    plate: str,
    kind: InfringementKind,
    note: str,
    photo: bytes | None,
    files: FileStore,
    actor: str,
    at: datetime,
    uuid: str | None = None,
    received_at: datetime | None = None,
) -> InfringementReport:
    """Report a parked car, and return the report.

    Reporting again with the same UUID returns the report that there is.

    Args:
        plate: as typed, empty where it cannot be read; the car's compound is looked up.
        note: what the plate and the photo do not say; cut off at 500 characters.
        photo: a picture file as the camera made it; see `records.photo.plain_photo`.
        at: when the car stood there, on the device.
        received_at: when the server heard of it, `at` by default.

    Raises:
        PlateError: what was typed is no plate.
        NothingToSee: there is neither plate nor photo.
        PhotoTooLarge, TooManyPixels, NotAPhoto: the photo cannot be kept.
    """
    text = canonical(plate).text if plate.strip() else None
    if text is None and photo is None:
        raise NothingToSee
    sha256 = files.keep(plain_photo(photo)) if photo is not None else None
    if uuid is not None:
        # A device that sends again before it was answered waits for its first try here.
        hold(session, community.id)
        known = session.scalar(
            select(InfringementReport).where(
                InfringementReport.uuid == uuid,
                InfringementReport.community_id == community.id,
            )
        )
        if known is not None:
            return known
    report = InfringementReport(
        uuid=uuid or new_uuid(),
        community_id=community.id,
        zone=zone,
        compound=_compound_of(session, community, text) if text else None,
        plate=text,
        kind=kind,
        note=note.strip()[:LONGEST_TEXT],
        photo_sha256=sha256,
        reported_by=actor,
        at=at,
        received_at=received_at or at,
    )
    session.add(report)
    session.flush()
    tell_of_report(session, report, at=report.received_at)
    return report


def _compound_of(session: Session, community: Community, plate: str) -> Compound | None:
    return session.scalar(
        select(Compound)
        .join(Vehicle, Vehicle.compound_id == Compound.id)
        .where(
            Vehicle.community_id == community.id,
            Vehicle.plate == plate,
            Vehicle.state == VehicleState.ACTIVE,
        )
    )


_URGENT = InfringementReport.kind == InfringementKind.FIRE_LANE


def reports_query(
    community: Community, state: ReportState, compound: Compound | None = None
) -> Select[InfringementReport]:
    """Return the query for reports, fire lanes first until they are closed.

    Open ones stand the oldest first, those to look back at by when they are due, and closed ones
    the newest first.

    Args:
        compound: only those about its cars; None for all.
    """
    query = select(InfringementReport).where(
        InfringementReport.community_id == community.id, InfringementReport.state == state
    )
    if compound is not None:
        query = query.where(InfringementReport.compound_id == compound.id)
    if state is ReportState.CLOSED:
        return query.order_by(InfringementReport.closed_at.desc(), InfringementReport.id.desc())
    is_answered = state is ReportState.ANSWERED
    first = InfringementReport.look_back_due if is_answered else InfringementReport.at
    return query.order_by(_URGENT.desc(), first, InfringementReport.id)


MOST_URGENT = 5
"""Blocked fire lanes that are told one by one; beyond it nobody reads on."""


def urgent_reports(session: Session, community: Community) -> list[InfringementReport]:
    """Return the open reports of blocked fire lanes, the oldest first."""
    query = reports_query(community, ReportState.OPEN).where(_URGENT)
    return list(session.scalars(query.limit(MOST_URGENT)))


@dataclass(frozen=True)
class ReportsWaiting:
    """How many reports wait for somebody.

    Attributes:
        open: for an answer.
        fire_lanes: those of `open` that are about a fire lane.
        look_backs: answered ones whose second visit is due.
    """

    open: int
    fire_lanes: int
    look_backs: int


def reports_waiting(session: Session, community_id: int, at: datetime) -> ReportsWaiting:
    """Return how many reports of a community wait at a moment."""

    def count(condition: ColumnElement[bool]) -> Label[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(None)

    is_open = InfringementReport.state == ReportState.OPEN
    row = session.execute(
        select(
            count(is_open), count(is_open & _URGENT), count(InfringementReport.look_back_due <= at)
        ).where(
            InfringementReport.community_id == community_id,
            InfringementReport.state != ReportState.CLOSED,
        )
    ).one()
    return ReportsWaiting(*row)
