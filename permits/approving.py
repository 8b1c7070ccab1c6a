"""Deciding a submitted list: staff settle its conflicts, then approve or return it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from permits.changes import stamp
from permits.conflicts import HANDED_IN
from permits.ending import ReasonMissing
from permits.leaving import end_vehicles
from permits.plate_list import (
    APPLIED,
    ConflictDecision,
    ListState,
    Outcome,
    PlateList,
    PlateListRow,
    WrongListState,
)
from permits.reviewing import NO_HOUSEHOLD, HouseholdKey
from permits.reviewing_again import review_again, write_together
from permits.telling import tell_of_conflict, tell_of_list
from permits.vehicles import Household, Vehicle, VehicleState
from permits.waiting import close_claims, queue
from records import ledger
from records.batches import batches
from records.errors import DomainError
from records.message import MessageKind
from records.sealed import Sealer
from records.statistics import count_anew
from zones.communities import Compound, hold


class NoConflict(DomainError):
    """The row has no conflict to settle."""

    code: ClassVar[str] = "no_conflict"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Approval:
    """What approving a list did to the register: numbers of vehicles.

    Attributes:
        waiting: cars that the compound's limits have put on its waiting list.
    """

    added: int
    moved: int
    updated: int
    removed: int
    waiting: int


def settle_conflict(
    session: Session,
    row: PlateListRow,
    decision: ConflictDecision,
    reason: str,
    *,
    actor: str,
    at: datetime,
) -> None:
    """Decide who keeps a plate that two compounds claim; both representatives see the reason.

    The register changes with the list's approval, or now where the list is approved already:
    one open conflict does not hold up the other rows of a list.

    Raises:
        NoConflict: the row is none, or it is settled and the list approved.
        WrongListState: the list was never submitted, or was returned.
        ReasonMissing: the reason is empty.
    """
    plate_list = row.plate_list
    hold(session, plate_list.compound.community_id, plate_list, row)
    approved = plate_list.state == ListState.APPROVED
    if row.outcome != Outcome.CONFLICT or (approved and row.decision is not None):
        raise NoConflict(row=row.row)
    if not approved:
        _require_submitted(plate_list)
    if not reason.strip():
        raise ReasonMissing
    row.decision, row.decision_reason, row.decided_at = decision, reason.strip()[:500], at
    facts = {"row": row.id, "decision": decision, "letter": plate_list.compound.letter}
    act = ledger.Act("conflict.settled", f"list:{row.list_id}", facts)
    ledger.append(session, actor, [act], at)
    if approved and decision is ConflictDecision.MOVE:
        _apply(session, plate_list.compound, [row], actor=actor, at=at)
        stamp(session, ledger.head(session))
    tell_of_conflict(session, row, actor=actor, at=at)


def return_list(
    session: Session, plate_list: PlateList, reason: str, *, actor: str, at: datetime
) -> None:
    """Give a list back to its representative with a reason; the register stays.

    Raises:
        WrongListState: the list is not waiting for the office.
        ReasonMissing: the reason is empty.
    """
    hold(session, plate_list.compound.community_id, plate_list)
    _require_submitted(plate_list)
    if not reason.strip():
        raise ReasonMissing
    plate_list.state = ListState.RETURNED
    plate_list.decided_at, plate_list.decided_by = at, actor
    plate_list.decision_note = reason.strip()
    act = ledger.Act("list.returned", f"list:{plate_list.id}", {})
    ledger.append(session, actor, [act], at)
    tell_of_list(session, MessageKind.LIST_RETURNED, plate_list, actor=actor, at=at)


def approve(
    session: Session, plate_list: PlateList, sealer: Sealer, *, actor: str, at: datetime
) -> Approval:
    """Apply a submitted list to the register, and return what changed.

    The rows are reviewed again first, since the register may have changed after the list was
    handed in; their outcomes are brought up to date.

    Conflicts that are not settled yet stay open and change nothing. New cars for which the
    compound's limits leave no place come on its waiting list. Of a whole list only those
    removals are made that were shown when it was handed in.

    Raises:
        WrongListState: the list is not waiting for the office.
    """
    hold(session, plate_list.compound.community_id, plate_list)
    _require_submitted(plate_list)
    rows = list(plate_list.rows)
    removals = review_again(session, plate_list, rows, sealer)
    compound = plate_list.compound
    wanted = [
        row for row in rows if row.outcome in APPLIED or row.decision == ConflictDecision.MOVE
    ]
    named = [row.plate for row in rows if row.outcome == Outcome.REMOVED and row.plate]
    added, moved, updated = _apply(session, compound, wanted, actor=actor, at=at)
    removed = _remove(
        session, compound, removals, "left_out_of_whole_list", actor=actor, at=at
    ) + _remove(session, compound, named, "named_in_removal_list", actor=actor, at=at)
    plate_list.removals = list(removals)
    plate_list.state = ListState.APPROVED
    plate_list.decided_at, plate_list.decided_by = at, actor
    waiting = _queue(session, plate_list, rows)
    approval = Approval(added, moved, updated, removed, waiting)
    details = {
        "letter": compound.letter,
        "file_sha256": plate_list.file_sha256,
        "added": approval.added,
        "moved": approval.moved,
        "updated": approval.updated,
        "removed": approval.removed,
        "waiting": approval.waiting,
    }
    act = ledger.Act("list.accepted", f"list:{plate_list.id}", details)
    stamp(session, ledger.append(session, actor, [act], at))
    done = asdict(approval)
    tell_of_list(session, MessageKind.LIST_APPROVED, plate_list, actor=actor, at=at, **done)
    return approval


def _apply(
    session: Session, compound: Compound, rows: list[PlateListRow], *, actor: str, at: datetime
) -> tuple[int, int, int]:
    """Bring rows into the register; return how many vehicles were added, moved and updated."""
    households = _households(session, compound, rows)
    known = _active_here(session, compound, [row.plate for row in rows if row.plate])
    new = [row for row in rows if row.plate not in known]
    moved = _end_elsewhere(session, compound, new, actor=actor, at=at)
    _insert_vehicles(session, compound, new, households, at)
    _point_open_claims_at(session, compound, new)
    updated = [row for row in rows if row.plate in known]
    for row in updated:
        _update_vehicle(known[row.plate or ""], row, households)
    close_claims(session, compound.community_id, at)
    count_anew(session, len(new), "vehicles", "households")
    return len(new) - moved, moved, len(updated)


def _queue(session: Session, plate_list: PlateList, rows: Iterable[PlateListRow]) -> int:
    """Put the cars on the waiting list for which the compound's limits leave no place."""
    over = [row for row in rows if row.outcome == Outcome.OVER_QUOTA and row.facts.get("waits")]
    if not over:
        return 0
    compound = plate_list.compound
    households = _households(session, compound, over)
    since = plate_list.submitted_at or plate_list.created_at
    return queue(session, compound, over, households, since=since)


