"""What lands on paper: the PDF is rasterised and read back as a scanner and an eye would."""

import itertools
import re
import subprocess
from dataclasses import replace

import numpy
import pytest
import zxingcpp
from PIL import Image, ImageFilter
from pypdf import PdfReader

from permits.printing import LAYOUTS, Flip, Ink, Offset, PrintOptions, print_permits
from permits.printing.options import PlaceNotOnSheet
from permits.printing.symbols import QUIET_MODULES
from permits.printing.symbols import symbol as encode
from permits.printing.typefaces import FontMissing
from tests.permits.printing.conftest import permit

DPI = 100
PER_MM = DPI / 25.4
EXACT_DPI = 127
"""A millimetre is five pixels, so that a page is a whole number of them."""

EXACT_PER_MM = EXACT_DPI / 25.4
BATCH = [permit(number, number % 2) for number in range(1, 6)]
"""Three permits of B and two of A."""

MOVED = (1.8, -2.2)
"""What a printer moves the back by, in millimetres to the right and upwards."""

TWO_SIDED = [name for name, layout in LAYOUTS.items() if layout.has_back]

pytestmark = pytest.mark.anywhere


def print_to(folder, fonts, layout="card", permits=BATCH, name="run.pdf", **options):
    return print_permits(
        permits,
        layout=layout,
        out=folder / name,
        fonts=fonts,
        report_url="https://p.example.cn",
        options=PrintOptions(**options),
    )


@pytest.fixture(scope="module", params=sorted(LAYOUTS))
def printed(request, tmp_path_factory, fonts):
    """A printed run and its pages as pictures."""
    layout = LAYOUTS[request.param]
    result = print_to(tmp_path_factory.mktemp(layout.name), fonts, layout.name)
    return layout, result, rasterise(result.path)


def rasterise(path, first=1, last=99, dpi=DPI):
    pages = ["-f", str(first), "-l", str(last)]
    stem = path.with_suffix("")
    # Uncompressed: writing a PNG takes longer than drawing it.
    command = ["pdftoppm", "-r", str(dpi), *pages, str(path), str(stem)]
    subprocess.run(command, check=True)
    return [Image.open(picture) for picture in sorted(path.parent.glob(f"{stem.name}-*.ppm"))]


def fronts(pages, layout):
    """Return the pages that hold permits."""
    return pages[2::2] if layout.has_back else pages[1:]


def symbols_on(picture):
    return zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)


def test_every_symbol_reads_back_beside_its_own_colour(printed):
    layout, _, pages = printed
    by_url = {one.token_url: one for one in BATCH}
    read = []
    for page in fronts(pages, layout):
        pixels = numpy.asarray(page)
        found = symbols_on(page)
        for symbol in found:
            here = by_url[symbol.text]
            band = pixels[band_at(symbol, layout, page.height)].reshape(-1, 3)
            wanted = [int(here.colour.hex[i : i + 2], 16) for i in (1, 3, 5)]
            assert (abs(band.astype(int) - wanted).max(axis=1) < 12).mean() > 0.4, here.serial
        # One colour never shares a sheet with another.
        assert len({by_url[symbol.text].letter for symbol in found}) <= 1
        read += [symbol.text for symbol in found]
    assert sorted(read) == sorted(by_url)


def band_at(symbol, layout, height_px):
    """The pixels of the band that belongs to the symbol found."""
    left, bottom = symbol.position.top_left.x, symbol.position.bottom_left.y
    cell_x = left - layout.symbol.x * PER_MM
    cell_bottom = bottom + layout.symbol.y * PER_MM
    x0 = round(cell_x + (layout.band.x + 1) * PER_MM)
    x1 = round(cell_x + (layout.band.right - 1) * PER_MM)
    y1 = round(cell_bottom - (layout.band.y + 1) * PER_MM)
    y0 = round(cell_bottom - (layout.band.top - 1) * PER_MM)
    return slice(max(y0, 0), min(y1, height_px)), slice(max(x0, 0), x1)


