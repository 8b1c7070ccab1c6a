"""One line of text for the zones that are open to a colour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from zones.plans import Opening


def window_text(starts: time | None, ends: time | None) -> str:
    """Return a window such as `20:00–07:00`, or an empty text for all day."""
    return f"{starts:%H:%M}–{ends:%H:%M}" if starts is not None and ends is not None else ""


def windows_line(windows: Sequence[tuple[str, time | None, time | None]]) -> str:
    """Return `C1 C2 · S1 20:00–07:00`: zones open all day first, then those with hours.

    Args:
        windows: zone code, start and end; both None for all day.
    """
    all_day = " ".join(code for code, starts, _ in windows if starts is None)
    timed = [
        f"{code} {window_text(starts, ends)}"
        for code, starts, ends in windows
        if starts is not None
    ]
    return " · ".join(part for part in (all_day, *timed) if part)


def zones_line(openings: Sequence[Opening]) -> str:
    """Return `windows_line` of a plan's openings for one colour."""
    return windows_line([(one.zone.code, one.starts, one.ends) for one in openings])