def _require_submitted(plate_list: PlateList) -> None:
    if plate_list.state != ListState.SUBMITTED:
        raise WrongListState(number=plate_list.id, state=plate_list.state)


def _households(
    session: Session, compound: Compound, rows: Iterable[PlateListRow]
) -> dict[HouseholdKey, int]:
    """Return the ids of the compound's households, with those that the rows name added."""
    known = _known_households(session, compound)
    wanted = dict.fromkeys((row.building, row.unit, row.room) for row in rows)
    missing = [key for key in wanted if key != NO_HOUSEHOLD and key not in known]
    if not missing:
        return known
    for batch in batches(missing):
        session.execute(
            insert(Household),
            [
                {"compound_id": compound.id, "building": key[0], "unit": key[1], "room": key[2]}
                for key in batch
            ],
        )
    return _known_households(session, compound)


def _known_households(session: Session, compound: Compound) -> dict[HouseholdKey, int]:
    found = session.execute(
        select(Household.id, Household.building, Household.unit, Household.room).where(
            Household.compound_id == compound.id
        )
    )
    return {(building, unit, room): number for number, building, unit, room in found}


def _active_here(session: Session, compound: Compound, plates: Iterable[str]) -> dict[str, Vehicle]:
    known: dict[str, Vehicle] = {}
    for batch in batches(plates):
        found = session.scalars(
            select(Vehicle).where(
                Vehicle.compound_id == compound.id,
                Vehicle.plate.in_(batch),
                Vehicle.state == VehicleState.ACTIVE,
            )
        )
        known.update({vehicle.plate: vehicle for vehicle in found})
    return known


