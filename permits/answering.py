"""What guards and staff do about a report: answer it, look back, confirm it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.infringement import InfringementReport, ReportState, ReportStep, StepKind
from permits.reporting import LONGEST_TEXT
from permits.vehicles import Vehicle, VehicleState
from permits.warning import CarWarning
from permits.warning_ladder import warn
from permits.watch_rules import rules_of
from records.errors import DomainError
from records.file_store import FileStore
from records.photo import plain_photo
from zones.communities import hold


class ReportClosed(DomainError):
    """The report `report` is closed already."""

    code: ClassVar[str] = "report_closed"
    status: ClassVar[int] = 409


class ReportAnswered(DomainError):
    """The report `report` is answered already: what comes next is the look-back."""

    code: ClassVar[str] = "report_answered"
    status: ClassVar[int] = 409


class ReportNotAnswered(DomainError):
    """The report `report` was not answered yet, so there is nothing to look back at."""

    code: ClassVar[str] = "report_not_answered"
    status: ClassVar[int] = 409


class LookBackTooEarly(DomainError):
    """The report `report` is looked back at before the set time `due`."""

    code: ClassVar[str] = "look_back_too_early"
    status: ClassVar[int] = 409


class PhotoMissing(DomainError):
    """The act needs a photo, so that everybody can see what was seen."""

    code: ClassVar[str] = "photo_missing"


class AnswerMissing(DomainError):
    """A report is answered with words, which who reported it will read."""

    code: ClassVar[str] = "answer_missing"


class ReportConfirmed(DomainError):
    """The report `report` is confirmed already."""

    code: ClassVar[str] = "report_confirmed"
    status: ClassVar[int] = 409


class CarNotRegistered(DomainError):
    """The report `report` is about no car of the register, so there is nobody to warn."""

    code: ClassVar[str] = "car_not_registered"
    status: ClassVar[int] = 409


def answer_report(
    session: Session, report: InfringementReport, words: str, *, actor: str, at: datetime
) -> datetime:
    """Answer an open report, and return when it has to be looked back at.

    Raises:
        ReportClosed, ReportAnswered: it is not open.
        AnswerMissing: there are no words.
    """
    hold(session, report.community_id, report)
    if report.state == ReportState.CLOSED:
        raise ReportClosed(report=report.id)
    if report.state == ReportState.ANSWERED:
        raise ReportAnswered(report=report.id)
    words = words.strip()
    if not words:
        raise AnswerMissing
    due = at + rules_of(session, report.community_id).look_back_after(report.kind)
    report.state, report.look_back_due = ReportState.ANSWERED, due
    _take(session, report, StepKind.ANSWERED, words, None, actor, at)
    return due


def look_back(
    session: Session,
    report: InfringementReport,
    found: StepKind,
    words: str,
    *,
    photo: bytes | None,
    files: FileStore,
    actor: str,
    at: datetime,
) -> None:
    """Enter a second visit: the report closes, or opens again where nothing has changed.

    Args:
        found: `GONE` or `UNCHANGED`.
        photo: of the place as it is now; see `records.photo.plain_photo`.

    Raises:
        ReportClosed, ReportNotAnswered: it is not answered.
        LookBackTooEarly: its time has not come.
        PhotoMissing: there is no photo.
        PhotoTooLarge, TooManyPixels, NotAPhoto: the photo cannot be kept.
    """
    hold(session, report.community_id, report)
    if report.state == ReportState.CLOSED:
        raise ReportClosed(report=report.id)
    if report.state == ReportState.OPEN or report.look_back_due is None:
        raise ReportNotAnswered(report=report.id)
    if at < report.look_back_due:
        raise LookBackTooEarly(report=report.id, due=report.look_back_due)
    if photo is None:
        raise PhotoMissing
    sha256 = files.keep(plain_photo(photo))
    report.look_back_due = None
    if found is StepKind.GONE:
        report.state, report.closed_at, report.closed_by = ReportState.CLOSED, at, actor
    else:
        report.state = ReportState.OPEN
        report.times_reopened += 1
    _take(session, report, found, words.strip(), sha256, actor, at)


def _take(
    session: Session,
    report: InfringementReport,
    kind: StepKind,
    words: str,
    photo_sha256: str | None,
    actor: str,
    at: datetime,
) -> None:
    report.steps.append(
        ReportStep(
            kind=kind, words=words[:LONGEST_TEXT], photo_sha256=photo_sha256, by=actor, at=at
        )
    )
    session.flush()


def confirm_report(
    session: Session, report: InfringementReport, *, actor: str, at: datetime
) -> CarWarning | None:
    """Say that a report is true, so that it counts for its car, and return the step it comes to.

    A car climbs one step a day at most: several neighbours report the same hour. For a report of
    a day that has counted already there is no further step, and None is returned.

    Raises:
        ReportConfirmed: it was confirmed before.
        CarNotRegistered: its plate is in no compound.
    """
    hold(session, report.community_id, report)
    if report.confirmed_at is not None:
        raise ReportConfirmed(report=report.id)
    vehicle = reported_vehicle(session, report)
    if vehicle is None:
        raise CarNotRegistered(report=report.id)
    report.confirmed_at, report.confirmed_by = at, actor
    return warn(session, vehicle, report, actor=actor, at=at)


def reported_vehicle(session: Session, report: InfringementReport) -> Vehicle | None:
    """Return the registered car that a report is about, None where it is none of ours."""
    if report.plate is None:
        return None
    return session.scalar(
        select(Vehicle).where(
            Vehicle.community_id == report.community_id,
            Vehicle.plate == report.plate,
            Vehicle.state == VehicleState.ACTIVE,
        )
    )
