"""Photos as they are kept: small, upright, and without what a camera writes beside them."""

from __future__ import annotations

import io
import struct
from typing import ClassVar

from PIL import Image, ImageOps

from records.errors import DomainError

MAX_PHOTO_BYTES = 8 * 1024 * 1024
MAX_IMAGE_PIXELS = 50_000_000
"""More is no phone's photo: a small file that unpacks to this much is meant to do harm."""

LONGEST_SIDE_PX = 1600
"""A plate three metres away is still read at this size."""

FORMATS = ("JPEG", "PNG", "WEBP")
"""The formats that are read (Pillow's names); what phones and browsers send."""

_QUALITY = 80


class PhotoTooLarge(DomainError):
    """A photo's file is larger than `limit_mb` MB."""

    code: ClassVar[str] = "photo_too_large"
    status: ClassVar[int] = 413


class TooManyPixels(DomainError):
    """A photo would unpack to more than `limit_mp` million pixels."""

    code: ClassVar[str] = "too_many_pixels"


class NotAPhoto(DomainError):
    """A file is no picture of a known kind, or a broken one."""

    code: ClassVar[str] = "not_a_photo"


def plain_photo(content: bytes, max_bytes: int = MAX_PHOTO_BYTES) -> bytes:
    """Return a photo as a JPEG of at most 1600 px a side, turned upright, without any metadata.

    Args:
        max_bytes: how large the file may be.

    Raises:
        PhotoTooLarge, TooManyPixels: it is not even unpacked.
        NotAPhoto: it is no JPEG, PNG or WebP, or broken.
    """
    if len(content) > max_bytes:
        raise PhotoTooLarge(limit_mb=max_bytes // (1024 * 1024))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_IMAGE_PIXELS:
                raise TooManyPixels(limit_mp=MAX_IMAGE_PIXELS // 1_000_000)
            # A JPEG is unpacked at a fraction of its size where that is enough.
            opened.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            return _as_jpeg(upright)
    except Image.DecompressionBombError:
        raise TooManyPixels(limit_mp=MAX_IMAGE_PIXELS // 1_000_000) from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, ZeroDivisionError, KeyError):
        # What Pillow's readers raise on broken files; `UnidentifiedImageError` is an `OSError`.
        raise NotAPhoto from None


def _as_jpeg(image: Image.Image) -> bytes:
    # Drawn on a fresh canvas: an image carries comments and profiles along into what is saved.
    plain = Image.new("RGB", image.size, "white")
    layered = image.convert("RGBA")
    plain.paste(layered, mask=layered)
    file = io.BytesIO()
    plain.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return file.getvalue()
