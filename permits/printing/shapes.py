"""Drawing the shapes on paper."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from zones.shapes import POLYGONS


def draw_shape(canvas: Canvas, shape: str, x: float, y: float, side: float) -> None:
    """Fill a shape in the square with its lower left at (x, y), in points."""
    if shape == "circle":
        canvas.circle(x + side / 2, y + side / 2, side / 2, stroke=0, fill=1)
        return
    path = canvas.beginPath()
    first, *others = POLYGONS[shape]
    path.moveTo(x + first[0] * side, y + first[1] * side)
    for point in others:
        path.lineTo(x + point[0] * side, y + point[1] * side)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)
