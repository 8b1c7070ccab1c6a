"""Two people who act at the same moment, each with a session of their own on one database."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session


def at_once(
    engine: Engine,
    load: Callable[[Session], Any],
    *acts: Callable[[Session, Any], Any],
) -> list[Any]:
    """Return what each act returned or raised, in the order of the acts.

    Each act gets what `load` found in its own session. Where the database lets several
    transactions begin to write (PostgreSQL), all have loaded before the first one acts.
    """
    begun, loaded = Barrier(len(acts)), Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[Session, Any], Any]) -> None:
        try:
            with Session(engine) as session:
                begun.wait(30)
                found = load(session)
                if engine.dialect.name == "postgresql":
                    loaded.wait(30)
                results[place] = act(session, found)
                session.commit()
        except Exception as error:
            results[place] = error

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
