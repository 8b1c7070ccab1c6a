"""Drawing a map and its legend on paper, as vectors."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from permits.printing.typefaces import BOLD, MEDIUM, REGULAR, fitted_pt, width_mm
from zones.map_area import Position, Words
from zones.map_items import BLACK, DARK, Circle, Item, Outline, Text
from zones.map_plate import colour_shape
from zones.map_scene import ColourOpening, KindLine, MapScene, ZoneLine
from zones.map_signs import placed

_EVEN_ODD, _NON_ZERO = 0, 1
_LEAST_PT, _MOST_PT = 6.5, 14.0
_COLUMN_EM = 25.0
"""Width of a legend's column, in em."""
_LINE_EM = 1.75

_SPACES = Words("车位", "spaces")
_SCHEMATIC = Words("示意图，不按比例。", "Schematic, not to scale.")
_NOT_DRAWN = Words("（图上未画）", " (not drawn)")
_NOBODY = Words("未开放", "closed")


def draw_map(
    canvas: Canvas,
    scene: MapScene,
    x: float,
    y: float,
    width: float,
    height: float,
    language: str,
    *,
    legend: bool = True,
) -> None:
    """Draw a map as large as fits a rectangle, its legend below it.

    The fonts have to be registered (`typefaces.register`).

    Args:
        x, y: the rectangle's lower left, in points; `width` and `height` in points too.
        language: `zh` or `en`.
    """
    size = min(max(width / 62, _LEAST_PT), _MOST_PT)
    columns = max(1, int(width / (_COLUMN_EM * size)))
    depth = _legend_height(scene, columns, size) if legend else 0.0
    scale = min(width / scene.width, (height - depth) / scene.height)
    left = x + (width - scene.width * scale) / 2
    top = y + height
    _draw_scene(canvas, scene, left, top - scene.height * scale, scale, language)
    if legend:
        _draw_legend(canvas, scene, x, top - scene.height * scale, width, columns, size, language)


def _draw_scene(
    canvas: Canvas, scene: MapScene, x: float, y: float, scale: float, language: str
) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(scale, scale)
    clip = canvas.beginPath()
    clip.rect(0, 0, scene.width, scene.height)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.setLineJoin(1)
    for group in scene.groups:
        draw_items(canvas, group.items, language)
    canvas.restoreState()


def draw_items(canvas: Canvas, items: Sequence[Item], language: str) -> None:
    """Draw a map's items in the canvas's present units."""
    for item in items:
        match item:
            case Outline():
                _set_paint(canvas, item)
                canvas.setDash(*item.dash) if item.dash else canvas.setDash()
                canvas.drawPath(
                    _path(canvas, item),
                    stroke=int(bool(item.stroke)),
                    fill=int(bool(item.fill)),
                    fillMode=_EVEN_ODD,
                )
            case Circle():
                _set_paint(canvas, item)
                canvas.setDash()
                canvas.circle(
                    *item.centre,
                    item.radius,
                    stroke=int(bool(item.stroke)),
                    fill=int(bool(item.fill)),
                )
            case Text():
                _draw_text(canvas, item, language)


def _set_paint(canvas: Canvas, item: Outline | Circle) -> None:
    if item.fill:
        canvas.setFillColor(HexColor(item.fill))
    if item.stroke:
        canvas.setStrokeColor(HexColor(item.stroke))
        canvas.setLineWidth(item.width)


def _path(canvas: Canvas, item: Outline) -> PDFPathObject:
    path = canvas.beginPath()
    for ring in item.rings:
        first, *others = ring if item.is_open else ring[:-1]
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
        if not item.is_open:
            path.close()
    return path


def _draw_text(canvas: Canvas, item: Text, language: str) -> None:
    words = item.words.in_language(language)
    font = BOLD if item.bold else REGULAR
    x, y = item.place
    baseline = y - 0.36 * item.size
    if item.halo:
        canvas.setDash()
        canvas.setStrokeColor(HexColor(item.halo))
        canvas.setLineWidth(item.size * 0.24)
        _show(canvas, words, font, item.size, (x, baseline), mode=1)
    canvas.setFillColor(HexColor(item.fill))
    _show(canvas, words, font, item.size, (x, baseline), mode=0)


def _show(canvas: Canvas, words: str, font: str, size: float, place: Position, mode: int) -> None:
    width = width_mm(words, font, size) * 72 / 25.4
    line = canvas.beginText(place[0] - width / 2, place[1])
    line.setFont(font, size)
    line.setTextRenderMode(mode)
    line.textOut(words)
    # The mode would hold for what is written next.
    line.setTextRenderMode(0)
    canvas.drawText(line)


