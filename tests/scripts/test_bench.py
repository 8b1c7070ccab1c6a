"""The bench measures what DESIGN names; sizes are held to here, times are not."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from permits.printing.symbols import QUIET_MODULES, single_png, single_svg, symbol
from scripts.benchmarks.figures import TABLE, measure
from scripts.benchmarks.printing import print_into, signed_permits
from scripts.benchmarks.sizes import Sizes

pytestmark = pytest.mark.anywhere

NAMES = {
    "print": {"times_reportlab_widget", "times_floor", "bytes_per_permit", "mb_per_1000"},
    "gate": {
        "share_of_bare_route",
        "p99_times_bare_route",
        "slowdown_3k_to_1m",
        "recording_share_of_bare_route",
        "postgresql_share_of_bare_route",
        "postgresql_recording_share_of_bare_route",
        "postgresql_batch_passes_per_second",
    },
    "lists": {"times_openpyxl_read"},
    "search": {"times_bare_select", "slowest_seconds"},
    "fair_proposal": {"times_one_stage_of_highs", "seconds"},
}
"""The figures that others lean on."""

TINY = Sizes(
    rounds=1,
    permits=8,
    widget_permits=1,
    memory_permits=(1, 2),
    list_rows=20,
    list_register=1_000,
    gate_registers=(1_000, 1_001),
    load_seconds=1,
    batch=4,
    batches=1,
)
SMALL_RUN = 400
MOST_BYTES_PER_PERMIT = 1_700
MODULE = 4
"""Pixels of a module where a matrix is drawn here."""
PIXELS_PER_MM = 10


@pytest.fixture(scope="module")
def document():
    """What needs no servers: those of the gate part take longer than a test may."""
    return measure(TINY, ("print", "lists", "search", "fair_proposal"))


@pytest.mark.parametrize("part", ["print", "lists", "search", "fair_proposal"])
def test_every_figure_that_others_lean_on_is_measured(document, part):
    assert NAMES[part] <= document[part].keys()
    assert all(isinstance(value, float | int) for value in document[part].values())


def test_the_table_shows_every_figure_that_others_lean_on():
    shown = [(line.part, line.name) for line in TABLE]
    assert {(part, name) for part, names in NAMES.items() for name in names} <= set(shown)
    assert len(set(shown)) == len(shown)


def test_a_print_run_takes_at_most_1700_bytes_a_permit(tmp_path):
    result = print_into(tmp_path, signed_permits(SMALL_RUN))
    assert result.permits == SMALL_RUN
    assert result.path.stat().st_size <= MOST_BYTES_PER_PERMIT * SMALL_RUN


@pytest.fixture(scope="module")
def text():
    return next(signed_permits(1)).token_url


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def enlarged(modules):
    dark = numpy.pad(modules, QUIET_MODULES, constant_values=255)
    return Image.fromarray(numpy.kron(dark, numpy.ones((MODULE, MODULE), dtype=numpy.uint8)))


def test_symbols_of_print_runs_and_single_ones_read_back_to_the_same_text(text):
    one = symbol(text)
    modules = numpy.frombuffer(one.modules, dtype=numpy.uint8).reshape(one.size, one.size)
    assert read(enlarged(modules)) == read(Image.open(io.BytesIO(single_png(text)))) == [text]


def test_a_single_symbol_reads_back_from_its_svg(text):
    path = next(one for one in ElementTree.fromstring(single_svg(text)).iter() if "d" in one.attrib)
    assert read(drawn(path.attrib["d"])) == [text]


def drawn(path):
    """Squares in millimetres, such as `M3.2,3.2H4V4H3.2z`, as a picture."""
    squares = [
        [float(number) * PIXELS_PER_MM for number in re.split("[,HV]", square)]
        for square in path.replace("z", "").split("M")[1:]
    ]
    margin = min(left for left, *_ in squares)
    side = round(max(right for _, _, right, *_ in squares) + margin)
    picture = Image.new("L", (side, side), 255)
    for left, top, right, bottom, _ in squares:
        ImageDraw.Draw(picture).rectangle((left, top, right - 1, bottom - 1), fill=0)
    return picture
