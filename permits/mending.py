"""Mending a list before it is handed in: rows put right in the page, and rows left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from permits.households_text import canonical_part, fold, parse_household
from permits.plate_list import OPEN_TO_CHANGES, Outcome, PlateList, PlateListRow
from permits.reviewing_again import review_again
from permits.submitting import require_state
from records.errors import DomainError
from records.sealed import Sealer
from zones.communities import hold


class NotRemoved(DomainError):
    """The list does not remove the car with this `plate`."""

    code: ClassVar[str] = "not_removed"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Mended:
    """A row as its representative puts it right.

    Attributes:
        plate: as typed.
        owner, phone: None keeps what the row has: neither is shown to be mended.
    """

    plate: str
    building: str = ""
    unit: str = ""
    room: str = ""
    owner: str | None = None
    phone: str | None = None


def mend_row(
    session: Session, row: PlateListRow, mended: Mended, sealer: Sealer, *, at: datetime
) -> None:
    """Put a row right and review its list again: rows that hang on it change their outcome too.

    Raises:
        WrongListState: the list is with the office, decided or withdrawn.
    """
    plate_list = _hold(session, row)
    row.raw = mended.plate.strip()[:200]
    row.building, row.unit, row.room = _household(mended)
    if mended.owner is not None:
        owner = " ".join(mended.owner.split())
        row.owner_sealed = sealer.seal(owner) if owner else None
    if mended.phone is not None:
        phone = fold(mended.phone)
        row.phone_sealed = sealer.seal(phone) if phone else None
    row.mended_at = at
    if row.outcome == Outcome.LEFT_OUT:
        # Who mends a row wants it.
        row.outcome = Outcome.ACCEPTED
    _review(session, plate_list, sealer)


def leave_out(session: Session, row: PlateListRow, sealer: Sealer) -> None:
    """Leave a row out of what is handed in; it stays to be seen.

    Raises:
        WrongListState: the list is with the office, decided or withdrawn.
    """
    plate_list = _hold(session, row)
    row.outcome = Outcome.LEFT_OUT
    _review(session, plate_list, sealer)


def take_in(session: Session, row: PlateListRow, sealer: Sealer) -> None:
    """Take a row in again that was left out.

    Raises:
        WrongListState: the list is with the office, decided or withdrawn.
    """
    plate_list = _hold(session, row)
    if row.outcome == Outcome.LEFT_OUT:
        row.outcome = Outcome.ACCEPTED
    _review(session, plate_list, sealer)


def keep_car(
    session: Session, plate_list: PlateList, plate: str, sealer: Sealer, *, at: datetime
) -> PlateListRow:
    """Add a row for a car that a whole list forgot and would remove; return it.

    Raises:
        WrongListState: the list is with the office, decided or withdrawn.
        NotRemoved: the list does not remove this car.
    """
    hold(session, plate_list.compound.community_id, plate_list)
    require_state(plate_list, *OPEN_TO_CHANGES)
    if plate not in plate_list.removals:
        raise NotRemoved(plate=plate)
    row = PlateListRow(
        sheet="",
        row=max((one.row for one in plate_list.rows), default=0) + 1,
        raw=plate,
        building="",
        unit="",
        room="",
        outcome=Outcome.ACCEPTED,
        reason="",
        mended_at=at,
    )
    plate_list.rows.append(row)
    session.flush()
    session.refresh(row)
    _review(session, plate_list, sealer)
    return row


def _hold(session: Session, row: PlateListRow) -> PlateList:
    plate_list = row.plate_list
    hold(session, plate_list.compound.community_id, plate_list, row)
    require_state(plate_list, *OPEN_TO_CHANGES)
    return plate_list


def _review(session: Session, plate_list: PlateList, sealer: Sealer) -> None:
    plate_list.removals = list(review_again(session, plate_list, list(plate_list.rows), sealer))


def _household(mended: Mended) -> tuple[str, str, str]:
    """Return building, unit and room in their canonical form, as a list's columns are read."""
    if mended.room and not mended.building and not mended.unit:
        return parse_household(mended.room)
    parts = (mended.building, mended.unit, mended.room)
    building, unit, room = (canonical_part(part) for part in parts)
    return building, unit, room
