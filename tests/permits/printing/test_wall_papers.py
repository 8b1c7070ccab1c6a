"""Signs, signatures and calibration pages, read back as an eye reads them."""

import io
import subprocess
from datetime import date

import numpy
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from permits.printing.calibration import CROSS_MM, calibration_pages
from permits.printing.signature_sheet import ROWS, SignatureRow, signature_sheet
from permits.printing.typefaces import register
from permits.printing.zone_sign import SignOpening, ZoneSign, zone_signs
from zones.colours import PALETTE

DPI = 50.8
PER_MM = 2

pytestmark = pytest.mark.anywhere


def pages_of(content):
    return PdfReader(io.BytesIO(content)).pages


def sizes_mm(content):
    boxes = [page.mediabox for page in pages_of(content)]
    return [(round(box.width * 25.4 / 72), round(box.height * 25.4 / 72)) for box in boxes]


def picture_of(content, page=1):
    command = ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page)]
    drawn = subprocess.run(command, input=content, capture_output=True, check=True)
    return Image.open(io.BytesIO(drawn.stdout)).convert("RGB")


def opening(place, hours=""):
    colour = PALETTE[place]
    return SignOpening(colour.letter, colour, f"{colour.letter}小区", "Compound", hours)


def signs(*openings):
    url = "HTTPS://P.EXAMPLE.CN/WATCH/REPORT?ZONE=1"
    sign = ZoneSign("S1", "中心广场", "Central square", openings, url)
    return sign, {"community": "社区", "community_en": "Community", "plan_number": 3}


@pytest.mark.parametrize("places", [(0,), (0, 1), (0, 1, 2, 3)])
def test_a_zone_sign_shows_each_colour_in_an_equal_block_and_who_may_park(fonts, places):
    hours = {place: "20:00–07:00" if place else "" for place in places}
    sign, more = signs(*(opening(place, hours[place]) for place in places))
    content = zone_signs([sign], fonts=fonts, **more)
    text = pages_of(content)[0].extract_text()
    assert "仅限" in text
    assert text.count("20:00–07:00") == len(places) - 1
    assert sizes_mm(content) == [(297, 420)]
    picture = picture_of(content)
    pixels = numpy.asarray(picture).astype(int)
    shares = []
    for place in places:
        wanted = [int(PALETTE[place].hex[i : i + 2], 16) for i in (1, 3, 5)]
        shares.append((abs(pixels - wanted).max(axis=2) < 6).mean())
    # A sheet that holds one colour alone is half colour; more share the room alike.
    assert min(shares) > 0.2 / len(places)
    assert [symbol.text for symbol in zxingcpp.read_barcodes(picture)] == [sign.report_url]


def test_a_zone_that_is_open_to_nobody_says_so(fonts):
    sign, more = signs()
    text = pages_of(zone_signs([sign], fonts=fonts, **more))[0].extract_text()
    assert "暂不开放停车" in text


def row(letter, number):
    colour = PALETTE["AB".index(letter)]
    return SignatureRow(
        letter, colour, f"{letter}小区", letter, f"1-{number}", "粤E·12345", f"{letter}-{number}"
    )


def test_each_compound_signs_on_pages_of_its_own_with_head_and_count(fonts):
    rows = [*(row("A", number) for number in range(ROWS + 1)), row("B", 1)]
    names = {"community": "社区", "community_en": "Community"}
    content = signature_sheet(rows, day=date(2026, 12, 1), fonts=fonts, **names)
    texts = [page.extract_text() for page in pages_of(content)]
    assert [text.count("粤") for text in texts] == [ROWS, 1, 1]
    assert all("签名" in text and f"第 {n} 页，共 3 页" in text for n, text in enumerate(texts, 1))
    assert "A小区" not in texts[2]


def test_the_cross_of_each_calibration_page_stands_where_it_is_said_to_stand(fonts):
    register(fonts)
    content = calibration_pages()
    assert sizes_mm(content) == [(210, 297), (210, 297), (297, 210), (297, 210)]
    for page in range(1, 5):
        picture = picture_of(content, page).convert("L")
        inked = numpy.asarray(picture) < 200
        middle = round(CROSS_MM * PER_MM)
        # The arms are the longest lines around it.
        around = inked[middle - 30 : middle + 30, middle - 40 : middle + 40]
        assert abs(around.sum(axis=0).argmax() - 40) <= 1
        assert abs(around.sum(axis=1).argmax() - 30) <= 1
