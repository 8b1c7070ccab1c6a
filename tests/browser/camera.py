"""What a phone's camera sees at a gate: a printed card or a symbol, held up by hand."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import qrcode
import zxingcpp
from PIL import Image, ImageFilter

from permits import token
from permits.printing import LAYOUTS

FRAME_PX = (1280, 720)
DPI = 150
"""At which office printers print at least."""

_FRAMES = 6
_TIMES = 5
"""How often a film is shown before the next: a second, as Chromium plays it."""

_DUSK = (92, 96, 104)
"""The colour of what is around the card."""


def rasterised(pdf: Path, *, dpi: int = DPI) -> list[Image.Image]:
    """Return a PDF's pages as pdftoppm draws them."""
    stem = pdf.parent / f"{pdf.stem}-page"
    command = ["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(stem)]
    subprocess.run(command, check=True)
    return [Image.open(path).convert("RGB") for path in sorted(pdf.parent.glob(f"{stem.name}-*"))]


def card_of(pdf: Path, plate: str) -> tuple[Image.Image, str]:
    """Return the picture of a plate's card, cut out of a printed batch, and what its symbol holds.

    Raises:
        LookupError: no symbol in the batch is for this plate.
    """
    for page in rasterised(pdf):
        for symbol in zxingcpp.read_barcodes(np.asarray(page)):
            if token.read(token.from_url(symbol.text)).fields.plate == plate:
                return _cut(page, symbol.position.top_left), symbol.text
    raise LookupError(f"no card of {plate} in {pdf}")


def _cut(page: Image.Image, inside: zxingcpp.Point) -> Image.Image:
    """Return the card of a page that holds a point."""
    card = LAYOUTS["card"]
    px_per_mm = DPI / 25.4
    width, height = (round(side * px_per_mm) for side in card.cell)
    column, row = inside.x // width, inside.y // height
    return page.crop((column * width, row * height, (column + 1) * width, (row + 1) * height))


def symbol_of(text: str) -> Image.Image:
    """Return a symbol that anybody can draw, genuine or not, on white paper."""
    drawn = qrcode.make(text, border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    return drawn.get_image().convert("RGB").resize((480, 480), Image.Resampling.NEAREST)


def film(picture: Image.Image, path: Path) -> Path:
    """Write an MJPEG of a picture held into the camera: never quite straight, sharp or still.

    Chromium plays it in a loop as its camera.
    """
    noise = np.random.default_rng(len(picture.tobytes()))
    with path.open("wb") as frames:
        for number in range(_FRAMES):
            turned = picture.rotate(
                3 - number,
                resample=Image.Resampling.BICUBIC,
                expand=True,
                fillcolor=_DUSK,
            )
            fitting = min(side / own for side, own in zip(FRAME_PX, turned.size, strict=True))
            scale = min(fitting, 1.2) * (0.97 - 0.01 * number)
            held = turned.resize(
                (round(turned.width * scale), round(turned.height * scale)),
                Image.Resampling.BICUBIC,
            )
            frame = Image.new("RGB", FRAME_PX, _DUSK)
            frame.paste(
                held,
                ((FRAME_PX[0] - held.width) // 2 + number, (FRAME_PX[1] - held.height) // 2),
            )
            blurred = np.asarray(frame.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
            grainy = blurred + noise.normal(0, 6, blurred.shape)
            seen = Image.fromarray(grainy.clip(0, 255).astype(np.uint8))
            jpeg = io.BytesIO()
            seen.save(jpeg, "JPEG", quality=85)
            frames.write(jpeg.getvalue())
    return path


def films_in_turn(films: Iterable[Path], path: Path) -> Path:
    """Write an MJPEG that shows one film after the other, each long enough to be read."""
    path.write_bytes(b"".join(film.read_bytes() * _TIMES for film in films))
    return path
