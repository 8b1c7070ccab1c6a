import pytest

from permits.printer import (
    CrossTooFarOff,
    Measured,
    PrinterNameTaken,
    UnknownPrinter,
    printer_named,
    remove_printer,
    save_printer,
)
from permits.printing import LAYOUTS, Flip, Offset, PrintOptions
from permits.printing.calibration import CROSS_MM
from tests.factories import make_community


@pytest.fixture
def community(session):
    return make_community(session)


def test_a_sheet_is_moved_against_what_was_measured_on_its_side_and_way_round(session, community):
    crosses = {"landscape_front": Measured(CROSS_MM + 1.2, CROSS_MM - 0.7)}
    printer = save_printer(session, community.id, "HP", crosses)
    options = printer.adjust(PrintOptions(flip=Flip.SHORT), LAYOUTS["card"])
    # Too far to the right and too high by so much.
    assert options == PrintOptions(flip=Flip.SHORT, front=Offset(-1.2, -0.7))
    assert printer.adjust(PrintOptions(), LAYOUTS["sticker"]) == PrintOptions()


def test_a_printer_is_measured_anew(session, community):
    printer = save_printer(session, community.id, "HP", {"portrait_front": Measured(51, 50)})
    session.commit()
    crosses = {"portrait_front": Measured(49, 50), "portrait_back": Measured(50, 50)}
    save_printer(session, community.id, "HP upstairs", crosses, printer)
    session.commit()
    again = printer_named(session, community.id, "HP upstairs")
    assert {one.side: one.right_tenths for one in again.shifts} == {"portrait_front": -10}
    assert again.measured()["portrait_front"] == Measured(49, 50)
    assert again.measured()["portrait_back"] == Measured()


def test_a_cross_that_cannot_be_so_far_off_is_refused(session, community):
    with pytest.raises(CrossTooFarOff) as refused:
        save_printer(session, community.id, "HP", {"portrait_back": Measured(50, 60.1)})
    assert refused.value.facts == {"side": "portrait_back", "limit_mm": "10"}


def test_a_name_is_given_once_and_one_that_is_gone_is_free(session, community):
    printer = save_printer(session, community.id, "HP", {"portrait_front": Measured(51, 50)})
    with pytest.raises(PrinterNameTaken):
        save_printer(session, community.id, "HP", {})
    remove_printer(session, printer)
    with pytest.raises(UnknownPrinter):
        printer_named(session, community.id, "HP")
    save_printer(session, community.id, "HP", {})
