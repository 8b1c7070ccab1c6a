"""Reporting a car that stands where it may not, and what the office makes of the report."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Select, func, select
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
"""Characters of a report's note, and of the answer."""


class NothingToSee(DomainError):
    """A report has neither a plate nor a photo, so nobody could find the car."""

    code: ClassVar[str] = "nothing_to_see"


class ReportClosed(DomainError):
    """The report `report` is closed already."""

    code: ClassVar[str] = "report_closed"
    status: ClassVar[int] = 409


class AnswerMissing(DomainError):
    """A report is closed with an answer, which who reported it will read."""

    code: ClassVar[str] = "answer_missing"


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


def close_report(
    session: Session, report: InfringementReport, answer: str, *, actor: str, at: datetime
) -> None:
    """Close a report with an answer.

    Raises:
        ReportClosed: it is closed already.
        AnswerMissing: the answer is empty.
    """
    hold(session, report.community_id, report)
    if report.state != ReportState.OPEN:
        raise ReportClosed(report=report.id)
    answer = answer.strip()
    if not answer:
        raise AnswerMissing
    report.state, report.answer = ReportState.CLOSED, answer[:LONGEST_TEXT]
    report.closed_at, report.closed_by = at, actor
    session.flush()


def reports_query(
    community: Community, state: ReportState, reported_by: str | None = None
) -> Select[InfringementReport]:
    """Return the query for reports: open ones the oldest first, closed ones the newest first.

    Args:
        reported_by: only those of one person; None for all.
    """
    query = select(InfringementReport).where(
        InfringementReport.community_id == community.id, InfringementReport.state == state
    )
    if reported_by is not None:
        query = query.where(InfringementReport.reported_by == reported_by)
    if state is ReportState.OPEN:
        return query.order_by(InfringementReport.at, InfringementReport.id)
    return query.order_by(InfringementReport.closed_at.desc(), InfringementReport.id.desc())


def open_reports(session: Session, community: Community) -> int:
    """Return how many reports wait for an answer."""
    query = select(func.count()).where(
        InfringementReport.community_id == community.id,
        InfringementReport.state == ReportState.OPEN,
    )
    return session.scalar(query) or 0
