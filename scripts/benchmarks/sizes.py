"""How much a bench run measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Sizes of one bench run.

    Attributes:
        rounds: how often each contender runs, in turns; the best of its times counts.
        permits: permits of a print run, and of one with ready-made symbols.
        widget_permits: permits of a print run with `QrCodeWidget`.
        memory_permits: a small and a large print run whose peaks of memory are compared.
        list_rows: rows of the list file.
        list_register: vehicles registered while it is reviewed.
        gate_registers: vehicles registered at the small and at the large gate.
        load_seconds: how long each contender is under load in one round, whole seconds with wrk.
        batch: passes in one batch of a guard's phone.
        batches: such batches in one round.
    """

    rounds: int
    permits: int
    widget_permits: int
    memory_permits: tuple[int, int]
    list_rows: int
    list_register: int
    gate_registers: tuple[int, int]
    load_seconds: float
    batch: int
    batches: int


FULL = Sizes(
    rounds=3,
    permits=2_500,
    widget_permits=80,
    memory_permits=(2_000, 8_000),
    list_rows=50_000,
    list_register=100_000,
    gate_registers=(3_000, 1_000_000),
    load_seconds=2,
    batch=1_000,
    batches=8,
)
QUICK = Sizes(
    rounds=2,
    permits=1_500,
    widget_permits=40,
    memory_permits=(1_000, 4_000),
    list_rows=15_000,
    list_register=30_000,
    gate_registers=(3_000, 100_000),
    load_seconds=1,
    batch=1_000,
    batches=4,
)
