import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from permits.notice import PublicNotice
from permits.own_layout import OwnLayout
from permits.print_rules import PrintRules
from permits.print_run import PrintRun
from permits.printer import Printer
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import make_permit, make_vehicle

LABELS = {
    "name": "Labels",
    "design": "sticker",
    "paper": "a4",
    "way": "portrait",
    "columns": "2",
    "rows": "4",
    "left_mm": "12.5",
    "top_mm": "21.5",
    "across_mm": "5",
    "down_mm": "0",
    "shown": ["zones", "validity"],
}
CROSSES = {
    f"{side}-{edge}_mm": "50.0"
    for side in ("portrait_front", "portrait_back", "landscape_front", "landscape_back")
    for edge in ("left", "top")
}


@pytest.fixture
def office(sign_in):
    return sign_in(Role.STAFF)


def test_a_layout_and_a_printer_of_ones_own_are_chosen_and_printed_with(
    office, session, town, kept
):
    make_permit(session, make_vehicle(session, town.compound("A")))
    session.commit()
    office.post("/office/permits/layouts/new", data=LABELS)
    office.post(
        "/office/permits/printers/new",
        data={**CROSSES, "name": "HP", "portrait_front-left_mm": "51.2"},
    )
    [layout], [printer] = kept(select(OwnLayout)), kept(select(Printer))
    assert layout.hidden == ["caption", "compound", "serial", "title"]
    assert [one.right_tenths for one in printer.shifts] == [12]
    form = {"compound": "0", "layout": layout.code, "ink": "black", "flip": "long"}
    office.post(
        "/office/permits/print", data={**form, "first_place": "8", "printer": str(printer.id)}
    )
    [run] = kept(select(PrintRun))
    assert (run.layout, run.ink, run.flip) == (layout.code, "black", "none")
    assert "Labels" in words_of(office.get("/office/permits/print"))
    office.post(f"/office/permits/layouts/{layout.id}/remove")
    assert layout.code in words_of(office.get("/office/permits/print"))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"columns": "3"}, "columns", "The columns need 292.5 mm, but A4 is 210 mm wide"),
        ({"rows": "5"}, "rows", "The rows need 321.5 mm, but A4 is 297 mm high"),
        ({"left_mm": "x"}, "left_mm", "Not a valid"),
        ({"rows": "0"}, "rows", "Number must be between 1 and 20."),
        ({"name": "card"}, "name", "There is a layout “card” already."),
    ],
)
def test_a_number_that_does_not_fit_is_told_beside_its_field(office, kept, changes, field, words):
    response = office.post("/office/permits/layouts/new", data={**LABELS, **changes})
    assert response.status_code in (409, 422)
    beside = response.text.partition(f'id="{field}-error"')[2].partition("</div>")[0]
    assert words in beside
    assert kept(select(OwnLayout)) == []


def test_a_cross_that_cannot_be_is_told_beside_its_field(office, kept):
    form = {**CROSSES, "name": "HP", "landscape_back-top_mm": "80"}
    response = office.post("/office/permits/printers/new", data=form)
    assert response.status_code == 422
    assert "The cross can be off by 10 mm at most" in words_of(response)
    assert kept(select(Printer)) == []


def test_the_administrator_leaves_the_compounds_name_off(sign_in, kept):
    sign_in(Role.ADMINISTRATOR).post("/set-up/printing", data={"csrf_token": ""})
    assert kept(select(PrintRules.names_compound)) == [False]
    acts = kept(select(LedgerEntry.act).order_by(LedgerEntry.number))
    assert acts[-1] == "printing.rules_changed"


def test_a_compound_gets_a_notice_of_its_own_with_its_zones_and_rules(office, town, kept):
    compound = town.compound("B")
    office.post("/papers/notices", data={"compound": compound.id})
    [notice] = kept(select(PublicNotice))
    assert notice.compound_id == compound.id
    file = office.get(f"/papers/notices/{notice.id}/notice.pdf").data
    text = PdfReader(io.BytesIO(file)).pages[0].extract_text()
    assert "B小区 停车公示" in text
    lines = text.splitlines()
    assert {"B1", "S1"} <= set(lines)
    assert "A1" not in lines
    [entry] = kept(select(LedgerEntry).where(LedgerEntry.act == "notice.printed"))
    assert entry.details["compound"] == compound.number


def test_every_zone_gets_a_sign_and_one_alone_can_be_printed(office, town, session):
    everything = office.post("/papers/zone-signs.pdf")
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(everything.data)).pages]
    assert [text.splitlines()[0] for text in texts] == ["A1", "B1", "S1"]
    zone = town.plan.openings[0].zone
    one = office.post("/papers/zone-signs.pdf", data={"zone": zone.id})
    assert len(PdfReader(io.BytesIO(one.data)).pages) == 1
