from xml.etree import ElementTree

import pytest

from app.charts import Bar, Line, bars, lines

pytestmark = pytest.mark.anywhere


def drawn(markup):
    return ElementTree.fromstring(str(markup))


def texts(svg):
    return [one.text for one in svg.iter("text")]


def of_class(svg, kind):
    return [one for one in svg.iter() if kind in one.get("class", "").split()]


def test_bars_are_as_long_as_their_values_to_one_scale():
    svg = drawn(bars("Cars", [Bar("A", [(30, "x"), (10, "y")], "40"), Bar("B", [(20, "x")], "20")]))
    assert [one.get("width") for one in of_class(svg, "x")] == ["75.00%", "50.00%"]
    assert [(one.get("x"), one.get("width")) for one in of_class(svg, "y")] == [
        ("75.00%", "25.00%")
    ]
    assert texts(svg) == ["A", "40", "B", "20"]
    assert svg.find("title").text == "Cars"


def test_a_mark_beyond_the_bar_sets_the_scale():
    svg = drawn(bars("Cars", [Bar("A", [(20, "x")], "20 / 80", mark=80)]))
    assert [one.get("width") for one in of_class(svg, "x")] == ["25.00%"]
    assert [one.get("x1") for one in of_class(svg, "mark")] == ["100.00%"]


def test_what_is_written_cannot_become_markup():
    markup = bars("<b>", [Bar("<script>", [(1, "x")], "&")], [("<i>", "x")])
    assert "<script>" not in markup
    assert texts(drawn(markup)) == ["<i>", "<script>", "&"]


@pytest.mark.parametrize("rows", [[], [Bar("A", [(0, "x")], "0")]])
def test_nothing_to_show_is_drawn_without_an_error(rows):
    assert drawn(bars("Cars", rows)).get("role") == "img"
    assert drawn(lines("Cars", ["2026-11"], [Line("A", [0], "x")])).get("role") == "img"


def test_lines_rise_with_their_values_and_end_with_their_letters():
    svg = drawn(
        lines("Cars", ["1", "2", "3"], [Line("A", [0, 5, 10], "a"), Line("B", [4, 4, 4], "b")])
    )
    heights = [(float(one.get("y1")), float(one.get("y2"))) for one in of_class(svg, "a")]
    assert [first > second for first, second in heights] == [True, True]
    assert {one.get("y1") for one in of_class(svg, "b")} == {of_class(svg, "b")[0].get("y2")}
    assert [one.text for one in of_class(svg, "sign-at-end")] == ["A", "B"]