def test_sheets_and_pages_are_counted_without_the_cover(printed):
    layout, result, pages = printed
    sheets = sum(-(-count // layout.per_sheet) for count in (2, 3))
    assert (result.permits, result.sheets) == (5, sheets)
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
    sides = {name: layout.symbol.width for name, layout in LAYOUTS.items()}
    assert sides.pop("sticker") >= 28
    assert min(sides.values()) >= 35


def test_nothing_stands_in_the_quiet_zone(printed):
    layout, _, pages = printed
    for page in fronts(pages, layout):
        pixels = numpy.asarray(page.convert("L"))
        for symbol in symbols_on(page):
            corner = symbol.position.top_left
            side = symbol.position.top_right.x - corner.x
            module = layout.symbol.width * PER_MM / encode(symbol.text).size
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
    assert [entry.title[0] for entry in reader.outline] == ["封", "A", "B"]


def test_the_same_batch_gives_the_same_bytes_in_any_order(tmp_path, fonts):
    first = print_to(tmp_path, fonts, name="first.pdf")
    second = print_to(tmp_path, fonts, permits=list(reversed(BATCH)), name="second.pdf")
    assert first.sha256 == second.sha256
    assert first.path.read_bytes() == second.path.read_bytes()


def test_all_eight_colours_read_in_colour_and_photographed_in_grey(tmp_path, fonts):
    batch = [permit(number, number) for number in range(8)]
    result = print_to(tmp_path, fonts, "card", batch, flip=Flip.NONE)
    texts = set()
    for page in rasterise(result.path, first=2):
        grey = page.convert("L")
        for symbol in symbols_on(grey):
            texts.add(symbol.text)
            band = numpy.asarray(grey)[band_at(symbol, LAYOUTS["card"], page.height)]
            # The letter stands apart from its colour.
            assert numpy.percentile(band, 99) - numpy.percentile(band, 1) > 60
    assert texts == {one.token_url for one in batch}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_for_coloured_paper_there_is_no_colour_in_the_file_and_the_cover_says_what_to_load(
    tmp_path, fonts, layout
):
    batch = BATCH[:2]
    result = print_to(tmp_path, fonts, layout, batch, ink=Ink.BLACK)
    pages = rasterise(result.path)
    for page in pages:
        red, green, blue = page.split()
        assert red.tobytes() == green.tobytes() == blue.tobytes()
    read = [one.text for page in fronts(pages, LAYOUTS[layout]) for one in symbols_on(page)]
    assert sorted(read) == sorted(one.token_url for one in batch)
    cover = PdfReader(result.path).pages[0].extract_text()
    assert "装蓝色纸" in cover
    assert "load vermillion paper" in cover


def test_a_used_sheet_goes_on_at_the_place_that_is_free(tmp_path, fonts):
    result = print_to(tmp_path, fonts, "sticker", BATCH, first_place=8)
    places = [
        {place_of(symbol, LAYOUTS["sticker"], page.height) for symbol in symbols_on(page)}
        for page in rasterise(result.path, first=2)
    ]
    # A's second permit needs a sheet of its own, and B begins on a fresh one.
    assert places == [{7}, {0}, {0, 1, 2}]
    assert result.sheets == 3


def place_of(symbol, layout, height_px):
    """Return the place in which a symbol stands."""
    x = symbol.position.top_left.x / PER_MM - layout.symbol.x
    y = (height_px - symbol.position.bottom_left.y) / PER_MM - layout.symbol.y
    distances = [
        abs(x - at[0]) + abs(y - at[1])
        for at in (layout.cell_at(place) for place in range(layout.per_sheet))
    ]
    return distances.index(min(distances))


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_place_that_no_sheet_has_is_refused(tmp_path, fonts, place):
    with pytest.raises(PlaceNotOnSheet) as refused:
        print_to(tmp_path, fonts, "card", first_place=place)
    assert refused.value.facts == {"place": place, "places": 4}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("layout", "flip", "moved"),
    [
        *itertools.product(TWO_SIDED, (Flip.LONG, Flip.SHORT), ((0.0, 0.0),)),
        ("card", Flip.LONG, MOVED),
        ("tag", Flip.SHORT, MOVED),
    ],
)
def test_the_back_lands_within_half_a_millimetre_of_its_front(tmp_path, fonts, layout, flip, moved):
    """A printer that moves the back is told so, and the sheet is turned over as it turns it."""
    right, up = moved
    layout = LAYOUTS[layout]
    offset = Offset(-right, -up)
    result = print_to(tmp_path, fonts, layout.name, BATCH[:1], flip=flip, back=offset)
    front, back = (
        numpy.asarray(one.convert("L")) for one in rasterise(result.path, first=3, dpi=EXACT_DPI)
    )
    as_printed = numpy.roll(
        back, (-round(up * EXACT_PER_MM), round(right * EXACT_PER_MM)), axis=(0, 1)
    )
    front, back = edges(front, layout), edges(as_printed, layout)
    sideways = PrintOptions(flip=flip).turns_sideways(layout)
    through_the_paper = without_the_rim(back[:, ::-1] if sideways else back[::-1])
    front = without_the_rim(front)
    assert front.sum() > 30
    assert through_the_paper[near(front)].sum() == through_the_paper.sum()
    assert front[near(through_the_paper)].sum() == front.sum()


def edges(pixels, layout):
    """Return what is drawn along the cuts: their marks, and where the slit of a hook begins."""
    # A fine line may lie across two pixels and be grey in both.
    inked = pixels < 225
    for place in range(layout.per_sheet):
        x, y = layout.cell_at(place)
        x0, y1 = (x + 1) * EXACT_PER_MM, pixels.shape[0] - (y + 1) * EXACT_PER_MM
        x1, y0 = x0 + (layout.cell[0] - 2) * EXACT_PER_MM, y1 - (layout.cell[1] - 2) * EXACT_PER_MM
        inked[round(y0) : round(y1), round(x0) : round(x1)] = False
    return inked


def without_the_rim(mask):
    """Return a mask without what a page that is moved may lose at its edges."""
    rim = round(3 * EXACT_PER_MM)
    inside = numpy.zeros_like(mask)
    inside[rim:-rim, rim:-rim] = mask[rim:-rim, rim:-rim]
    return inside


def near(mask):
    """Return what lies within half a millimetre of a mask, on each axis."""
    reach = 2 * int(0.5 * EXACT_PER_MM) + 1
    grown = Image.fromarray((mask * 255).astype("uint8")).filter(ImageFilter.MaxFilter(reach))
    return numpy.asarray(grown) > 0


def test_a_hanging_permit_has_its_hole_at_the_same_end_on_both_sides(tmp_path, fonts):
    for flip in (Flip.LONG, Flip.SHORT):
        result = print_to(tmp_path, fonts, "tag", BATCH[:1], flip=flip, ink=Ink.BLACK)
        front, back = rasterise(result.path, first=3)
        hole = LAYOUTS["tag"].hook
        x, y = LAYOUTS["tag"].cell_at(0)
        top = round(front.height - (y + hole.y + hole.radius) * PER_MM)
        middle = round((x + hole.x) * PER_MM)
        sideways = PrintOptions(flip=flip).turns_sideways(LAYOUTS["tag"])
        turned = back.transpose(
            Image.Transpose.FLIP_LEFT_RIGHT if sideways else Image.Transpose.FLIP_TOP_BOTTOM
        )
        for page in (front, turned):
            around = page.convert("L").crop((middle - 12, top - 3, middle + 12, top + 3))
            assert around.getextrema()[0] < 128


def test_a_printers_offset_moves_the_front(tmp_path, fonts):
    plain = print_to(tmp_path, fonts, "sticker", BATCH[:1], name="plain.pdf")
    moved = print_to(tmp_path, fonts, "sticker", BATCH[:1], name="m.pdf", front=Offset(2.0, -3.0))
    corners = [
        symbols_on(rasterise(result.path, first=2)[0])[0].position.top_left
        for result in (plain, moved)
    ]
    right = (corners[1].x - corners[0].x) / PER_MM
    down = (corners[1].y - corners[0].y) / PER_MM
    assert (right, down) == pytest.approx((2.0, 3.0), abs=0.3)


def text_of(result, page=-1):
    return PdfReader(result.path).pages[page].extract_text()


def test_without_the_compounds_name_the_colours_stands_there(tmp_path, fonts):
    one = permit(1, 0)
    hidden = print_to(tmp_path, fonts, "sticker", [one], names_compound=False)
    assert one.compound not in text_of(hidden)
    assert one.compound_en not in text_of(hidden)
    assert "蓝色" in text_of(hidden)


def test_a_car_with_a_space_of_its_own_has_it_on_the_card_in_place_of_the_zones(tmp_path, fonts):
    shared, own = permit(1, 0), permit(2, 0, space="B1-023")
    text = text_of(print_to(tmp_path, fonts, "sticker", [shared, own]))
    assert text.count("B1-023") == 1
    assert text.count("S1 20:00") == 1


def test_a_household_is_never_printed(tmp_path, fonts):
    one = permit(1, 0, sort_key=("3", "2", "501"))
    assert "501" not in text_of(print_to(tmp_path, fonts, "sticker", [one]))


def test_a_layout_of_ones_own_leaves_fields_out_and_lies_where_it_says(tmp_path, fonts):
    own = replace(
        LAYOUTS["sticker"],
        name="own-1",
        rows=2,
        margin=(12.0, 20.0),
        gap=(5.0, 9.0),
        hidden=frozenset({"validity", "serial"}),
    )
    result = print_to(tmp_path, fonts, own, BATCH[:2] + BATCH[4:])
    assert "编号" not in text_of(result)
    page = rasterise(result.path, first=3)[0]
    corner = min((one.position.top_left for one in symbols_on(page)), key=lambda one: one.x)
    top_of_symbol = own.cell[1] - own.symbol.top
    assert corner.x / PER_MM == pytest.approx(12.0 + own.symbol.x, abs=0.4)
    assert corner.y / PER_MM == pytest.approx(20.0 + top_of_symbol, abs=0.4)


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
    assert told[-1] == (5, 5)


def test_missing_fonts_are_named_and_leave_no_file(tmp_path):
    with pytest.raises(FontMissing) as missing:
        print_to(tmp_path, tmp_path / "nowhere")
    assert missing.value.facts["file"] == "NotoSansSC-Regular.ttf"
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_where_office_printers_leave_paper_white(printed):
    layout, _, pages = printed
    edge = round(4 * PER_MM)
    front = pages[2 if layout.has_back else 1]
    inked = numpy.asarray(front.convert("L")) < 250
    border = inked.copy()
    border[edge:-edge, edge:-edge] = False
    # Crop marks alone may reach the edge.
    assert border.mean() < 0.0005
