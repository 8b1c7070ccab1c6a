import io
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.pdfgen.canvas import Canvas

from tests.factories import photo_file
from zones.site_picture import (
    LONGEST_SIDE_PX,
    MAX_ASPECT,
    MAX_BYTES,
    MAX_PIXELS,
    MAX_SVG_ELEMENTS,
    NoSitePicture,
    NoSuchPage,
    SitePictureTooLarge,
    SitePictureTooSmall,
    site_picture,
)

pytestmark = pytest.mark.anywhere

SECRET = b"22.76 N 113.26 E"
"""A place that must not be told."""


def svg(body, size='viewBox="0 0 400 300"', head=""):
    links = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{head}<svg {links} {size}>{body}</svg>".encode()


def pdf(*colours, size=(400, 300)):
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size)
    for colour in colours:
        canvas.setFillColor(colour)
        canvas.rect(0, 0, *size, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def opened(picture):
    return Image.open(io.BytesIO(picture.png))


def middle(picture):
    image = opened(picture)
    return image.getpixel((image.width // 2, image.height // 2))


RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


@pytest.mark.parametrize(
    "file", [photo_file(400, 300, "PNG"), photo_file(400, 300), svg("<g/>"), pdf("red")]
)
def test_every_kind_of_plan_becomes_a_png(file):
    picture = site_picture(file)
    image = opened(picture)
    assert (image.format, image.mode) == ("PNG", "RGB")
    assert image.size == (picture.width, picture.height)
    assert picture.width * 3 == picture.height * 4
    assert picture.width <= LONGEST_SIDE_PX


def test_what_is_written_beside_the_pixels_is_not_kept():
    notes = PngInfo()
    notes.add_text("place", SECRET.decode())
    picture = site_picture(photo_file(400, 300, "PNG", pnginfo=notes))
    assert SECRET not in picture.png


def test_a_drawing_is_drawn_in_its_colours_and_a_page_is_chosen():
    styled = "<style>.a{fill:red}</style><rect class='a' width='400' height='300'/>"
    assert middle(site_picture(svg(styled))) == RED
    assert middle(site_picture(pdf("white", "red"), page=2)) == RED


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_that_is_not_there_is_named(page):
    with pytest.raises(NoSuchPage) as refused:
        site_picture(pdf("white", "red"), page=page)
    assert refused.value.facts == {"pages": 2}


def test_a_drawing_fetches_nothing_from_the_machine_or_elsewhere(tmp_path):
    red = tmp_path / "red.png"
    red.write_bytes(photo_file(400, 300, "PNG"))
    box = 'width="400" height="300"'
    hostile = (
        f'<image href="{red}" {box}/><image xlink:href="file://{red}" {box}/>'
        f'<use href="{red}#a"/><foreignObject {box}><img src="{red}"/></foreignObject>'
        f'<rect {box} fill="url({red}#a) white"/><style>rect{{fill:url({red}) white}}</style>'
        f"<script>alert(1)</script>"
    )
    assert middle(site_picture(svg(hostile))) in (WHITE, BLACK)


ENTITY = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b "&a;">]>'


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"GIF89a",
        b"%PDF-1.7 broken",
        b"\x89PNG\r\n\x1a\nbroken",
        photo_file(400, 300)[:200],
        b"<html/>",
        svg("<text>&b;</text>", head=ENTITY),
        svg("<g>"),
        svg("", size=""),
        svg("", size='width="100%" height="nan"'),
    ],
)
def test_what_is_no_plan_is_refused(file):
    with pytest.raises(NoSitePicture):
        site_picture(file)


@pytest.mark.parametrize("size", ['viewBox="0 0 900 100"', 'viewBox="0 0 100 900"'])
def test_a_strip_is_refused(size):
    with pytest.raises(SitePictureTooSmall) as refused:
        site_picture(svg("", size=size))
    assert refused.value.facts["aspect"] == MAX_ASPECT


def test_a_stamp_is_refused():
    with pytest.raises(SitePictureTooSmall):
        site_picture(photo_file(60, 40))


def png_that_says_it_is(width, height):
    small = photo_file(8, 6, "PNG")
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + small[24:29]
    return small[:12] + head + zlib.crc32(head).to_bytes(4) + small[33:]


COPIES = '<g id="a">' + "<path/>" * 500 + "</g>" + '<use href="#a"/>' * 200


@pytest.mark.parametrize(
    "file",
    [
        b" " * (MAX_BYTES + 1),
        png_that_says_it_is(MAX_PIXELS // 1000, 1001),
        svg("<g/>" * (MAX_SVG_ELEMENTS + 1)),
        svg(COPIES),
    ],
    ids=["bytes", "pixels", "elements", "copies"],
)
def test_what_would_unpack_to_too_much_is_refused(file):
    with pytest.raises(SitePictureTooLarge):
        site_picture(file)


def test_copies_of_copies_are_not_unpacked():
    body = '<rect id="a0" width="9" height="9" fill="red"/>'
    for level in range(1, 12):
        body += f'<g id="a{level}">' + f'<use xlink:href="#a{level - 1}"/>' * 10 + "</g>"
    assert site_picture(svg(body)).width == LONGEST_SIDE_PX
