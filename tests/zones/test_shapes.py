import pytest

from zones.colours import PALETTE
from zones.shapes import POLYGONS, svg_points

pytestmark = pytest.mark.anywhere

CIRCLE_AREA = 0.785


def area(points):
    """The area that the shoelace formula gives."""
    following = [*points[1:], points[0]]
    pairs = zip(points, following, strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def test_every_colours_shape_can_be_drawn():
    assert {colour.shape for colour in PALETTE} == {"circle", *POLYGONS}


@pytest.mark.parametrize("shape", sorted(POLYGONS))
def test_a_shape_stays_near_its_square_and_in_its_middle(shape):
    xs, ys = zip(*POLYGONS[shape], strict=True)
    assert min(*xs, *ys) >= -0.12
    assert max(*xs, *ys) <= 1.12
    assert (min(xs) + max(xs)) / 2 == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("shape", sorted(POLYGONS))
def test_no_shape_is_lost_beside_the_circle(shape):
    assert 0.5 * CIRCLE_AREA < area(POLYGONS[shape]) < 1.1 * CIRCLE_AREA


def test_in_svg_a_shape_stands_upright_and_the_circle_is_none():
    corners = [tuple(map(float, pair.split(","))) for pair in svg_points("triangle").split()]
    # SVG counts y downwards: the triangle's tip is the corner with the least y, in the middle.
    assert min(corners, key=lambda corner: corner[1])[0] == 50
    assert svg_points("circle") is None
