"""QR symbols: many a second for print runs, single ones for pages and posters."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any, cast

import qrcode
import qrcode.image.svg
import zxingcpp
from qrcode.constants import ERROR_CORRECT_M

QUIET_MODULES = 4
"""The quiet zone on each side (ISO/IEC 18004:2015, 5.3.8)."""

_RUN = re.compile(rb"\x00+")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol without its quiet zone: one byte a module, row by row, 0 for dark."""

    size: int
    modules: bytes


def symbol(text: str) -> Symbol:
    """Return the symbol of a text at error correction level M."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = barcode.to_image(add_quiet_zones=False, scale=1)
    return Symbol(image.shape[0], bytes(memoryview(cast(Any, image))))


def rectangles(one: Symbol) -> str:
    """Return the dark modules as PDF path operators, one unit a module, origin at the lower left.

    Modules side by side become one rectangle, so that no hairline shows between them.
    """
    size, modules = one.size, one.modules
    parts = []
    for row in range(size):
        line = modules[row * size : (row + 1) * size]
        base = size - 1 - row
        parts += [
            f"{run.start()} {base} {run.end() - run.start()} 1 re" for run in _RUN.finditer(line)
        ]
    return "\n".join(parts)


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
