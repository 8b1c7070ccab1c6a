"""Residents report without signing in, and follow their report by a code."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.answering import PhotoMissing
from permits.infringement import RESIDENT, InfringementKind, InfringementReport
from permits.reporting import report_car
from records.file_store import FileStore
from records.sealed import Sealer
from zones.areas import Zone
from zones.communities import Community

LONGEST_CONTACT = 100
"""Characters of a phone number or a name with one."""

_CODE_BYTES = 10
"""80 bits: who tries a million codes a second finds one of a million in a thousand years."""

_GROUP = 4
_NOT_IN_CODES = re.compile(r"[^A-Z2-7]")


def report_as_resident(
    session: Session,
    community: Community,
    *,
    zone: Zone | None,
    plate: str,
    kind: InfringementKind,
    note: str,
    photo: bytes | None,
    contact: str,
    form_key: str,
    files: FileStore,
    sealer: Sealer,
    at: datetime,
) -> tuple[InfringementReport, str]:
    """Report a car without signing in, and return the report and the code that follows it.

    The code is made from the form's key, so that a form sent twice is one report with one code.

    Args:
        contact: how the office reaches who reports, empty for anonymous; it is sealed.
        form_key: a secret that the form was given, such as a UUID.

    Raises:
        PhotoMissing: a report without a name needs a picture.
        PlateError, PhotoTooLarge, TooManyPixels, NotAPhoto: see `permits.reporting.report_car`.
    """
    if photo is None:
        raise PhotoMissing
    report = report_car(
        session,
        community,
        zone=zone,
        plate=plate,
        kind=kind,
        note=note,
        photo=photo,
        files=files,
        actor=RESIDENT,
        at=at,
        # Webhooks tell a report's UUID, so it must not lead back to the form's key.
        uuid=str(uuid.UUID(bytes=sealer.digest("report", form_key)[:16], version=4)),
    )
    code = code_of(sealer, form_key)
    if report.code_sha256 is None:
        contact = contact.strip()[:LONGEST_CONTACT]
        report.code_sha256 = _digest(code)
        report.contact_sealed = sealer.seal(contact) if contact else None
        session.flush()
    return report, code


def code_of(sealer: Sealer, form_key: str) -> str:
    """Return the code of the report that a form makes; the same form always makes the same."""
    return base64.b32encode(sealer.digest("follow", form_key)[:_CODE_BYTES]).decode()


def grouped(code: str) -> str:
    """Return a code as people copy it: `ABCD-EFGH-IJKL-MNOP`."""
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def followed(session: Session, typed: str) -> InfringementReport | None:
    """Return the report that a code follows, however it is typed; None where there is none."""
    code = _NOT_IN_CODES.sub("", typed.upper())
    return session.scalar(
        select(InfringementReport).where(InfringementReport.code_sha256 == _digest(code))
    )


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