def _legend_height(scene: MapScene, columns: int, size: float) -> float:
    rows = _rows(len(scene.zones), columns) + _rows(len(scene.kinds), columns)
    return (rows + 2.2) * _LINE_EM * size


def _rows(count: int, columns: int) -> int:
    return -(-count // columns)


def _cell(place: int, count: int, columns: int) -> tuple[int, int]:
    """Return column and row of a legend's line: columns are filled from the left."""
    return divmod(place, _rows(count, columns))


def _draw_legend(
    canvas: Canvas,
    scene: MapScene,
    x: float,
    top: float,
    width: float,
    columns: int,
    size: float,
    language: str,
) -> None:
    column = width / columns
    line = _LINE_EM * size
    canvas.setDash()
    y = top - line
    for place, zone in enumerate(scene.zones):
        left, below = _cell(place, len(scene.zones), columns)
        at = x + column * left, y - line * below
        _draw_zone_line(canvas, zone, *at, column - size, size, language)
    y -= (_rows(len(scene.zones), columns) + 0.5) * line
    for place, kind in enumerate(scene.kinds):
        left, below = _cell(place, len(scene.kinds), columns)
        at = x + column * left, y - line * below
        _draw_kind_line(canvas, kind, *at, column - size, size, language)
    y -= (_rows(len(scene.kinds), columns) + 0.5) * line
    if scene.is_schematic:
        canvas.setFillColor(HexColor(DARK))
        _write(canvas, _SCHEMATIC.in_language(language), REGULAR, size * 0.85, x, y + 0.2 * line)


def _write(canvas: Canvas, words: str, font: str, size: float, x: float, y: float) -> float:
    """Write from `x` on and return where the text ends."""
    canvas.setFont(font, size)
    canvas.drawString(x, y, words)
    return x + width_mm(words, font, size) * 72 / 25.4


def _draw_zone_line(
    canvas: Canvas, line: ZoneLine, x: float, y: float, width: float, size: float, language: str
) -> None:
    signs = sum(_sign_width(one, size) for one in _shown(line.openings))
    canvas.setFillColor(HexColor(BLACK))
    _write(canvas, line.zone.code, BOLD, size, x, y)
    left = x + 3.2 * size
    spaces = f"{line.zone.spaces} {_SPACES.in_language(language)}"
    missing = "" if line.is_drawn else _NOT_DRAWN.in_language(language)
    if not line.openings:
        missing += f" {_NOBODY.in_language(language)}"
    name = f"{line.name.in_language(language)}{missing}  {spaces}"
    room = (x + width - signs - left - size / 2) * 25.4 / 72
    _write(canvas, name, REGULAR, fitted_pt(name, REGULAR, size, room), left, y)
    left = x + width - signs
    for one in _shown(line.openings):
        left = _draw_sign(canvas, one, left, y, size)


def _shown(openings: Sequence[ColourOpening]) -> list[ColourOpening]:
    """Return the openings with hours written only behind the last of those that share them."""
    result = []
    for place, one in enumerate(openings):
        following = openings[place + 1].hours if place + 1 < len(openings) else ""
        hours = "" if following == one.hours else one.hours
        result.append(ColourOpening(one.colour, one.letter, one.compound, hours))
    return result


def _sign_width(one: ColourOpening, size: float) -> float:
    hours = width_mm(one.hours, REGULAR, size * 0.85) * 72 / 25.4 + size * 0.3 if one.hours else 0
    return len(one.letter) * 0.66 * size + 1.25 * size + hours


def _draw_sign(canvas: Canvas, one: ColourOpening, x: float, y: float, size: float) -> float:
    end = x + _sign_width(one, size)
    canvas.setFillColor(HexColor(BLACK))
    left = _write(canvas, one.letter, MEDIUM, size, x, y) + 0.08 * size
    draw_items(canvas, colour_shape(one.colour, left, y - 0.02 * size, 0.8 * size), "zh")
    if one.hours:
        canvas.setFillColor(HexColor(DARK))
        _write(canvas, one.hours, REGULAR, size * 0.85, left + 1.0 * size, y)
    return end


def _draw_kind_line(
    canvas: Canvas, line: KindLine, x: float, y: float, width: float, size: float, language: str
) -> None:
    draw_items(canvas, placed(line.sign, x, y - 0.25 * size, 1.25 * size), language)
    canvas.setFillColor(HexColor(BLACK))
    canvas.setDash()
    left = _write(canvas, line.words.in_language(language), MEDIUM, size, x + 2 * size, y) + size
    rule = line.rule.in_language(language)
    canvas.setFillColor(HexColor(DARK))
    room = (x + width - left) * 25.4 / 72
    _write(canvas, rule, REGULAR, fitted_pt(rule, REGULAR, size * 0.85, room), left, y)
