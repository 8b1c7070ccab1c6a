"""Areas and maps for tests, of the least that matters."""

from __future__ import annotations

from zones.map_area import AreaKind, MapArea, MapContent
from zones.map_rules import Known

KNOWN = Known(zones={"A1", "B1", "S1"}, gates={"east"}, compounds={"a"})
"""The codes that a map of these tests may name."""


def rectangle(
    left: float,
    bottom: float,
    width: float = 100,
    height: float = 60,
    *,
    kind: AreaKind = AreaKind.ZONE,
    code: str = "A1",
    **more: object,
) -> MapArea:
    """Return an upright area, by default zone A1."""
    right, top = left + width, bottom + height
    ring = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    return MapArea(kind, code, [ring], **more)  # type: ignore[arg-type]


def outline(*corners: tuple[float, float], code: str = "A1") -> MapArea:
    """Return a zone with these corners, closed."""
    return MapArea(AreaKind.ZONE, code, [[*corners, corners[0]]])


def gate(x: float = 500, y: float = 20, code: str = "east") -> MapArea:
    """Return a gate."""
    return MapArea(AreaKind.GATE, code, [[(x, y)]])


def site(*areas: MapArea) -> MapContent:
    """Return a map of these areas."""
    return MapContent(areas)
