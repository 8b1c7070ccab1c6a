"""The eight shapes of the permit colours as geometry, balanced so that they look equally large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin

Point = tuple[float, float]


def _regular(corners: int, inner: float | None = None, radius: float = 0.5) -> list[Point]:
    """Return a polygon, or a star with an inner radius, one corner up, around (0.5, 0.5)."""
    count = corners if inner is None else corners * 2
    points = []
    for index in range(count):
        reach = radius if inner is None or index % 2 == 0 else inner
        angle = pi / 2 + 2 * pi * index / count
        points.append((0.5 + reach * cos(angle), 0.5 + reach * sin(angle)))
    return points


_ARM = 0.17

POLYGONS: Mapping[str, Sequence[Point]] = {
    "square": [(0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)],
    "triangle": [(-0.03, 0.04), (1.03, 0.04), (0.5, 0.96)],
    "diamond": [(0.5, -0.04), (1.0, 0.5), (0.5, 1.04), (0.0, 0.5)],
    "star": _regular(5, inner=0.24, radius=0.6),
    "cross": [
        (0.5 - _ARM, 0.0),
        (0.5 + _ARM, 0.0),
        (0.5 + _ARM, 0.5 - _ARM),
        (1.0, 0.5 - _ARM),
        (1.0, 0.5 + _ARM),
        (0.5 + _ARM, 0.5 + _ARM),
        (0.5 + _ARM, 1.0),
        (0.5 - _ARM, 1.0),
        (0.5 - _ARM, 0.5 + _ARM),
        (0.0, 0.5 + _ARM),
        (0.0, 0.5 - _ARM),
        (0.5 - _ARM, 0.5 - _ARM),
    ],
    "pentagon": _regular(5, radius=0.54),
    "bar": [(-0.05, 0.3), (1.05, 0.3), (1.05, 0.7), (-0.05, 0.7)],
}
"""Each shape in a square of side 1; the circle is drawn as one."""


def svg_points(shape: str) -> str | None:
    """Return a shape's corners for an SVG `polygon` in a view box of 100, None for the circle."""
    if shape == "circle":
        return None
    return " ".join(f"{100 * x:g},{100 - 100 * y:g}" for x, y in POLYGONS[shape])
