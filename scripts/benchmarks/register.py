"""A register of any size: the demo's community, filled up with numbered vehicles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.config import Home
from app.demo import load_demo
from permits.file_store import FileStore
from permits.permit import Permit
from permits.plates import LETTERS, PlateKind
from permits.serials import serial
from permits.vehicles import Vehicle
from records import migrating
from records.database import open_engine
from records.keys import KeyStore
from records.sealed import Sealer

AT = datetime.now(UTC)
FIRST_DAY, LAST_DAY = AT.date() - timedelta(days=2), AT.date() + timedelta(days=300)
PER_LETTER = 100_000

_VEHICLES = text(
    "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
    "INSERT INTO vehicles (id, community_id, compound_id, plate, kind, state, added_at) "
    "SELECT i, c.community_id, c.id, plate_of(i), :kind, 'active', :at "
    "FROM n JOIN compounds c ON c.number = 1 + i % 4"
)
_PERMITS = text(
    "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
    "INSERT INTO permits (community_id, compound_id, vehicle_id, number, serial, plate, key_id,"
    " valid_from, valid_to, state, issued_at) "
    "SELECT c.community_id, c.id, i, i, serial_of(c.letter, i), plate_of(i), 1, :start, :end,"
    " 'issued', :at FROM n JOIN compounds c ON c.number = 1 + i % 4"
)


def plate_of(number: int) -> str:
    """Return the plate of a numbered vehicle; the demo has none of its kind."""
    return f"粤{LETTERS[number // PER_LETTER]}{number % PER_LETTER:05d}"


def make_register(home: Home, registered: int, *, permits: bool = False) -> range:
    """Fill an installation up to a number of vehicles and return the numbers of those added.

    The vehicle `plate_of(n)` belongs to the compound with the number `1 + n % 4`, and, where
    permits are asked for, has the permit numbered `n`.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    engine = open_engine(f"sqlite:///{home.database}")
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
        sqlite = session.connection().connection.driver_connection
        sqlite.create_function("plate_of", 1, plate_of, deterministic=True)
        sqlite.create_function("serial_of", 2, serial, deterministic=True)
        bounds = {"first": numbers[0], "last": numbers[-1], "at": f"{AT:%Y-%m-%d %H:%M:%S.%f}"}
        session.execute(_VEHICLES, {**bounds, "kind": PlateKind.ORDINARY})
        if permits:
            session.execute(_PERMITS, {**bounds, "start": FIRST_DAY, "end": LAST_DAY})
        session.commit()
    engine.dispose()
    return numbers
