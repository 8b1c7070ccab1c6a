import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from records.photo import (
    FORMATS,
    LONGEST_SIDE_PX,
    MAX_IMAGE_PIXELS,
    MAX_PHOTO_BYTES,
    NotAPhoto,
    PhotoTooLarge,
    TooManyPixels,
    plain_photo,
)
from tests.factories import photo_file

pytestmark = pytest.mark.anywhere

SECRET = b"22.76 N 113.26 E"
"""A place that must not be told."""


def opened(content):
    return Image.open(io.BytesIO(content))


def exif(orientation=1):
    made = Image.Exif()
    made[Base.Orientation] = orientation
    made[Base.Make] = "Phone"
    made[Base.ImageDescription] = SECRET.decode()
    made.get_ifd(IFD.GPSInfo)[1] = "N"
    return made


def leaning(orientation, size=(40, 20)):
    """A picture that is red at the left of what its camera saw, held some way round."""
    upright = Image.new("RGB", size, "blue")
    ImageDraw.Draw(upright).rectangle((0, 0, size[0] // 4, size[1]), fill="red")
    turned = {
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    file = io.BytesIO()
    held = upright.transpose(turned) if turned is not None else upright
    held.save(file, "JPEG", exif=exif(orientation), quality=95)
    return file.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_every_known_kind_becomes_a_jpeg_of_its_size(kind):
    kept = opened(plain_photo(photo_file(30, 20, kind)))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (30, 20))


def test_nothing_that_a_camera_wrote_beside_the_picture_is_kept():
    taken = photo_file(
        kind="JPEG",
        exif=exif(),
        comment=SECRET,
        icc_profile=b"profile " + SECRET,
        xmp=b"<x:xmpmeta>" + SECRET,
    )
    assert SECRET in taken
    kept = plain_photo(taken)
    assert SECRET not in kept
    # Of application segments only the JFIF header itself is left.
    assert kept[2:4] == b"\xff\xe0"
    assert b"\xff\xe1" not in kept[:200]
    assert not opened(kept).getexif()
    assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_texts_in_a_png_are_not_kept():
    texts = PngInfo()
    texts.add_text("Location", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    taken = photo_file(kind="PNG", pnginfo=texts, exif=exif())
    assert SECRET in taken
    assert SECRET not in plain_photo(taken)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_stands_upright_however_the_phone_was_held(orientation):
    kept = opened(plain_photo(leaning(orientation)))
    assert kept.size == (40, 20)
    left, right = kept.getpixel((3, 10)), kept.getpixel((36, 10))
    assert left[0] > left[2]
    assert right[2] > right[0]


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (1200, 3200), (1601, 10)])
def test_a_large_photo_becomes_small_and_keeps_its_shape(width, height):
    kept = opened(plain_photo(photo_file(width, height)))
    assert max(kept.size) <= LONGEST_SIDE_PX
    assert max(kept.size) >= LONGEST_SIDE_PX - 1
    assert kept.width / kept.height == pytest.approx(width / height, rel=0.05)


def test_a_small_photo_is_not_made_larger():
    assert opened(plain_photo(photo_file(5, 3))).size == (5, 3)


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA", "I;16"])
def test_pictures_of_every_mode_are_read(mode):
    file = io.BytesIO()
    Image.new(mode, (6, 4)).save(file, "PNG")
    assert opened(plain_photo(file.getvalue())).mode == "RGB"


def test_a_press_photo_in_four_inks_is_read():
    file = io.BytesIO()
    Image.new("CMYK", (6, 4)).save(file, "JPEG")
    assert opened(plain_photo(file.getvalue())).mode == "RGB"


def test_what_is_transparent_becomes_white():
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(plain_photo(file.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def test_of_a_moving_picture_the_first_frame_is_kept():
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("white", "black")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert opened(plain_photo(file.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def gif():
    file = io.BytesIO()
    Image.new("P", (4, 4)).save(file, "GIF")
    return file.getvalue()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>1</script></svg>"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        SVG,
        gif(),
        b"%PDF-1.7\n",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\x00\x00\x00WEBP",
    ],
    ids=["nothing", "text", "svg", "gif", "pdf", "jpeg head", "png head", "webp head"],
)
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(NotAPhoto):
        plain_photo(content)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_photo_that_is_cut_off_is_refused(kind):
    content = photo_file(300, 200, kind)
    with pytest.raises(NotAPhoto):
        plain_photo(content[: len(content) // 2])


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damaged_file_breaks_the_reader(data):
    kind = data.draw(st.sampled_from(FORMATS))
    content = bytearray(photo_file(24, 16, kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        kept = plain_photo(bytes(content))
    except (NotAPhoto, TooManyPixels):
        return
    assert opened(kept).format == "JPEG"


def test_a_file_that_is_too_large_is_not_even_opened():
    with pytest.raises(PhotoTooLarge) as refused:
        plain_photo(b"\xff" * (MAX_PHOTO_BYTES + 1))
    assert refused.value.facts == {"limit_mb": 8}


def bomb(width, height):
    """A PNG whose head promises more than there is."""

    def chunk(kind, data):
        return (
            len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
        )

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head = chunk(b"IHDR", size + b"\x08\x02\x00\x00\x00")
    body = chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_072, 12_000, 60_000])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_small_file_that_would_unpack_to_a_giant_is_refused(side):
    assert side * side > MAX_IMAGE_PIXELS
    with pytest.raises(TooManyPixels):
        plain_photo(bomb(side, side))