def _insert_vehicles(
    session: Session,
    compound: Compound,
    rows: Iterable[PlateListRow],
    households: dict[HouseholdKey, int],
    at: datetime,
) -> None:
    for batch in batches(rows):
        values: list[dict[str, Any]] = [
            {
                "community_id": compound.community_id,
                "compound_id": compound.id,
                "household_id": households.get((row.building, row.unit, row.room)),
                "plate": row.plate,
                "kind": row.kind,
                "owner_sealed": row.owner_sealed,
                "phone_sealed": row.phone_sealed,
                "details_digest": row.details_digest,
                "owner_index": row.owner_index,
                "phone_index": row.phone_index,
                "state": VehicleState.ACTIVE,
                "added_at": at,
            }
            for row in batch
        ]
        session.execute(insert(Vehicle), values)


_OWNER = ("owner_sealed", "phone_sealed", "details_digest", "owner_index", "phone_index")
_UPDATED = ("household_id", *_OWNER)


def _update_vehicle(
    vehicle: Vehicle, row: PlateListRow, households: dict[HouseholdKey, int]
) -> None:
    household_id = households.get((row.building, row.unit, row.room))
    if household_id is not None:
        vehicle.household_id = household_id
    if row.details_digest is not None:
        for column in _OWNER:
            setattr(vehicle, column, getattr(row, column))
    write_together(vehicle, _UPDATED)


def _end_elsewhere(
    session: Session, compound: Compound, rows: list[PlateListRow], *, actor: str, at: datetime
) -> int:
    """End the rival compound's vehicles and permits, so that the old colour never overlaps."""
    plates = [row.plate for row in rows if row.plate]
    moved = 0
    for batch in batches(plates):
        ids = session.scalars(
            select(Vehicle.id).where(
                Vehicle.community_id == compound.community_id,
                Vehicle.plate.in_(batch),
                Vehicle.state == VehicleState.ACTIVE,
            )
        ).all()
        end_vehicles(session, ids, "moved_to_other_compound", actor=actor, at=at)
        moved += len(ids)
    return moved


def _point_open_claims_at(session: Session, compound: Compound, rows: list[PlateListRow]) -> None:
    """Let other compounds' open conflicts about these plates name their new compound as rival."""
    handed_in = (
        select(PlateList.id)
        .join(Compound, PlateList.compound_id == Compound.id)
        .where(
            Compound.community_id == compound.community_id,
            PlateList.compound_id != compound.id,
            PlateList.state.in_(HANDED_IN),
        )
    )
    for batch in batches(row.plate for row in rows if row.plate):
        session.execute(
            update(PlateListRow)
            .where(
                PlateListRow.plate.in_(batch),
                PlateListRow.outcome == Outcome.CONFLICT,
                PlateListRow.decision.is_(None),
                PlateListRow.list_id.in_(handed_in),
            )
            .values(claimed_by_id=compound.id, reason="registered_elsewhere")
            .execution_options(synchronize_session="fetch")
        )


def _remove(
    session: Session,
    compound: Compound,
    plates: Iterable[str],
    reason: str,
    *,
    actor: str,
    at: datetime,
) -> int:
    vehicles = _active_here(session, compound, plates)
    ids = [vehicle.id for vehicle in vehicles.values()]
    for batch in batches(ids):
        end_vehicles(session, batch, reason, actor=actor, at=at)
    return len(ids)
