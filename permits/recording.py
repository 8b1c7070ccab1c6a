"""Recording passes that devices kept: what they showed, and what was known at their moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import Table, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from permits import register
from permits.confidence import doubted
from permits.deciding import Asked, known_of
from permits.facts import Facts, facts_of
from permits.gate import Decision, decide
from permits.passes import Direction, GateEvent, PassKind
from permits.register import Found, among
from permits.verdicts import Reason, Verdict
from permits.visitor_pass import VisitKind, VisitorPass
from permits.webhooks import tell_of_passes
from records.database import is_sqlite
from records.errors import DomainError


class NotYourGate(DomainError):
    """A pass names a `gate` at which who sends it does not work."""

    code: ClassVar[str] = "not_your_gate"
    status: ClassVar[int] = 403


@dataclass(frozen=True, slots=True)
class DevicePass:
    """A pass as a device kept it.

    Attributes:
        uuid: given by the device, lower case with hyphens (RFC 9562).
        at: the moment by the device's clock.
        scanned, plate: what was scanned or typed; neither, where a guard let an ambulance pass.
        verdict, reasons: what the device showed. A machine that decides nothing itself leaves the
            verdict out, and the server's counts; something was scanned or read then.
        let_through: None where the machine does as the verdict says.
        offline: whether the device had no network.
        kind: what the guard said it is; a plain car is looked up.
        doubtful: whether a machine read the plate less surely than its limit allows.
    """

    uuid: str
    gate_id: int
    direction: Direction
    at: datetime
    let_through: bool | None
    verdict: Verdict | None
    reasons: tuple[Reason, ...]
    scanned: str | None = None
    plate: str | None = None
    offline: bool = True
    kind: PassKind = PassKind.CAR
    doubtful: bool = False


@dataclass(frozen=True)
class Recorded:
    """What became of passes that a device sent.

    Attributes:
        taken: UUIDs of those that are kept, now or since before.
        refused: why each of the others is not, by UUID.
        decisions: by what the register knew at the taken passes' moments, by UUID; none where
            nothing was scanned or typed.
    """

    taken: tuple[str, ...]
    refused: Mapping[str, DomainError]
    decisions: Mapping[str, Decision]


_EVENTS: Table = GateEvent.__table__  # type: ignore[assignment]
_VISITS: Table = VisitorPass.__table__  # type: ignore[assignment]


def record_passes(
    session: Session,
    community_id: int,
    passes: Iterable[DevicePass],
    *,
    gates: Collection[int],
    received_at: datetime,
    guard_id: int | None = None,
    device_id: int | None = None,
) -> Recorded:
    """Record what devices kept: in any order, each UUID once, however often it is sent.

    Each pass is decided again by what the register knew at its moment; where that verdict is not
    the one that the device showed, the pass is marked for staff to look at. Whoever listens is told
    of refusals (see `permits.webhooks`).

    Args:
        gates: ids of the gates at which the sender works; passes elsewhere are refused.
        received_at: the server's time.
    """
    sent: dict[str, DevicePass] = {}
    for one in passes:
        sent.setdefault(one.uuid, one)
    refused = {
        one.uuid: NotYourGate(gate=one.gate_id) for one in sent.values() if one.gate_id not in gates
    }
    # In one order: two requests with the same passes then wait for each other, and neither fails.
    kept = [sent[uuid] for uuid in sorted(sent.keys() - refused.keys())]
    decisions: dict[str, Decision] = {}
    if kept:
        rows, decisions = _decide_again(session, community_id, kept, received_at)
        common = {"guard_id": guard_id, "device_id": device_id, "received_at": received_at}
        _insert_all(session, [{**common, **row} for row in rows])
        told = [row["uuid"] for row in rows if _is_refusal(row)]
        tell_of_passes(session, community_id, told, at=received_at)
    return Recorded(tuple(one.uuid for one in kept), refused, decisions)


def _is_refusal(row: Mapping[str, Any]) -> bool:
    return Verdict.REFUSE in (row["verdict"], row["known_verdict"])


def _insert(dialect: Any) -> Any:
    return dialect.insert(_EVENTS).on_conflict_do_nothing(index_elements=["uuid"])


# Made once: making them takes as long as one insert.
_INSERT = {True: _insert(sqlite), False: _insert(postgresql)}


@lru_cache(maxsize=1)
def _insert_document(names: tuple[str, ...]) -> Any:
    """Return the insert of one JSON document of rows with these columns."""
    sent = (
        func.jsonb_to_recordset(bindparam("rows", type_=postgresql.JSONB))
        .table_valued(*(column(name, _EVENTS.c[name].type) for name in names))
        .render_derived(with_types=True)
    )
    return _INSERT[False].from_select(names, select(*sent.c), include_defaults=False)


def _insert_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if is_sqlite(session) or len(rows) == 1:
        session.execute(_INSERT[is_sqlite(session)], rows)
        return
    # As one document that the server takes apart: a third of the time of a row at a time.
    document = [
        {**row, "at": row["at"].isoformat(), "received_at": row["received_at"].isoformat()}
        for row in rows
    ]
    session.execute(_insert_document(tuple(rows[0])), {"rows": document})


def _decide_again(
    session: Session, community_id: int, passes: Sequence[DevicePass], received_at: datetime
) -> tuple[list[dict[str, Any]], dict[str, Decision]]:
    """Return the passes as rows, each with what was known at its moment, and the decisions."""
    asked = [Asked.of(one.scanned, one.plate) for one in passes]
    numbers = sorted({number for one in asked for number in one.numbers})
    plates = sorted({plate for one in asked for plate in one.plates})
    found = register.find(session, community_id, numbers=numbers, plates=plates)
    facts = facts_of(session, community_id, found.head)
    # One car's visits are asked for where it has no permit, those of many beforehand.
    visitors = _visitors(session, community_id, plates) if len(plates) > 1 else None
    decisions: list[Decision | None] = []
    for one, question in zip(passes, asked, strict=True):
        if one.scanned is None and one.plate is None:
            decisions.append(None)
            continue
        # A clock that runs ahead tells nothing of what will be known.
        at = min(one.at, received_at)
        known = known_of(session, community_id, found, facts, at, visitors)
        decision = decide(at=at, known=known, scanned=question.scanned, plate=one.plate)
        decisions.append(doubted(decision) if one.doubtful else decision)
    ids = _Ids(session, community_id, found, facts, decisions)
    pairs = list(zip(passes, decisions, strict=True))
    return (
        [_row(one, decision, ids) for one, decision in pairs],
        {one.uuid: decision for one, decision in pairs if decision is not None},
    )


def _visitors(session: Session, community_id: int, plates: Sequence[str]) -> frozenset[str]:
    """Return those of some plates that were ever registered for a visit."""
    if not plates:
        return frozenset()
    found = session.scalars(
        select(VisitorPass.plate).where(
            VisitorPass.community_id == community_id,
            among(_VISITS.c.plate, "plates", sqlite=is_sqlite(session)),
        ),
        {"plates": list(plates)},
    )
    return frozenset(found)


class _Ids:
    """Turns the numbers that decisions name into the ids that rows refer to."""

    def __init__(
        self,
        session: Session,
        community_id: int,
        found: Found,
        facts: Facts,
        decisions: Sequence[Decision | None],
    ) -> None:
        self.permits = {one.number: one.id for one in found.permits.values()}
        for cars in found.cars.values():
            self.permits.update({one.number: one.id for car in cars for one in car.permits})
        self.compounds = {number: key for key, number in facts.compound_numbers.items()}
        visits = {one.visit.number for one in decisions if one is not None and one.visit}
        self.visits: dict[int, int] = {}
        if visits:
            rows = session.execute(
                select(VisitorPass.number, VisitorPass.id).where(
                    VisitorPass.community_id == community_id, VisitorPass.number.in_(visits)
                )
            )
            self.visits = dict(rows.all())


def _row(one: DevicePass, decision: Decision | None, ids: _Ids) -> dict[str, Any]:
    if decision is not None and one.verdict is None:
        one = replace(one, verdict=decision.verdict, reasons=decision.reasons)
    if one.let_through is None:
        one = replace(one, let_through=one.verdict is Verdict.ADMIT)
    shown = [str(reason) for reason in one.reasons]
    row: dict[str, Any] = {
        "uuid": one.uuid,
        "gate_id": one.gate_id,
        "direction": one.direction,
        "verdict": one.verdict,
        "reasons": shown,
        "offline": one.offline,
        "let_through": one.let_through,
        "at": one.at,
        # Where nothing was scanned or typed there is nothing to decide again.
        "permit_id": None,
        "visitor_pass_id": None,
        "compound_id": None,
        "kind": one.kind,
        "plate": None,
        "known_verdict": one.verdict,
        "known_reasons": shown,
        "differs": False,
    }
    if decision is not None:
        sign, visit = decision.sign, decision.visit
        row |= {
            "permit_id": ids.permits.get(decision.permit_number or 0),
            "visitor_pass_id": ids.visits.get(visit.number) if visit else None,
            "compound_id": ids.compounds.get(sign.number) if sign else None,
            "kind": _kind(one.kind, decision),
            "plate": decision.plate,
            "known_verdict": decision.verdict,
            "known_reasons": [str(reason) for reason in decision.reasons],
            "differs": decision.verdict is not one.verdict,
        }
    return row


def _kind(given: PassKind, decision: Decision) -> PassKind:
    """Return what a car was: what the guard said, or what the decision knows of a plain car."""
    if given is not PassKind.CAR:
        return given
    if Reason.SERVICE_VEHICLE in decision.reasons:
        return PassKind.SERVICE
    if decision.visit is not None:
        dropped = decision.visit.kind == VisitKind.DROP_OFF
        return PassKind.DROP_OFF if dropped else PassKind.VISITOR
    return PassKind.VISITOR if Reason.VISITOR_OK in decision.reasons else PassKind.CAR
