"""What lands on paper: the PDF is rasterised and read back as a scanner and an eye would."""

import re
import subprocess

import numpy
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from permits.printing import LAYOUTS, print_permits
from permits.printing.symbols import QUIET_MODULES
from permits.printing.symbols import symbol as encode
from permits.printing.typefaces import FontMissing
from tests.permits.printing.conftest import permit

DPI = 150
BATCH = [permit(number, number % 4) for number in range(1, 23)]

pytestmark = pytest.mark.anywhere


def print_to(folder, fonts, layout="card", permits=BATCH, name="run.pdf"):
    return print_permits(
        permits, layout=layout, out=folder / name, fonts=fonts, report_url="https://p.example.cn"
    )


@pytest.fixture(scope="module", params=sorted(LAYOUTS))
def printed(request, tmp_path_factory, fonts):
    """A printed run and its pages as pictures."""
    layout = LAYOUTS[request.param]
    result = print_to(tmp_path_factory.mktemp(layout.name), fonts, layout.name)
    return layout, result, rasterise(result.path)


def rasterise(path, dpi=DPI):
    folder = path.parent
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", path, folder / "page"], check=True)
    return [Image.open(picture).convert("RGB") for picture in sorted(folder.glob("page-*.png"))]


def symbols_on(picture):
    return zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)


def test_every_symbol_reads_back_to_its_permit(printed):
    _, _, pages = printed
    texts = [symbol.text for page in pages for symbol in symbols_on(page)]
    assert sorted(texts) == sorted(one.token_url for one in BATCH)


def test_the_band_beside_each_symbol_has_the_permits_colour(printed):
    layout, _, pages = printed
    by_url = {one.token_url: one for one in BATCH}
    checked = 0
    for page in pages:
        pixels = numpy.asarray(page)
        for symbol in symbols_on(page):
            permit_here = by_url[symbol.text]
            band = pixels[band_at(symbol, layout, page.height)].reshape(-1, 3)
            wanted = [int(permit_here.colour.hex[i : i + 2], 16) for i in (1, 3, 5)]
            close = (abs(band.astype(int) - wanted).max(axis=1) < 12).mean()
            assert close > 0.5, permit_here.serial
            checked += 1
    assert checked == len(BATCH)


def band_at(symbol, layout, height_px):
    """The pixels of the band that belongs to the symbol found."""
    per_mm = DPI / 25.4
    left, bottom = symbol.position.top_left.x, symbol.position.bottom_left.y
    cell_x = left - layout.symbol.x * per_mm
    cell_bottom = bottom + layout.symbol.y * per_mm
    x0 = round(cell_x + (layout.band.x + 1) * per_mm)
    x1 = round(cell_x + (layout.band.right - 1) * per_mm)
    y1 = round(cell_bottom - (layout.band.y + 1) * per_mm)
    y0 = round(cell_bottom - (layout.band.top - 1) * per_mm)
    return slice(max(y0, 0), min(y1, height_px)), slice(max(x0, 0), x1)


def test_one_colour_never_shares_a_sheet_with_another(printed):
    _, _, pages = printed
    letters = {one.token_url: one.letter for one in BATCH}
    for page in pages:
        assert len({letters[symbol.text] for symbol in symbols_on(page)}) <= 1


