import pytest

from permits.printing import LAYOUTS
from permits.printing.front import LINE_EM
from permits.printing.typefaces import ASCENT, BOLD, register, tight, width_mm
from permits.printing.zone_lines import fitted_zones

HOURS = "19:30–07:30"
MANY = " ".join(f"D{number}" for number in range(1, 13))
MANY_TIMED = " · ".join(f"S{number} {HOURS}" for number in range(1, 13))

pytestmark = pytest.mark.anywhere


@pytest.fixture(autouse=True, scope="module")
def typeface(fonts):
    register(fonts)


def fitted(zones, layout):
    return fitted_zones(zones, layout.zones, layout.label_gap, LINE_EM)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
@pytest.mark.parametrize("zones", ["A1", f"A1 A2 · S1 {HOURS}", MANY, f"{MANY} · {MANY_TIMED}"])
def test_zones_stay_in_their_field_however_many_there_are(zones, layout):
    size, lines = fitted(zones, layout)
    field = layout.zones
    em_mm = size * 25.4 / 72
    last = field.label_y - layout.label_gap - (ASCENT + (len(lines) - 1) * LINE_EM) * em_mm
    assert last >= field.lowest
    assert max(width_mm(tight(line), BOLD, size) for line in lines) <= field.width


def test_a_zone_and_its_hours_are_never_parted():
    _, lines = fitted(f"{MANY} · {MANY_TIMED}", LAYOUTS["card"])
    parts = [part for line in lines for part in line.split(" · " if ":" in line else " ")]
    assert parts == MANY.split() + MANY_TIMED.split(" · ")


def test_zones_with_hours_begin_a_line_of_their_own():
    _, lines = fitted(f"A1 · S1 {HOURS}", LAYOUTS["card"])
    assert lines == ["A1", f"S1 {HOURS}"]


def test_a_compound_that_has_only_hours_begins_with_them():
    _, lines = fitted(f"S1 {HOURS}", LAYOUTS["card"])
    assert lines == [f"S1 {HOURS}"]


def test_few_zones_have_the_fields_full_size():
    for layout in LAYOUTS.values():
        assert fitted("A1 A2", layout) == (layout.zones.size_pt, ["A1 A2"])
