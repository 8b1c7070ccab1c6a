"""Deciding at a gate from the register, and recording the pass."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from permits.gate import (
    CompoundSign,
    Decision,
    Known,
    Registration,
    Standing,
    ZoneWindow,
    decide,
)
from permits.passes import Direction, GateEvent
from permits.permit import Permit, PermitState
from permits.vehicles import Vehicle, VehicleState
from records.keys import load_public
from records.signing_keys import public_pems
from zones.communities import Community, Compound, Gate
from zones.plans import openings_by_compound, plan_in_force


def decide_now(
    session: Session,
    community: Community,
    *,
    at: datetime,
    scanned: str | None = None,
    plate: str | None = None,
) -> Decision:
    """Return the gate decision by the register as it is now; see `permits.gate.decide`."""
    return decide(at=at, known=_known(session, community, at), scanned=scanned, plate=plate)


def _known(session: Session, community: Community, at: datetime) -> Known:
    plan = plan_in_force(session, community.id, community.local_day(at))
    openings = openings_by_compound(plan)
    compounds = {
        one.number: CompoundSign(
            one.number,
            one.name,
            one.name_en,
            one.letter,
            one.colour_key,
            tuple(
                ZoneWindow(opening.zone.code, opening.starts, opening.ends)
                for opening in openings.get(one.id, [])
            ),
        )
        for one in community.compounds
    }
    keys = {key_id: load_public(pem) for key_id, pem in public_pems(session).items()}
    return Known(
        community=community.number,
        time_zone=community.zone_info,
        as_of=at,
        public_keys=keys,
        compounds=compounds,
        permit_numbered=lambda number: _permit_numbered(session, community, number),
        registration_of=lambda plate: _registration(session, community, plate),
        plan_number=plan.number if plan else None,
    )


_Newer = aliased(Permit)
_STANDING = (
    select(
        Permit.number,
        Permit.serial,
        Permit.plate,
        Compound.number.label("compound"),
        Permit.state,
        Permit.valid_from,
        Permit.valid_to,
        _Newer.serial.label("replaced_by"),
    )
    .join(Compound, Permit.compound_id == Compound.id)
    .outerjoin(_Newer, Permit.replaced_by_id == _Newer.id)
)


def _permit_numbered(session: Session, community: Community, number: int) -> Standing | None:
    row = session.execute(
        _STANDING.where(Permit.community_id == community.id, Permit.number == number)
    ).first()
    return _standing(row._asdict()) if row else None


def _standing(facts: dict[str, object]) -> Standing:
    return Standing(**{**facts, "state": PermitState(str(facts["state"]))})  # type: ignore[arg-type]


def _registration(session: Session, community: Community, plate: str) -> Registration | None:
    vehicle = session.execute(
        select(Vehicle.id, Compound.number)
        .join(Compound, Vehicle.compound_id == Compound.id)
        .where(
            Vehicle.community_id == community.id,
            Vehicle.plate == plate,
            Vehicle.state == VehicleState.ACTIVE,
        )
    ).first()
    if vehicle is None:
        return None
    latest = session.execute(
        _STANDING.where(Permit.vehicle_id == vehicle.id).order_by(Permit.number.desc()).limit(1)
    ).first()
    return Registration(vehicle.number, _standing(latest._asdict()) if latest else None)


def record_pass(
    session: Session,
    gate: Gate,
    decision: Decision,
    *,
    direction: Direction,
    let_through: bool,
    guard_id: int | None,
    at: datetime,
) -> GateEvent:
    """Record that a car was at a gate, what was shown, and what the guard did."""
    permit_id = None
    if decision.permit_number is not None:
        permit_id = session.scalar(
            select(Permit.id).where(
                Permit.community_id == gate.community_id, Permit.number == decision.permit_number
            )
        )
    event = GateEvent(
        gate=gate,
        guard_id=guard_id,
        permit_id=permit_id,
        plate=decision.plate,
        direction=direction,
        verdict=decision.verdict,
        reasons=[str(reason) for reason in decision.reasons],
        let_through=let_through,
        at=at,
    )
    session.add(event)
    session.flush()
    return event
