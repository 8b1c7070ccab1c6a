"""The figures of one bench run, and how they are shown."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from scripts.benchmarks.fair_proposal import fair_figures
from scripts.benchmarks.gate import gate_figures
from scripts.benchmarks.lists import list_figures
from scripts.benchmarks.printing import print_figures
from scripts.benchmarks.searching import search_figures
from scripts.benchmarks.sizes import Sizes

PARTS: dict[str, Callable[[Sizes], dict[str, float]]] = {
    "print": print_figures,
    "gate": gate_figures,
    "lists": list_figures,
    "search": search_figures,
    "fair_proposal": fair_figures,
}


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        target: what the figure should reach; empty where it only stands beside the others.
    """

    part: str
    name: str
    meaning: str
    target: str = ""


TABLE = (
    Line("print", "times_reportlab_widget", "our rate / QrCodeWidget's", "at least 25"),
    Line("print", "times_floor", "our time / with matrices ready", "at most 2"),
    Line("print", "times_ready_paths", "our time / with path operators ready"),
    Line("print", "bytes_per_permit", "bytes of the file", "at most 1700"),
    Line("print", "mb_per_1000", "MB of memory for 1000 more permits", "below 2"),
    Line("print", "permits_per_second", "permits a second on one core"),
    Line("lists", "times_openpyxl_read", "our time / openpyxl's mere reading", "below 1"),
    Line("lists", "seconds", "seconds to read and review"),
    Line("search", "times_bare_select", "slowest kind of search / indexed SELECT", "at most 20"),
    Line("search", "slowest_seconds", "seconds of processor time of that search", "below 0.1"),
    Line("search", "part_of_plate_seconds", "the same for a part of a plate", "below 0.1"),
    Line(
        "fair_proposal",
        "times_one_stage_of_highs",
        "our time / one stage in HiGHS",
        "at most 10",
    ),
    Line("fair_proposal", "times_small", "12 compounds × 60 zones / 4 × 12"),
    Line("fair_proposal", "seconds", "seconds of processor time for 12 × 60", "below 10"),
    *(
        Line("gate", prefix + name, f"{database}: {meaning}", target)
        for prefix, database in (("", "SQLite"), ("postgresql_", "PostgreSQL"))
        for name, meaning, target in (
            ("share_of_bare_route", "decisions / bare SELECTs", "at least 0.6"),
            ("p99_times_bare_route", "p99 of decisions / of bare SELECTs", "at most 2"),
            ("slowdown_3k_to_1m", "decisions in the small register / large", "at most 1.2"),
            ("guard_share_of_bare_route", "the guard's decisions / bare SELECTs", "at least 0.6"),
            ("recording_share_of_bare_route", "passes / bare SELECTs + INSERTs", "at least 0.55"),
            ("recording_slowdown_3k_to_1m", "passes in the small register / large", "at most 1.2"),
            ("batch_passes_per_second", "passes a second in batches", "at least 10000"),
            ("decisions_per_second", "decisions a second", ""),
            ("recordings_per_second", "passes a second, one by one", ""),
        )
    ),
)


def measure(sizes: Sizes, parts: Iterable[str] = tuple(PARTS)) -> dict[str, Any]:
    """Return the document that `scripts/bench --json` prints, or only some parts of it."""
    start = time.monotonic()
    figures = {
        part: {name: round(value, 4) for name, value in PARTS[part](sizes).items()}
        for part in parts
    }
    return {
        **figures,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "run_seconds": round(time.monotonic() - start, 1),
    }


def table(document: dict[str, Any]) -> str:
    """Return the figures as a table for people."""
    rows = [("", "figure", "", "target")]
    rows += [
        (line.part, line.meaning, f"{document[line.part][line.name]:,.2f}", line.target)
        for line in TABLE
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{part:<{widths[0]}}  {meaning:<{widths[1]}}  {value:>{widths[2]}}  {target}".rstrip()
        for part, meaning, value, target in rows
    ]
    registered = document["gate"]["registered"]
    return "\n".join(
        [
            *lines,
            "",
            f"Python {document['python']}, {document['cores']} cores, "
            f"{document['run_seconds']:.0f} s; large register: {registered:,.0f} vehicles",
        ]
    )
