"""The map on paper, as an eye sees it: in colour, in greyscale, and without the green cones."""

import subprocess
from itertools import combinations

import numpy
import pytest
from PIL import Image
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from permits.printing import typefaces
from permits.printing.site_map import draw_map
from tests.factories import make_community, make_gate, make_plan
from zones.colours import PALETTE
from zones.map_items import BLACK, Circle, Outline, Text
from zones.map_scene import scene_of

DPI, WIDTH_PT = 150, 760
CELLS = 24
"""Of a side, to which a sign is brought before it is compared."""
ALIKE = 0.9
"""Share of ink that two signs have in common, from which on they could be confused."""

LUMINANCE = numpy.array([0.2126, 0.7152, 0.0722])
"""Relative luminance of linear sRGB (WCAG 2.2)."""

DEUTERANOPIA = numpy.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
"""Of linear sRGB, severity 1.0 (Machado, Oliveira and Fernandes, 2009, table 1)."""


def plain(linear):
    return linear


def greyscale(linear):
    return (linear @ LUMINANCE)[..., None].repeat(3, axis=-1)


def deuteranopia(linear):
    return (linear @ DEUTERANOPIA.T).clip(0, 1)


@pytest.fixture
def scene(session):
    """A map on which every colour of the palette has a zone of its own, and all share one."""
    community = make_community(session, "".join(colour.letter for colour in PALETTE))
    make_gate(session, community)
    return scene_of(session, community, make_plan(session, community))


def drawn(scene, folder, fonts, **how):
    typefaces.register(fonts)
    size = WIDTH_PT, WIDTH_PT * scene.height / scene.width
    canvas = Canvas(str(folder / "map.pdf"), pagesize=size)
    draw_map(canvas, scene, 0, 0, *size, "zh", **how)
    canvas.save()
    return folder / "map.pdf"


def linear_pixels(path):
    """Return a page as linear sRGB, 0 to 1."""
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-png", "-singlefile", path, path.stem],
        check=True,
        cwd=path.parent,
    )
    shown = numpy.asarray(Image.open(path.with_suffix(".png")).convert("RGB")) / 255
    return numpy.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)


def signs(scene):
    """Return where the plates have each colour's shape and letter: left, bottom, side."""
    shapes, letters = {}, {}
    for item in (item for group in scene.groups for item in group.items):
        match item:
            case Outline(fill=str(fill), stroke=str(stroke)) if stroke == BLACK:
                left, bottom = numpy.min(item.rings[0], axis=0)
                side = max(numpy.ptp(item.rings[0], axis=0))
                shapes.setdefault(fill, (left, bottom, side))
            case Circle(fill=str(fill)):
                x, y = item.centre
                shapes.setdefault(fill, (x - item.radius, y - item.radius, 2 * item.radius))
            case Text(bold=False) if len(item.words.zh) == 1:
                half = item.size / 2
                place = item.place[0] - half, item.place[1] - half, item.size
                letters.setdefault(item.words.zh, place)
    colours = [colour for colour in PALETTE if colour.hex in shapes]
    assert len(colours) == len(PALETTE)
    return {one.key: (shapes[one.hex], letters[one.letter]) for one in colours}


def ink(pixels, place, scale):
    """Return where a square of the map stands out from white, as cells of yes and no."""
    left, bottom, side = (one * scale for one in place)
    top = pixels.shape[0] - bottom - side
    cut = pixels[round(top) : round(top + side), round(left) : round(left + side)]
    contrast = 1.05 / (cut @ LUMINANCE + 0.05)
    picture = Image.fromarray((contrast > 1.2).astype("uint8") * 255)
    return numpy.asarray(picture.resize((CELLS, CELLS), Image.Resampling.BOX)) > 127


def common(one, other):
    return (one & other).sum() / (one | other).sum()


def test_any_two_colours_are_told_apart_by_letter_and_by_shape_however_one_sees(
    scene, tmp_path, fonts
):
    pixels = linear_pixels(drawn(scene, tmp_path, fonts, legend=False))
    scale = pixels.shape[1] / scene.width
    for seen in (plain, greyscale, deuteranopia):
        page = seen(pixels)
        marks = {
            key: [ink(page, place, scale) for place in places]
            for key, places in signs(scene).items()
        }
        for one, other in combinations(marks, 2):
            for mark, rival in zip(marks[one], marks[other], strict=True):
                assert mark.any()
                assert common(mark, rival) < ALIKE, (seen.__name__, one, other)


def test_the_legend_names_every_zone_and_says_that_a_map_is_schematic(scene, tmp_path, fonts):
    [page] = PdfReader(drawn(scene, tmp_path, fonts)).pages
    words = page.extract_text()
    for line in scene.zones:
        assert line.zone.name in words
    assert "示意图，不按比例" in words
    assert "20:00–07:00" in words
