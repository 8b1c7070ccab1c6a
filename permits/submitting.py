"""Handing in a plate list: read, review, keep as a draft, and submit once it is confirmed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.orm import Session

from permits.conflicts import HANDED_IN
from permits.limits import RESIDENT, limits_of, taken_of, waiting_claims
from permits.people_index import indexes_of
from permits.plate_list import (
    APPLIED,
    OPEN_TO_CHANGES,
    ConflictDecision,
    ListMeaning,
    ListState,
    Outcome,
    PlateList,
    PlateListRow,
    WrongListState,
    outcome_counts,
)
from permits.plates import Plate, PlateRefusal
from permits.reading import ListRow, read_list
from permits.reviewed_row import ReviewedRow
from permits.reviewing import (
    NO_HOUSEHOLD,
    Register,
    Registered,
    parse_rows,
    plates_among,
    review,
)
from permits.reviewing_removals import review_removals
from permits.vehicles import Household, Vehicle, VehicleState
from records import ledger
from records.batches import batches
from records.file_store import FileStore
from records.sealed import Sealer
from zones.communities import Compound, hold

_WIDTHS = {"sheet": 80, "raw": 200, "building": 20, "unit": 20, "room": 20}
"""What is kept of a row's texts, in characters: no real plate or household comes near it."""


@dataclass(frozen=True)
class Review:
    """A list's rows with their outcomes, and what a whole list leaves out.

    Attributes:
        removals: plates the compound has and the whole list has not; empty for other meanings.
    """

    rows: tuple[ReviewedRow, ...]
    removals: tuple[str, ...]


def load_register(
    session: Session,
    compound: Compound,
    plates: Sequence[str],
    handed_in: PlateList | None = None,
    leaving: Collection[str] = (),
) -> Register:
    """Return what a review of these plates for this compound needs to know.

    Args:
        handed_in: the list under review: only claims handed in before it are its rivals, so that
            of two lists with one plate the second has the conflict, whichever is decided first.
        leaving: plates of the compound's vehicles that the list removes.
    """
    vehicles: dict[str, Registered] = {}
    pending: dict[str, int] = {}
    for batch in batches(plates):
        found = session.execute(
            select(
                Vehicle.plate,
                Vehicle.id,
                Vehicle.compound_id,
                Vehicle.details_digest,
                RESIDENT,
                Household.building,
                Household.unit,
                Household.room,
            )
            .outerjoin(Household, Vehicle.household_id == Household.id)
            .where(
                Vehicle.community_id == compound.community_id,
                Vehicle.plate.in_(batch),
                Vehicle.state == VehicleState.ACTIVE,
            )
        )
        for plate, vehicle_id, compound_id, digest, resident, building, unit, room in found:
            household = NO_HOUSEHOLD if building is None else (building, unit, room)
            vehicles[plate] = Registered(vehicle_id, compound_id, household, digest, resident)
        claims = session.execute(
            select(PlateListRow.plate, PlateList.compound_id)
            .join(PlateList)
            .join(Compound, PlateList.compound_id == Compound.id)
            .where(
                PlateListRow.plate.in_(batch),
                _stands_as_claim(),
                PlateList.compound_id != compound.id,
                Compound.community_id == compound.community_id,
                *_handed_in_before(handed_in),
            )
            .order_by(PlateList.submitted_at.desc(), PlateList.id.desc())
        )
        pending.update({plate: compound_id for plate, compound_id in claims if plate})
    limits = limits_of(session, compound)
    taken = taken_of(session, compound, limits, leaving)
    waiting = waiting_claims(session, compound, limits)
    return Register(compound.id, limits, vehicles, pending, taken, waiting)


def _stands_as_claim() -> ColumnElement[bool]:
    """Return the condition that a row claims its plate and the claim is not decided yet."""
    waiting = PlateList.state == ListState.SUBMITTED
    return or_(
        and_(PlateListRow.outcome.in_(APPLIED), waiting),
        and_(
            PlateListRow.outcome == Outcome.CONFLICT,
            PlateList.state.in_(HANDED_IN),
            or_(
                PlateListRow.decision.is_(None),
                and_(PlateListRow.decision == ConflictDecision.MOVE, waiting),
            ),
        ),
    )


def _handed_in_before(plate_list: PlateList | None) -> list[ColumnElement[bool]]:
    if plate_list is None:
        return []
    at, number = plate_list.submitted_at, plate_list.id
    same_time = and_(PlateList.submitted_at == at, PlateList.id < number)
    return [or_(PlateList.submitted_at < at, same_time)]


def review_list(
    session: Session,
    compound: Compound,
    rows: Iterable[ListRow],
    meaning: ListMeaning,
    sealer: Sealer,
) -> Review:
    """Return the review of a list's rows against the register as it is now."""
    parsed = parse_rows(map(_as_kept, rows), compound.community.province)
    return review_parsed(session, compound, parsed, meaning, sealer)


def review_parsed(
    session: Session,
    compound: Compound,
    parsed: Sequence[tuple[ListRow, Plate | PlateRefusal | None]],
    meaning: ListMeaning,
    sealer: Sealer,
    handed_in: PlateList | None = None,
    left_out: Collection[int] = (),
) -> Review:
    """Return the review of rows whose plates are parsed already.

    A row that is left out says nothing about its car: a whole list does not remove it either.

    Args:
        handed_in: the list, if it was handed in: it removes only what it removed then.
        left_out: places, from 0, of rows that are left out.
    """
    plates = plates_among(parsed)
    leaving: Sequence[str] = ()
    if meaning is ListMeaning.WHOLE:
        leaving = _left_out(session, compound, plates)
        if handed_in is not None:
            absent = frozenset(leaving)
            leaving = [one for one in handed_in.removals if one in absent]
    register = load_register(session, compound, plates, handed_in, leaving)
    if meaning is ListMeaning.REMOVE:
        reviewed = review_removals(parsed, register, left_out)
    else:
        reviewed = review(parsed, register, sealer.digest, left_out)
    return Review(tuple(reviewed), tuple(leaving))


