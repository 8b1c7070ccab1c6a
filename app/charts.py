"""Charts as SVG, drawn here: bars and lines that stretch with the page while their text does not.

Lengths along the bars are percentages, so that one drawing serves a phone and a wide screen. What
a chart says stands in its table, too; its colours are classes (see numbers.css), and the permit
colours appear only with their letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from markupsafe import Markup

_ROW_PX = 46
_BAR_PX = 14
_LEGEND_PX = 24
_LINES_PX = 180
_AXIS_PX = 22


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its stacked parts, and what is said at its end.

    Attributes:
        parts: values and the classes that colour them.
        mark: a value that is marked across the bar, such as the spaces there are.
    """

    label: str
    parts: Sequence[tuple[float, str]]
    said: str
    mark: float | None = None

    @property
    def whole(self) -> float:
        """All parts together."""
        return sum(value for value, _kind in self.parts)


@dataclass(frozen=True)
class Line:
    """One line through the values of all places along the axis.

    Attributes:
        sign: the letter that stands at its end.
        kind: the class that colours it.
    """

    sign: str
    values: Sequence[float]
    kind: str


def bars(
    title: str,
    rows: Sequence[Bar],
    legend: Iterable[tuple[str, str]] = (),
    *,
    longest: float | None = None,
) -> Markup:
    """Return bars below each other, all to one scale.

    Args:
        longest: the value of a bar over the whole width; the largest there is by default.
        legend: words and class of each kind of part.
    """
    key = list(legend)
    top = _LEGEND_PX if key else 0
    svg = _drawing(title, top + _ROW_PX * len(rows))
    scale = longest or max([max(row.whole, row.mark or 0) for row in rows] or [0]) or 1
    for place, (words, kind) in enumerate(key):
        left = 100 * place / len(key)
        _put(svg, "rect", x=f"{left:.2f}%", y=2, width=12, height=12, **{"class": kind})
        _say(svg, words, f"{left:.2f}%", 13, "key", dx=18)
    for place, row in enumerate(rows):
        y = top + _ROW_PX * place
        _say(svg, row.label, "0", y + 14, "label")
        _say(svg, row.said, "100%", y + 14, "value")
        _put(svg, "rect", x=0, y=y + 20, width="100%", height=_BAR_PX, **{"class": "track"})
        left = 0.0
        for value, kind in row.parts:
            width = 100 * value / scale
            if width:
                _put(
                    svg,
                    "rect",
                    x=f"{left:.2f}%",
                    y=y + 20,
                    width=f"{width:.2f}%",
                    height=_BAR_PX,
                    **{"class": kind},
                )
            left += width
        if row.mark is not None:
            at = f"{100 * row.mark / scale:.2f}%"
            _put(svg, "line", x1=at, x2=at, y1=y + 18, y2=y + 38, **{"class": "mark"})
    return _markup(svg)


def lines(title: str, places: Sequence[str], series: Sequence[Line]) -> Markup:
    """Return lines over the places of an axis, from zero up."""
    svg = _drawing(title, _LINES_PX + _AXIS_PX)
    highest = max([value for one in series for value in one.values] or [0]) or 1
    step = 92 / max(len(places) - 1, 1)

    def x(place: int) -> str:
        return f"{place * step:.2f}%"

    def y(value: float) -> float:
        return round(_LINES_PX - 4 - (_LINES_PX - 24) * value / highest, 1)

    for value in (0, highest):
        _put(svg, "line", x1=0, x2="92%", y1=y(value), y2=y(value), **{"class": "grid"})
    _say(svg, f"{highest:,.0f}", "0", y(highest) - 5, "label")
    for one in series:
        for place in range(1, len(one.values)):
            ends = {
                "x1": x(place - 1),
                "y1": y(one.values[place - 1]),
                "x2": x(place),
                "y2": y(one.values[place]),
            }
            # Yellow on white is hard to see without a dark edge.
            _put(svg, "line", **ends, **{"class": "casing"})
            _put(svg, "line", **ends, **{"class": f"line {one.kind}"})
    # Letters of lines that end at about the same height are put beside each other.
    taken: list[float] = []
    for one in sorted(series, key=lambda each: -each.values[-1] if each.values else 0):
        if not one.values:
            continue
        end = y(one.values[-1])
        beside = sum(abs(end - other) < 14 for other in taken)
        _say(svg, one.sign, x(len(one.values) - 1), end + 5, "sign-at-end", dx=6 + 14 * beside)
        taken.append(end)
    for place in (0, len(places) // 2, len(places) - 1):
        kind = "label" if place == 0 else "axis"
        _say(svg, places[place], x(place), _LINES_PX + 16, kind)
    return _markup(svg)


def _drawing(title: str, height: int) -> ElementTree.Element:
    svg = ElementTree.Element(
        "svg", {"class": "chart", "role": "img", "width": "100%", "height": str(height)}
    )
    ElementTree.SubElement(svg, "title").text = title
    return svg


def _put(svg: ElementTree.Element, name: str, **given: object) -> None:
    ElementTree.SubElement(svg, name, {key: str(value) for key, value in given.items()})


def _say(svg: ElementTree.Element, words: str, x: str, y: float, kind: str, *, dx: int = 0) -> None:
    given = {"x": x, "y": str(y), "class": kind}
    if dx:
        given["dx"] = str(dx)
    ElementTree.SubElement(svg, "text", given).text = words


def _markup(svg: ElementTree.Element) -> Markup:
    drawn = ElementTree.tostring(svg, encoding="unicode")
    return Markup(drawn)  # noqa: S704 - ElementTree has escaped all texts
