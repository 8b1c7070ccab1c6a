"""A map as SVG: attributes only, no style, script, id or link but the site plan's picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from zones.map_area import AreaKind, Position
from zones.map_items import Circle, Group, Item, Outline, Text
from zones.map_scene import MapScene

_LETTING_THROUGH = (AreaKind.GROUND, AreaKind.ROAD)
"""What lets a picture under the map be seen."""

_FONT = "'Noto Sans SC', sans-serif"


def map_svg(scene: MapScene, language: str, backdrop_url: str | None = None) -> str:
    """Return a map as an `svg` element that stretches to the width it is given.

    Zones carry `data-zone` with their code, so that a page can point at them.

    Args:
        language: `zh` or `en`.
        backdrop_url: the address of the site plan's picture, to lay it under the map.
    """
    drawing = _Drawing(scene.height, language, is_over_picture=backdrop_url is not None)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="site-map" role="img"'
        f' viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
        f' font-family="{_FONT}" text-anchor="middle">',
        f"<title>{escape(scene.title.in_language(language))}</title>",
        f"<desc>{escape(scene.description.in_language(language))}</desc>",
    ]
    if backdrop_url:
        parts.append(
            f'<image href={quoteattr(backdrop_url)} width="{_n(scene.width)}"'
            f' height="{_n(scene.height)}" opacity="0.35" preserveAspectRatio="none"/>'
        )
    parts += [drawing.group(group) for group in scene.groups]
    return "".join([*parts, "</svg>"])


def sign_svg(items: Sequence[Item]) -> str:
    """Return a legend's sign, which is drawn in a square of side 1, as an `svg` element."""
    drawing = _Drawing(1.0, "zh", decimals=3)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="map-sign" aria-hidden="true"'
        f' viewBox="-0.06 -0.06 1.12 1.12">{drawing.items(items)}</svg>'
    )


def _n(value: float, decimals: int = 1) -> str:
    return f"{round(value, decimals) + 0.0:g}" if abs(value) < 1e5 else f"{value:.{decimals}f}"


class _Drawing:
    """Items to elements; SVG's y goes down, the map's up."""

    def __init__(
        self,
        height: float,
        language: str,
        decimals: int = 1,
        is_over_picture: bool = False,
    ) -> None:
        self.height, self.language, self.decimals = height, language, decimals
        self.is_over_picture = is_over_picture

    def number(self, value: float) -> str:
        return _n(value, self.decimals)

    def group(self, group: Group) -> str:
        names = ""
        if group.kind is not None:
            names = f' class="area-{group.kind}"'
            if group.code:
                names += f" data-{group.kind.replace('_', '-')}={quoteattr(group.code)}"
        if self.is_over_picture and group.kind in _LETTING_THROUGH:
            names += ' opacity="0.45"'
        title = (
            f"<title>{escape(group.words.in_language(self.language))}</title>"
            if group.words
            else ""
        )
        return f"<g{names}>{title}{self.items(group.items)}</g>"

    def items(self, items: Iterable[Item]) -> str:
        return "".join(self.item(item) for item in items)

    def item(self, item: Item) -> str:
        match item:
            case Outline():
                dash = (
                    f' stroke-dasharray="{self.number(item.dash[0])} {self.number(item.dash[1])}"'
                    if item.dash
                    else ""
                )
                rule = ' fill-rule="evenodd"' if item.fill and len(item.rings) > 1 else ""
                joints = ' stroke-linejoin="round"' if item.stroke else ""
                path = "".join(self.path(ring, item.is_open) for ring in item.rings)
                return f'<path d="{path}"{self.paint(item)}{rule}{joints}{dash}/>'
            case Circle():
                x, y = self.place(item.centre)
                return (
                    f'<circle cx="{x}" cy="{y}" r="{self.number(item.radius)}"{self.paint(item)}/>'
                )
            case Text():
                return self.text(item)

    def text(self, item: Text) -> str:
        x, y = item.place
        # The baseline lies below the middle of capitals, which are 0.733 em high.
        place = self.place((x, y - 0.36 * item.size))
        weight = ' font-weight="700"' if item.bold else ""
        halo = (
            f' stroke="{item.halo}" stroke-width="{self.number(item.size * 0.24)}"'
            ' stroke-linejoin="round" paint-order="stroke"'
            if item.halo
            else ""
        )
        words = escape(item.words.in_language(self.language))
        return (
            f'<text x="{place[0]}" y="{place[1]}" font-size="{self.number(item.size)}"'
            f'{weight} fill="{item.fill}"{halo}>{words}</text>'
        )

    def paint(self, item: Outline | Circle) -> str:
        fill = f' fill="{item.fill or "none"}"'
        if not item.stroke:
            return fill
        return f'{fill} stroke="{item.stroke}" stroke-width="{self.number(item.width)}"'

    def path(self, ring: Sequence[Position], is_open: bool) -> str:
        points = ring if is_open else ring[:-1]
        return (
            "M" + "L".join(" ".join(self.place(one)) for one in points) + ("" if is_open else "Z")
        )

    def place(self, point: Position) -> tuple[str, str]:
        return self.number(point[0]), self.number(self.height - point[1])
