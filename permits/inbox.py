"""The inbox: everything that waits for the office, from one table of sources, by age."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select, union_all
from sqlalchemy.orm import Session

from permits.conflicts import conflicts_query
from permits.infringement import InfringementReport, ReportState
from permits.issuing import lacks_permit
from permits.passes import GateEvent, differing_query
from permits.permit import Permit, PermitState, counted
from permits.plate_list import ListState, PlateList, PlateListRow, lists_query
from permits.reporting import reports_query
from permits.request import CarRequest, RequestState, requests_query
from permits.suspension import Suspension, contests_query, proposals_query
from permits.vehicles import Vehicle
from permits.waiting_car import ClaimState, WaitingCar
from permits.warning import CarWarning
from zones.communities import Community, Compound


class InboxKind(enum.StrEnum):
    """What an entry asks of the office."""

    LIST = "list"
    CONFLICT = "conflict"
    REQUEST = "request"
    REPORT = "report"
    LOOK_BACK = "look_back"
    SUSPENSION = "suspension"
    CONTEST = "contest"
    DIFFERING = "differing"
    PLACE = "place"
    ISSUE = "issue"
    PRINT = "print"
    HAND_OUT = "hand_out"


@dataclass(frozen=True)
class Waiting:
    """One entry of the inbox.

    Attributes:
        at: since when it waits.
        compound: whose it is, None for what no compound has.
        subject: id of what is to be decided; of what is counted together, the compound's.
        text: a plate or a file's name, empty where there is none.
        amount: how many things the entry stands for.
    """

    kind: InboxKind
    at: datetime
    compound: Compound | None
    subject: int
    text: str
    amount: int


def waiting(
    session: Session,
    community: Community,
    at: datetime,
    kind: InboxKind | None = None,
    *,
    limit: int,
    offset: int = 0,
) -> list[Waiting]:
    """Return a part of what waits at a moment, the oldest first; all kinds or one."""
    entries = _entries(community, at, kind)
    columns = entries.c
    rows = session.execute(
        select(entries)
        .order_by(columns.at, columns.kind, columns.subject)
        .limit(limit)
        .offset(offset)
    )
    compounds = {one.id: one for one in community.compounds}
    return [
        Waiting(
            kind=InboxKind(row.kind),
            at=row.at,
            compound=compounds.get(row.compound_id),
            subject=row.subject,
            text=row.text or "",
            amount=row.amount,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class KindCount:
    """How much of one kind waits: `entries` of the list, which stand for so many `things`."""

    entries: int = 0
    things: int = 0


def waiting_counts(
    session: Session, community: Community, at: datetime
) -> dict[InboxKind, KindCount]:
    """Return how much of each kind waits; every kind is a key."""
    columns = _entries(community, at).c
    found = session.execute(
        select(columns.kind, func.count(), func.sum(columns.amount)).group_by(columns.kind)
    )
    counts = dict.fromkeys(SOURCES, KindCount())
    for kind, entries, things in found:
        counts[InboxKind(kind)] = KindCount(entries, int(things))
    return counts


def _entries(community: Community, at: datetime, kind: InboxKind | None = None) -> Subquery:
    return union_all(
        *(
            source(community, at).add_columns(literal(str(one)).label("kind"))
            for one, source in SOURCES.items()
            if kind in (None, one)
        )
    ).subquery()


def _one_by_one(
    query: Select[Any], since: Any, compound_id: Any, key: Any, text: Any
) -> Select[Any]:
    return query.order_by(None).with_only_columns(
        since.label("at"),
        compound_id.label("compound_id"),
        key.label("subject"),
        text.label("text"),
        literal(1).label("amount"),
        maintain_column_froms=True,
    )


def _by_compound(model: type[Permit] | type[Vehicle], since: Any) -> Select[Any]:
    """Return one entry for each compound: nobody decides on a thousand cards one by one."""
    return select(
        func.min(since).label("at"),
        model.compound_id.label("compound_id"),
        model.compound_id.label("subject"),
        literal("").label("text"),
        func.count().label("amount"),
    ).group_by(model.compound_id)


def _lists(community: Community, _at: datetime) -> Select[Any]:
    query = lists_query(community, states=[ListState.SUBMITTED])
    return _one_by_one(
        query, PlateList.submitted_at, PlateList.compound_id, PlateList.id, PlateList.file_name
    )


def _conflicts(community: Community, _at: datetime) -> Select[Any]:
    query = conflicts_query(community, open_only=True)
    return _one_by_one(
        query, PlateList.submitted_at, PlateList.compound_id, PlateListRow.id, PlateListRow.plate
    )


def _requests(community: Community, _at: datetime) -> Select[Any]:
    one = CarRequest
    query = requests_query(community, state=RequestState.OPEN).outerjoin(
        Vehicle, one.vehicle_id == Vehicle.id
    )
    plate = func.coalesce(Vehicle.plate, one.plate)
    return _one_by_one(query, one.created_at, one.compound_id, one.id, plate)


def _reports(community: Community, _at: datetime) -> Select[Any]:
    one = InfringementReport
    return _one_by_one(
        reports_query(community, ReportState.OPEN), one.at, one.compound_id, one.id, one.plate
    )


def _look_backs(community: Community, at: datetime) -> Select[Any]:
    one = InfringementReport
    query = reports_query(community, ReportState.ANSWERED).where(one.look_back_due <= at)
    return _one_by_one(query, one.look_back_due, one.compound_id, one.id, one.plate)


def _proposals(community: Community, _at: datetime) -> Select[Any]:
    query = proposals_query(community, None).join(Vehicle)
    return _one_by_one(query, CarWarning.at, Vehicle.compound_id, CarWarning.id, CarWarning.plate)


def _contests(community: Community, at: datetime) -> Select[Any]:
    query = contests_query(community, at).join(Vehicle)
    return _one_by_one(
        query, Suspension.contested_at, Vehicle.compound_id, Suspension.id, Suspension.plate
    )


def _passes(community: Community, _at: datetime) -> Select[Any]:
    one = GateEvent
    return _one_by_one(differing_query(community), one.at, one.compound_id, one.id, one.plate)


def _places(community: Community, _at: datetime) -> Select[Any]:
    one = WaitingCar
    free = select(one).where(
        one.community_id == community.id,
        one.state == ClaimState.WAITING,
        one.place_since.is_not(None),
    )
    return _one_by_one(free, one.place_since, one.compound_id, one.compound_id, one.plate)


def _to_issue(community: Community, _at: datetime) -> Select[Any]:
    cars = _by_compound(Vehicle, Vehicle.added_at)
    return cars.where(Vehicle.community_id == community.id, lacks_permit())


def _to_print(community: Community, _at: datetime) -> Select[Any]:
    permits = _by_compound(Permit, Permit.issued_at)
    return permits.where(
        Permit.community_id == community.id, counted(), Permit.state == PermitState.ISSUED
    )


def _to_hand_out(community: Community, _at: datetime) -> Select[Any]:
    permits = _by_compound(Permit, Permit.printed_at)
    return permits.where(
        Permit.community_id == community.id, counted(), Permit.state == PermitState.PRINTED
    )


Source = Callable[[Community, datetime], Select[Any]]
"""Gives the entries that wait at a moment, with the columns of `_one_by_one`."""

SOURCES: Mapping[InboxKind, Source] = {
    InboxKind.LIST: _lists,
    InboxKind.CONFLICT: _conflicts,
    InboxKind.REQUEST: _requests,
    InboxKind.REPORT: _reports,
    InboxKind.LOOK_BACK: _look_backs,
    InboxKind.SUSPENSION: _proposals,
    InboxKind.CONTEST: _contests,
    InboxKind.DIFFERING: _passes,
    InboxKind.PLACE: _places,
    InboxKind.ISSUE: _to_issue,
    InboxKind.PRINT: _to_print,
    InboxKind.HAND_OUT: _to_hand_out,
}
"""Where the entries come from, in the order in which the inbox names its kinds.

Words and addresses of each are in `app.inbox_shown`.
"""
