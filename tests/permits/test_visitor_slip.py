import subprocess
from datetime import datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from permits.printing.typefaces import FontMissing, register
from permits.visitor_slip import DOTS_PER_MM, PAPER_MM, Slip, visitor_slip

pytestmark = pytest.mark.anywhere

FONTS = Path(__file__).parents[2] / "app" / "static" / "vendor" / "fonts"
ADDRESS = f"HTTPS://PERMITS.EXAMPLE.CN/P/{'CEAQAAIDAAAABVQJ3YFUUCPHWK' * 5}CEAQ"
"""As long as a real pass: 13 bytes, a plate and a signature in base32."""

DPI = DOTS_PER_MM * 25.4


def slip(**changes):
    facts = {
        "pass_url": ADDRESS,
        "plate": "粤E·D12345",
        "letter": "B",
        "shape": "square",
        "compound": "豪景街小区",
        "compound_en": "Haojing Street",
        "community": "百合村片区",
        "number": 1234,
        "valid_from": datetime(2026, 12, 1, 16, 30),  # noqa: DTZ001 - local, as printed
        "valid_to": datetime(2026, 12, 1, 20, 30),  # noqa: DTZ001
    }
    return visitor_slip(Slip(**{**facts, **changes}), FONTS)


@pytest.fixture
def printed(tmp_path):
    """Return what a receipt printer makes of a slip: dots, black or white."""

    def printed(content, inks="-mono"):
        (tmp_path / "slip.pdf").write_bytes(content)
        drawing = ["pdftoppm", "-r", f"{DPI}", inks, tmp_path / "slip.pdf", tmp_path / "slip"]
        subprocess.run(drawing, check=True)
        [page] = tmp_path.glob("slip-*.p[bg]m")
        with Image.open(page) as image:
            return image.convert("L")

    return printed


def words_of(content, tmp_path):
    (tmp_path / "slip.pdf").write_bytes(content)
    read = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "slip.pdf", "-"], check=True, capture_output=True
    )
    return " ".join(read.stdout.decode().split())


def test_the_symbol_is_read_from_the_dots_of_a_receipt_printer(printed):
    dots = printed(slip())
    assert dots.width == round(PAPER_MM * DOTS_PER_MM)
    [read] = zxingcpp.read_barcodes(dots)
    assert read.text == ADDRESS


def test_no_dot_of_the_symbol_is_half_inked(printed):
    dots = printed(slip(), "-gray")
    [read] = zxingcpp.read_barcodes(dots)
    corner, far = read.position.top_left, read.position.bottom_right
    inks = dots.crop((corner.x, corner.y, far.x, far.y)).histogram()
    # Modules that are no whole number of dots, or beside the grid, have grey edges.
    assert sum(inks[40:160]) == 0
    assert min(sum(inks[:40]), sum(inks[160:])) > sum(inks) / 3


def test_a_slip_prints_within_the_printers_width(printed):
    dots = printed(slip(plate="粤EA234警", compound="很长很长的小区名字" * 3, compound_en="W" * 80))
    margin = round((PAPER_MM - 48) / 2 * DOTS_PER_MM)
    dark = dots.point(lambda value: 255 - value).getbbox()
    assert dark[0] >= margin - 1
    assert dark[2] <= dots.width - margin + 1


def test_a_slip_says_whose_visitor_may_stay_until_when_and_names_no_flat(tmp_path):
    words = words_of(slip(), tmp_path)
    for said in (
        "百合村片区",
        "访客证",
        "VISITOR PASS",
        "D12345",
        "豪景街小区",
        "Haojing Street",
        "2026-12-01 16:30",
        "2026-12-01 20:30",
        "1234",
    ):
        assert said in words


def test_a_slip_is_black_only(tmp_path):
    (tmp_path / "slip.pdf").write_bytes(slip())
    drawing = ["pdftoppm", "-r", "50", "-png", tmp_path / "slip.pdf", tmp_path / "slip"]
    subprocess.run(drawing, check=True)
    with Image.open(tmp_path / "slip-1.png") as image:
        red, green, blue = image.convert("RGB").split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_a_missing_font_is_named(tmp_path):
    register.cache_clear()
    with pytest.raises(FontMissing):
        visitor_slip(
            Slip(
                ADDRESS,
                "粤E·12345",
                "A",
                "circle",
                "",
                "",
                "",
                1,
                *[datetime(2026, 12, 1)] * 2,  # noqa: DTZ001
            ),
            tmp_path,
        )
