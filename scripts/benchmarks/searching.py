"""The office's search, against one indexed SELECT of one car."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.config import Home
from permits.searching import search
from permits.vehicles import Vehicle
from records.database import open_engine
from records.keys import KeyStore
from records.sealed import Sealer
from scripts.benchmarks.register import AT, make_register, plate_of
from scripts.benchmarks.sizes import Sizes
from scripts.benchmarks.timing import best_seconds
from zones.communities import Community

TIMES = 20
"""Searches in a round: one alone is over before the clock has moved."""


def search_figures(sizes: Sizes) -> dict[str, float]:
    """Return what is measured of the search."""
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        numbers = make_register(home, sizes.list_register, permits=True)
        engine = open_engine(f"sqlite:///{home.database}")
        sealer = Sealer(KeyStore(home.keys).sealing_key())
        plate = plate_of(numbers[len(numbers) // 2])
        household, owner = _somebody(engine, sealer)

        def searching(text: str) -> Callable[[], None]:
            return lambda: _search(engine, sealer, text)

        seconds = best_seconds(
            {
                "plate": searching(plate),
                "tail": searching(plate[2:]),
                "serial": searching(f"A-{numbers[-1]:06d}"),
                "household": searching(household),
                "owner": searching(owner),
                "part": searching(plate[:4]),
                "bare": lambda: _bare(engine, plate),
            },
            sizes.rounds,
        )
        engine.dispose()
    by_index = max(seconds[kind] for kind in ("plate", "tail", "serial", "household", "owner"))
    return {
        "times_bare_select": by_index / seconds["bare"],
        "slowest_seconds": by_index / TIMES,
        "part_of_plate_seconds": seconds["part"] / TIMES,
    }


def _somebody(engine: Engine, sealer: Sealer) -> tuple[str, str]:
    """Return a household and an owner of the demo's cars."""
    with Session(engine) as session:
        car = session.scalars(
            select(Vehicle)
            .where(Vehicle.owner_sealed.is_not(None), Vehicle.household_id.is_not(None))
            .limit(1)
        ).one()
        parts = car.household.key if car.household else ()
        return "-".join(part for part in parts if part), sealer.open(car.owner_sealed or b"")


def _search(engine: Engine, sealer: Sealer, text: str) -> None:
    for _ in range(TIMES):
        with Session(engine) as session:
            community = session.scalars(select(Community)).one()
            found = search(session, community, text, sealer=sealer, actor="bench", at=AT)
            if found.is_empty:
                raise LookupError(text)
            session.rollback()


def _bare(engine: Engine, plate: str) -> None:
    for _ in range(TIMES):
        with Session(engine) as session:
            query = select(Vehicle).where(Vehicle.community_id == 1, Vehicle.plate == plate)
            session.scalars(query).one()