def _left_out(session: Session, compound: Compound, plates: Iterable[str]) -> list[str]:
    """Return the compound's plates that are not among these."""
    listed = set(plates)
    present = session.scalars(
        select(Vehicle.plate)
        .where(Vehicle.compound_id == compound.id, Vehicle.state == VehicleState.ACTIVE)
        .order_by(Vehicle.plate)
    )
    return [plate for plate in present if plate not in listed]


def _as_kept(row: ListRow) -> ListRow:
    """Return the row as the database can keep it, so that a later review sees the same."""
    fitted = {
        name: text[:width].replace("\0", "\ufffd")
        for name, width in _WIDTHS.items()
        if len(text := getattr(row, name)) > width or "\0" in text
    }
    return replace(row, **fitted) if fitted else row


def draft_from_file(
    session: Session,
    compound: Compound,
    *,
    content: bytes,
    file_name: str,
    meaning: ListMeaning,
    files: FileStore,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> PlateList:
    """Read and review a list file and keep it as a draft, which is returned.

    Pasted text comes as UTF-8 bytes.

    Raises:
        DomainError: the file cannot be read, see `permits.reading.read_list`; nothing is kept.
    """
    reviewed = review_list(session, compound, read_list(content, file_name).rows, meaning, sealer)
    return keep_draft(
        session,
        compound,
        reviewed,
        content=content,
        file_name=file_name,
        meaning=meaning,
        files=files,
        sealer=sealer,
        actor=actor,
        at=at,
    )


def keep_draft(
    session: Session,
    compound: Compound,
    reviewed: Review,
    *,
    content: bytes,
    file_name: str,
    meaning: ListMeaning,
    files: FileStore,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> PlateList:
    """Return the reviewed list, kept with its file but not yet submitted: the register stays."""
    plate_list = PlateList(
        compound=compound,
        meaning=meaning,
        file_name=file_name[:200].replace("\0", "\ufffd"),
        file_sha256=files.keep(content),
        removals=list(reviewed.removals),
        created_by=actor,
        created_at=at,
    )
    session.add(plate_list)
    session.flush()
    for batch in batches(reviewed.rows):
        session.execute(
            insert(PlateListRow), [_columns(row, plate_list.id, sealer) for row in batch]
        )
    return plate_list


def _columns(row: ReviewedRow, list_id: int, sealer: Sealer) -> dict[str, object]:
    source = row.source
    return {
        "list_id": list_id,
        "sheet": source.sheet,
        "row": source.row,
        "raw": source.raw,
        "plate": row.plate.text if row.plate else None,
        "kind": row.plate.kind if row.plate else None,
        "building": source.building,
        "unit": source.unit,
        "room": source.room,
        "owner_sealed": sealer.seal(source.owner) if source.owner else None,
        "phone_sealed": sealer.seal(source.phone) if source.phone else None,
        "details_digest": row.details_digest,
        **indexes_of(sealer, source.owner, source.phone),
        "outcome": row.outcome,
        "reason": row.reason,
        "remarks": list(row.remarks),
        "facts": dict(row.facts),
        "claimed_by_id": row.claimed_by,
    }


def submit(session: Session, plate_list: PlateList, *, actor: str, at: datetime) -> None:
    """Hand a reviewed list to the office, or a returned one again, and enter it in the ledger.

    Raises:
        WrongListState: it is with the office, decided or withdrawn.
    """
    hold(session, plate_list.compound.community_id, plate_list)
    require_state(plate_list, *OPEN_TO_CHANGES)
    plate_list.state = ListState.SUBMITTED
    plate_list.submitted_at = at
    plate_list.decided_at = plate_list.decided_by = None
    counts = outcome_counts(session, plate_list.id)
    details = {
        "letter": plate_list.compound.letter,
        "meaning": plate_list.meaning,
        "file_sha256": plate_list.file_sha256,
        "outcomes": {outcome: count for outcome, count in counts.items() if count},
        "removals": len(plate_list.removals),
    }
    if mended := _mended(session, plate_list.id):
        # The rows no longer say what the file of that hash says.
        details["mended"] = mended
    act = ledger.Act("list.submitted", f"list:{plate_list.id}", details)
    ledger.append(session, actor, [act], at)


def withdraw(session: Session, plate_list: PlateList, *, actor: str, at: datetime) -> None:
    """Take back a list that staff have not decided.

    Raises:
        WrongListState: it is decided or withdrawn already.
    """
    hold(session, plate_list.compound.community_id, plate_list)
    require_state(plate_list, *OPEN_TO_CHANGES, ListState.SUBMITTED)
    was_submitted = plate_list.state == ListState.SUBMITTED
    plate_list.state = ListState.WITHDRAWN
    if was_submitted:
        act = ledger.Act("list.withdrawn", f"list:{plate_list.id}", {})
        ledger.append(session, actor, [act], at)


def _mended(session: Session, list_id: int) -> int:
    query = select(func.count()).where(
        PlateListRow.list_id == list_id, PlateListRow.mended_at.is_not(None)
    )
    return session.scalar(query) or 0


def require_state(plate_list: PlateList, *states: ListState) -> None:
    """Go on only with a list in one of these states.

    Raises:
        WrongListState: it is in another one.
    """
    if plate_list.state not in states:
        raise WrongListState(number=plate_list.id, state=plate_list.state)
