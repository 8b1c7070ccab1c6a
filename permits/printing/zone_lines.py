"""Setting the zones of a permit in the room there is."""

from __future__ import annotations

from collections.abc import Iterator

from permits.printing.layouts import Field
from permits.printing.typefaces import ASCENT, BOLD, tight, width_mm

SHRINK = 0.96
SEPARATOR = " · "


def fitted_zones(
    zones: str, field: Field, label_gap: float, line_em: float
) -> tuple[float, list[str]]:
    """Return the largest size at which the zones fit their field, and their lines at that size.

    Lines break between zones only: a zone and its hours stay together, and zones with hours
    begin a line of their own.

    Args:
        zones: zones open all day, then those with hours, joined by ` · `.
        label_gap: room between label and value, in millimetres.
        line_em: distance of two lines, in em.
    """
    size = field.size_pt
    while True:
        em_mm = size * 25.4 / 72
        lines = list(_lines(zones, field.width, size))
        room = field.label_y - label_gap - ASCENT * em_mm - field.lowest
        if (len(lines) - 1) * line_em * em_mm <= room and all(
            _width(line, size) <= field.width for line in lines
        ):
            return size, lines
        size *= SHRINK


def _lines(zones: str, width: float, size: float) -> Iterator[str]:
    first, *others = zones.split(SEPARATOR)
    if ":" in first:
        others, first = [first, *others], ""
    for parts, joint in ((first.split(), " "), (others, SEPARATOR)):
        line = ""
        for part in parts:
            longer = f"{line}{joint}{part}" if line else part
            if line and _width(longer, size) > width:
                yield line
                longer = part
            line = longer
        if line:
            yield line


def _width(line: str, size: float) -> float:
    return width_mm(tight(line), BOLD, size)
