"""Cars that leave the register, and their permits with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from permits.ending import end_permits
from permits.permit import PermitState
from permits.vehicles import Vehicle, VehicleState


def end_vehicles(
    session: Session,
    ids: Iterable[int],
    reason: str,
    *,
    state: PermitState = PermitState.REVOKED,
    actor: str,
    at: datetime,
) -> None:
    """Take vehicles out of the register and end their permits; the caller stamps the change.

    Args:
        reason: stable code or words of why, kept with the permits.
        state: what becomes of the permits.
    """
    ids = list(ids)
    end_permits(session, ids, state, reason, actor=actor, at=at)
    # A car that was to move on a day to come is still with its old compound until then.
    plates = select(Vehicle.plate).where(Vehicle.id.in_(ids))
    session.execute(
        update(Vehicle)
        .where(Vehicle.plate.in_(plates), Vehicle.removed_at > at)
        .values(removed_at=at, changed=None)
    )
    session.execute(
        update(Vehicle)
        .where(Vehicle.id.in_(ids))
        .values(state=VehicleState.REMOVED, removed_at=at, changed=None)
    )
