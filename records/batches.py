"""Statements with many values, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

BATCH = 500
"""Rows looked up or written at a time: below every database's limit of bound values."""

_Item = TypeVar("_Item")


def batches(items: Iterable[_Item], size: int = BATCH) -> Iterator[list[_Item]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
