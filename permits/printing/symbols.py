"""QR symbols: many a second for print runs, single ones for pages and posters."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any, cast

import qrcode
import qrcode.image.svg
import zxingcpp
from qrcode.constants import ERROR_CORRECT_M

QUIET_MODULES = 4
"""The quiet zone on each side (ISO/IEC 18004:2015, 5.3.8)."""

MASK = 2
"""The mask of a print run's symbols (ISO/IEC 18004:2015, 7.8.2).

The search for the best of the eight is 80 % of the work of encoding, and gains nothing here: a
signature fills most of the symbol, and noise stays noise under every mask.
"""
LIGHT = b"\xff"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol without its quiet zone: one byte a module, row by row, 0 for dark, 255 for light."""

    size: int
    modules: bytes


def symbol(text: str) -> Symbol:
    """Return the symbol of a text at error correction level M."""
    barcode = zxingcpp.create_barcode(
        text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=MASK
    )
    image = barcode.to_image(add_quiet_zones=False, scale=1)
    return Symbol(image.shape[0], bytes(memoryview(cast(Any, image))))


def rectangles(one: Symbol) -> str:
    """Return the dark modules as PDF path operators, one unit a module, origin at the lower left.

    Modules side by side become one rectangle, so that no hairline shows between them.
    """
    size, modules = one.size, one.modules
    # A light module after each row ends the row's last run.
    rows = [modules[start : start + size] for start in range(0, size * size, size)]
    line = LIGHT + LIGHT.join(rows) + LIGHT
    # Where a module differs from the one before, the shifted number differs, too; the first
    # change is that to the light module in front.
    number = int.from_bytes(line)
    changes = (number ^ number >> 8).to_bytes(len(line))
    _, *edges = compress(range(-1, len(line)), changes)
    places, widths = _places(size), _widths(size)
    return "".join(
        [
            places[start] + widths[end - start]
            for start, end in zip(edges[::2], edges[1::2], strict=True)
        ]
    )


@cache
def _places(size: int) -> list[str]:
    """Each place on a line of rows as text: formatting numbers is what would cost most."""
    step = size + 1
    return [f"{index % step} {size - 1 - index // step} " for index in range(size * step)]


@cache
def _widths(size: int) -> list[str]:
    return [f"{width} 1 re\n" for width in range(size + 1)]


def _single(text: str) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES, box_size=8)
    code.add_data(text)
    code.make(fit=True)
    return code


def single_svg(text: str) -> str:
    """Return one symbol as an SVG document, for a page or a poster."""
    image = _single(text).make_image(image_factory=qrcode.image.svg.SvgPathImage)
    return str(image.to_string(encoding="unicode"))


def single_png(text: str) -> bytes:
    """Return one symbol as a PNG file, eight pixels a module."""
    file = io.BytesIO()
    _single(text).make_image().save(file)
    return file.getvalue()
