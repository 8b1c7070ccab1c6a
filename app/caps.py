"""Caps on what anybody may ask without signing in, over all who ask together."""

from __future__ import annotations

from limits import parse_many

from app.extensions import limiter


class Cap:
    """So many tries in so long a time, such as `6 per hour; 20 per day`, for each key."""

    def __init__(self, name: str, tries: str) -> None:
        self.name = name
        self.limits = parse_many(tries)

    def has_room(self, *keys: str) -> bool:
        """Count one try under some keys, and return whether it is within every limit."""
        if not limiter.enabled:
            return True
        # Every limit counts the try, also when one before it has no room.
        hits = [limiter.limiter.hit(one, self.name, *keys) for one in self.limits]
        return all(hits)
