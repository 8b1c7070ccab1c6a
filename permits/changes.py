"""Which vehicles and permits devices have to learn of again, by the ledger's numbers."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from permits.permit import Permit
from permits.vehicles import Vehicle
from records.ledger import Head


def mark(row: Vehicle | Permit) -> None:
    """Say that devices have to learn of a row again; the act's end stamps it."""
    row.changed = None
    # Written whatever this session believes: the row may have been stamped behind its back.
    flag_modified(row, "changed")


def stamp(session: Session, head: Head) -> None:
    """Give every vehicle and permit that the present act touched the ledger's new head number.

    An act that adds vehicles or permits, or ends them, calls this after its last entry. Appending
    to the ledger keeps all others out until the transaction ends, so whoever sees a head sees
    every row up to it: rows whose number is above a device's cursor are all that it lacks.
    """
    for model in (Vehicle, Permit):
        session.execute(
            update(model)
            .where(model.changed.is_(None))
            .values(changed=head.number)
            .execution_options(synchronize_session="evaluate")
        )