def test_sheets_and_pages_are_counted_without_the_cover(printed):
    layout, result, pages = printed
    per_compound = [6, 6, 5, 5]
    sheets = sum(-(-count // layout.per_sheet) for count in per_compound)
    assert (result.permits, result.sheets) == (22, sheets)
    assert result.pages == len(pages) == (sheets + 1) * (2 if layout.has_back else 1)


def test_symbols_are_vectors_and_the_fonts_embedded_subsets(printed):
    _, result, _ = printed
    reader = PdfReader(result.path)
    fonts = set()
    for page in reader.pages:
        resources = [page["/Resources"]]
        for thing in (page["/Resources"].get("/XObject") or {}).values():
            drawn = thing.get_object()
            assert drawn["/Subtype"] == "/Form"
            resources.append(drawn["/Resources"])
        for resource in resources:
            for font in (resource.get("/Font") or {}).values():
                fonts.add(font.get_object()["/BaseFont"])
                if "/FontDescriptor" in font.get_object():
                    assert "/FontFile2" in font.get_object()["/FontDescriptor"]
    used = {name for name in fonts if "Noto" in name}
    assert used
    assert all(re.match(r"/[A-Z]{6}\+NotoSansSC", name) for name in used)


def test_a_plate_can_be_searched_for_with_its_dot(printed):
    _, result, _ = printed
    text = "\n".join(page.extract_text() for page in PdfReader(result.path).pages)
    assert {one.plate for one in BATCH} <= set(text.splitlines())


def test_the_symbol_is_as_wide_as_a_scanner_behind_glass_needs():
    assert LAYOUTS["card"].symbol.width >= 35
    assert LAYOUTS["sticker"].symbol.width >= 28


def test_nothing_stands_in_the_quiet_zone(printed):
    layout, _, pages = printed
    per_mm = DPI / 25.4
    for page in pages:
        pixels = numpy.asarray(page.convert("L"))
        for symbol in symbols_on(page):
            corner = symbol.position.top_left
            side = symbol.position.top_right.x - corner.x
            module = layout.symbol.width * per_mm / encode(symbol.text).size
            quiet = round(QUIET_MODULES * module) - 2
            above = pixels[corner.y - quiet : corner.y - 2, corner.x - quiet : corner.x + side]
            left = pixels[corner.y : corner.y + side, corner.x - quiet : corner.x - 2]
            assert above.min() > 250, symbol.text
            assert left.min() > 250, symbol.text


def test_the_file_says_its_title_and_language_and_has_a_bookmark_for_each_compound(printed):
    _, result, _ = printed
    reader = PdfReader(result.path)
    assert reader.metadata.title.startswith("百合村片区 车辆出入证")
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert [entry.title[0] for entry in reader.outline] == ["封", "A", "B", "C", "D"]


def test_the_same_batch_gives_the_same_bytes_in_any_order(tmp_path, fonts):
    first = print_to(tmp_path, fonts, name="first.pdf")
    second = print_to(tmp_path, fonts, permits=list(reversed(BATCH)), name="second.pdf")
    assert first.sha256 == second.sha256
    assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_all_eight_colours_print_and_read(tmp_path, fonts, layout):
    batch = [permit(number, number) for number in range(8)]
    result = print_to(tmp_path, fonts, layout, batch)
    texts = {symbol.text for page in rasterise(result.path) for symbol in symbols_on(page)}
    assert texts == {one.token_url for one in batch}


def test_a_black_and_white_print_still_reads_and_keeps_the_letter_apart(tmp_path, fonts):
    batch = [permit(number, number) for number in range(8)]
    result = print_to(tmp_path, fonts, "card", batch)
    for page in rasterise(result.path):
        grey = page.convert("L")
        for symbol in symbols_on(page):
            assert symbols_on(grey)[0].text == symbol.text
            band = numpy.asarray(grey)[band_at(symbol, LAYOUTS["card"], page.height)]
            assert numpy.percentile(band, 99) - numpy.percentile(band, 1) > 60


def test_progress_ends_with_all_permits(tmp_path, fonts):
    told = []
    print_permits(
        BATCH,
        layout="sticker",
        out=tmp_path / "run.pdf",
        fonts=fonts,
        report_url="https://p.example.cn",
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (22, 22)


def test_missing_fonts_are_named_and_leave_no_file(tmp_path):
    with pytest.raises(FontMissing) as missing:
        print_to(tmp_path, tmp_path / "nowhere")
    assert missing.value.facts["file"] == "NotoSansSC-Regular.ttf"
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_where_office_printers_leave_paper_white(printed):
    layout, _, pages = printed
    edge = round(4 * DPI / 25.4)
    front = pages[2 if layout.has_back else 1]
    inked = numpy.asarray(front.convert("L")) < 250
    border = inked.copy()
    border[edge:-edge, edge:-edge] = False
    # Crop marks alone may reach the edge.
    assert border.mean() < 0.0005


def test_backs_lie_behind_their_fronts():
    card = LAYOUTS["card"]
    assert [card.behind(place) for place in range(4)] == [2, 3, 0, 1]
