"""Counting tries for the rate limits inside this process, where no Redis is set."""

from __future__ import annotations

import threading
import time
from typing import Any

from limits.storage import MemoryStorage

SWEEP_EVERY_S = 60


class ProcessMemory(MemoryStorage):
    """The library's own memory, but what is over is forgotten once a minute.

    The library does so a hundred times a second, and starts a thread each time.
    """

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - the library reads a plain class attribute

    URI = "process://"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock = threading.Lock()
        self._swept_at = time.time()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count tries under a key and return how many there are since its window began.

        Args:
            expiry: how long the window is, in seconds.
        """
        now = time.time()
        with self._lock:
            if now - self._swept_at >= SWEEP_EVERY_S:
                self._sweep(now)
            if self.expirations.get(key, 0) <= now:
                self.storage[key], self.expirations[key] = 0, now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        for key in [key for key, over_at in self.expirations.items() if over_at <= now]:
            del self.storage[key], self.expirations[key]
