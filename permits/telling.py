"""Telling the compounds' representatives and the office what became of lists and suspensions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from permits.plate_list import PlateList, PlateListRow
from permits.suspension import Suspension
from records.message import MessageKind
from records.telling import tell


def tell_of_list(
    session: Session,
    kind: MessageKind,
    plate_list: PlateList,
    *,
    actor: str,
    at: datetime,
    **facts: int | str,
) -> None:
    """Tell the representatives of a list's compound, or the office, about the list."""
    tell(
        session,
        kind,
        f"list:{plate_list.id}",
        {"list": plate_list.id, **facts},
        community_id=plate_list.compound.community_id,
        compound_id=plate_list.compound_id,
        actor=actor,
        at=at,
    )


def tell_of_conflict(session: Session, row: PlateListRow, *, actor: str, at: datetime) -> None:
    """Tell the representatives of both compounds that claim a row's plate that it is decided."""
    plate_list = row.plate_list
    subjects = {plate_list.compound_id: f"list:{row.list_id}"}
    if row.claimed_by_id is not None:
        subjects[row.claimed_by_id] = f"conflict:{row.id}"
    for compound_id, subject in subjects.items():
        tell(
            session,
            MessageKind.CONFLICT_SETTLED,
            subject,
            {"list": row.list_id, "row": row.row},
            community_id=plate_list.compound.community_id,
            compound_id=compound_id,
            actor=actor,
            at=at,
        )


def tell_of_suspension(
    session: Session,
    kind: MessageKind,
    suspension: Suspension,
    *,
    actor: str,
    at: datetime,
    **facts: str,
) -> None:
    """Tell the representatives of a suspended car's compound, or the office, what was done."""
    tell(
        session,
        kind,
        f"suspension:{suspension.id}",
        {"serial": suspension.permit.serial, **facts},
        community_id=suspension.community_id,
        compound_id=suspension.vehicle.compound_id,
        actor=actor,
        at=at,
    )
