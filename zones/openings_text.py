"""One line of text for the zones that are open to a colour."""

from collections.abc import Sequence

from zones.plans import Opening


def window_text(opening: Opening) -> str:
    """Return a window such as `20:00–07:00`, or an empty text for all day."""
    if opening.starts is None or opening.ends is None:
        return ""
    return f"{opening.starts:%H:%M}–{opening.ends:%H:%M}"


def zones_line(openings: Sequence[Opening]) -> str:
    """Return `C1 C2 · S1 20:00–07:00`: zones open all day first, then those with hours."""
    all_day = " ".join(opening.zone.code for opening in openings if opening.starts is None)
    timed = [
        f"{opening.zone.code} {window_text(opening)}"
        for opening in openings
        if opening.starts is not None
    ]
    return " · ".join(part for part in (all_day, *timed) if part)
