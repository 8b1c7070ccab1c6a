"""How long a signing key is needed: until the last permit that it signed ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits.permit import IN_FORCE, Permit


@dataclass(frozen=True)
class KeyUse:
    """How many permits in force a key signed, and the last day of the one that lasts longest."""

    permits: int
    last_day: date


def uses_of_keys(session: Session) -> dict[int, KeyUse]:
    """Return by key id the use of each key that signed permits in force."""
    rows = session.execute(
        select(Permit.key_id, func.count(), func.max(Permit.valid_to))
        .where(Permit.state.in_(IN_FORCE))
        .group_by(Permit.key_id)
    )
    return {key_id: KeyUse(count, last_day) for key_id, count, last_day in rows}
