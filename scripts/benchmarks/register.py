"""A register of any size: the demo's community, filled up with numbered vehicles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, Date, Insert, String, cast, false, func, insert, literal, select, text
from sqlalchemy.orm import Session

from app.config import Home
from app.demo import load_demo
from permits.permit import Permit, PermitState
from permits.plates import LETTERS, PlateKind
from permits.vehicles import Vehicle, VehicleState
from records import migrating
from records.database import UtcDateTime, open_engine
from records.file_store import FileStore
from records.keys import KeyStore
from records.sealed import Sealer
from zones.communities import Compound

AT = datetime.now(UTC)
FIRST_DAY, LAST_DAY = AT.date() - timedelta(days=2), AT.date() + timedelta(days=300)
PER_LETTER = 100_000


def plate_of(number: int) -> str:
    """Return the plate of a numbered vehicle; the demo has none of its kind."""
    return f"粤{LETTERS[number // PER_LETTER]}{number % PER_LETTER:05d}"


def make_register(
    home: Home, registered: int, *, permits: bool = False, database_url: str = ""
) -> range:
    """Fill an installation up to a number of vehicles and return the numbers of those added.

    The vehicle `plate_of(n)` belongs to the compound with the number `1 + n % 4`, and, where
    permits are asked for, has the permit numbered `n`.

    Args:
        database_url: of an empty database, by default SQLite in the home folder.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    engine = open_engine(database_url or f"sqlite:///{home.database}")
    migrating.upgrade(engine)
    keys = KeyStore(home.keys)
    with Session(engine) as session:
        load_demo(
            session,
            keys=keys,
            files=FileStore(home.files),
            sealer=Sealer(keys.sealing_key()),
            sign_ins=home.demo_sign_ins,
            at=AT,
        )
        taken = [
            session.scalar(select(func.max(column))) or 0 for column in (Vehicle.id, Permit.number)
        ]
        numbers = range(max(taken) + 1, registered + 1)
        session.execute(_vehicles(numbers))
        if permits:
            session.execute(_permits(numbers))
        session.commit()
    with engine.begin() as connection:
        # As a database that has been in use for a while knows its own tables.
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return numbers


def _counted(numbers: range) -> tuple[CTE, Any]:
    """Return a table of numbers `i`, and the condition that gives each its compound."""
    count = select(literal(numbers[0]).label("i")).cte("counted", recursive=True)
    count = count.union_all(select(count.c.i + 1).where(count.c.i < numbers[-1]))
    return count, Compound.number == 1 + count.c.i % 4


def _digits(number: Any, length: int) -> Any:
    """Return the last digits of a number with zeros in front, in SQL."""
    return func.substr(cast(10**length + number % 10**length, String), 2)


def _plate(number: Any) -> Any:
    """Return `plate_of` in SQL."""
    letter = func.substr(literal(LETTERS), 1 + number // PER_LETTER, 1)
    return literal("粤").concat(letter).concat(_digits(number, 5))


def _vehicles(numbers: range) -> Insert:
    count, compound_is = _counted(numbers)
    values = {
        "id": count.c.i,
        "community_id": Compound.community_id,
        "compound_id": Compound.id,
        "plate": _plate(count.c.i),
        "kind": literal(PlateKind.ORDINARY.value),
        "state": literal(VehicleState.ACTIVE.value),
        "added_at": literal(AT, UtcDateTime()),
    }
    rows = select(*values.values()).select_from(count).join(Compound, compound_is)
    return insert(Vehicle).from_select(list(values), rows, include_defaults=False)


def _permits(numbers: range) -> Insert:
    count, compound_is = _counted(numbers)
    values = {
        "community_id": Compound.community_id,
        "compound_id": Compound.id,
        "vehicle_id": count.c.i,
        "number": count.c.i,
        # No decision looks at the check digit.
        "serial": Compound.letter.concat("-").concat(_digits(count.c.i, 7)).concat("-0"),
        "plate": _plate(count.c.i),
        "key_id": literal(1),
        "valid_from": literal(FIRST_DAY, Date()),
        "valid_to": literal(LAST_DAY, Date()),
        "state": literal(PermitState.ISSUED.value),
        "is_temporary": false(),
        "issued_at": literal(AT, UtcDateTime()),
    }
    rows = select(*values.values()).select_from(count).join(Compound, compound_is)
    return insert(Permit).from_select(list(values), rows, include_defaults=False)
