"""What the page's scanner still reads of a printed card: frames made worse step by step.

`python -m tests.browser.scanning` writes the table into `docs/scanning.md`.
"""

from __future__ import annotations

import base64
import functools
import io
import itertools
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Page, sync_playwright

from app.config import ROOT, VENDOR
from permits.printing import LAYOUTS, PrintedPermit, print_permits
from permits.printing.symbols import symbol
from tests.browser.camera import DPI, FRAME_PX, card_of
from tests.browser.readers import launched
from tests.browser.test_vectors import serving
from tests.vectors import reading
from zones.colours import PALETTE

PAGE = ROOT / "docs" / "scanning.md"
MODULES_PX = (6.0, 4.0, 3.0, 2.5, 2.0)
SMALLEST_PROMISED_PX = 3.0
"""From here on the scanner is held to `PROMISED`."""

PROMISED = 0.95
"""The share of those frames that it reads."""

_DISTANCE_MM = 300.0
"""From the lens to the card: how strongly a tilt draws the far side together."""

_ROLL_DEGREES = 4.0
_DUSK = 96
_BLUR_PX = 1.0
_CUT = 0.30
_GLARE = 0.13
"""Half the width of the patch, as a share of the symbol's side."""


@dataclass(frozen=True)
class Pose:
    """How the card is held: turned away about its upright and about its level axis, in degrees."""

    name: str
    aside: float = 0
    back: float = 0


POSES = (
    Pose("straight"),
    Pose("35° aside", aside=35),
    Pose("35° back", back=35),
)
TROUBLES = {
    "clear": "nothing but the noise of the sensor",
    "blurred": f"out of focus: Gaussian, σ = {_BLUR_PX:g} px of the frame",
    "glare": f"a white patch over {math.pi * _GLARE**2:.0%} of the symbol",
    "cut": f"{_CUT:.0%} of the card lie outside of the frame, on the side without the symbol",
    "together": "blurred and cut, with the glare",
}


@dataclass(frozen=True)
class Frame:
    """One picture of the card as a camera would take it."""

    module_px: float
    pose: Pose
    trouble: str

    def has(self, trouble: str) -> bool:
        """Return whether a trouble is in it, alone or with the others."""
        return self.trouble in (trouble, "together")


FRAMES = tuple(itertools.starmap(Frame, itertools.product(MODULES_PX, POSES, TROUBLES)))


@dataclass(frozen=True)
class Card:
    """A printed card, rasterised, and its symbol: text, side and middle in mm."""

    picture: Image.Image
    text: str
    module_mm: float
    side_mm: float
    middle_mm: tuple[float, float]


def printed_card(folder: Path) -> Card:
    """Return a card as the print run makes it, with a genuine token on it."""
    case = reading.document("token")["cases"][0]
    text, colour, layout = case["texts"][0], PALETTE[0], LAYOUTS["card"]
    permit = PrintedPermit(
        token_url=text,
        plate="粤E·12345",
        serial="A-000001-1",
        colour=colour,
        letter=colour.letter,
        compound="百合村北区",
        compound_en="Lily Village North",
        community="百合村片区",
        community_en="Lily Village Neighbourhood",
        zones="A1 A2",
        plan_number=1,
        valid_from=date(2026, 12, 1),
        valid_to=date(2027, 11, 30),
    )
    out = folder / "card.pdf"
    print_permits(
        [permit],
        layout="card",
        out=out,
        fonts=VENDOR / "fonts",
        report_url="https://permits.example",
    )
    picture, _ = card_of(out, case["expected"]["fields"]["plate"])
    height, box = layout.cell[1], layout.symbol
    return Card(
        picture=picture.convert("L"),
        text=text,
        module_mm=box.width / symbol(text).size,
        side_mm=box.width,
        middle_mm=(box.middle, height - box.y - box.height / 2),
    )


def photographed(card: Card, frame: Frame) -> Image.Image:
    """Return the frame: warped, lit, blurred and grainy."""
    px_per_mm = frame.module_px / card.module_mm
    print_px_per_mm = DPI / 25.4
    picture = card.picture
    if frame.has("glare"):
        picture = _with_glare(card, picture)
    # A lens takes the mean over each pixel; picking single points would make patterns of its own.
    scale = min(1.0, px_per_mm / print_px_per_mm)
    if scale < 1:
        size = (round(picture.width * scale), round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.BOX)
    to_mm = np.diag([1 / (print_px_per_mm * scale)] * 2 + [1.0])
    in_frame = _projected(card, frame, px_per_mm) @ to_mm
    back = np.linalg.inv(in_frame)
    seen = picture.transform(
        FRAME_PX,
        Image.Transform.PERSPECTIVE,
        tuple((back / back[2, 2]).flatten()[:8]),
        Image.Resampling.BICUBIC,
        fillcolor=_DUSK,
    )
    if frame.has("blurred"):
        seen = seen.filter(ImageFilter.GaussianBlur(_BLUR_PX))
    # The same grain, but never in the same place.
    grain = np.roll(_grain(), 7 * FRAMES.index(frame))
    return Image.fromarray((np.asarray(seen) + grain).clip(0, 255).astype(np.uint8))


@functools.cache
def _grain() -> np.ndarray:
    return np.random.default_rng(4).normal(0, 6, FRAME_PX[::-1]).astype(np.float32)


def _projected(card: Card, frame: Frame, px_per_mm: float) -> np.ndarray:
    """Return the homography from the card's millimetres to the frame's pixels."""
    aside, back, roll = map(math.radians, (frame.pose.aside, frame.pose.back, _ROLL_DEGREES))
    about_upright = np.array(
        [[math.cos(aside), 0, math.sin(aside)], [0, 1, 0], [-math.sin(aside), 0, math.cos(aside)]]
    )
    about_level = np.array(
        [[1, 0, 0], [0, math.cos(back), -math.sin(back)], [0, math.sin(back), math.cos(back)]]
    )
    about_lens = np.array(
        [[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]]
    )
    turned = about_lens @ about_level @ about_upright
    # The card's plane has no depth of its own: the third column falls away.
    flat = np.column_stack([turned[:, 0], turned[:, 1], [0, 0, _DISTANCE_MM]])
    lens = np.diag([px_per_mm * _DISTANCE_MM, px_per_mm * _DISTANCE_MM, 1.0])
    centred = np.array([[1, 0, -card.middle_mm[0]], [0, 1, -card.middle_mm[1]], [0, 0, 1]])
    shot = lens @ flat @ centred
    return _moved(*_place(card, frame, shot)) @ shot


def _place(card: Card, frame: Frame, shot: np.ndarray) -> tuple[float, float]:
    """Return where the middle of the symbol lies in the frame."""
    width, height = FRAME_PX
    if not frame.has("cut"):
        return 0.5 * width, 0.5 * height
    edge = shot @ np.array([_CUT * LAYOUTS["card"].cell[0], card.middle_mm[1], 1.0])
    return -edge[0] / edge[2], 0.5 * height


def _moved(x: float, y: float) -> np.ndarray:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])


def _with_glare(card: Card, picture: Image.Image) -> Image.Image:
    """Return the card with a lamp's reflection on its symbol, away from the finder patterns."""
    px_per_mm = DPI / 25.4
    x, y = ((place + 0.2 * card.side_mm) * px_per_mm for place in card.middle_mm)
    reach = _GLARE * card.side_mm * px_per_mm
    light = Image.new("L", picture.size, 0)
    ImageDraw.Draw(light).ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    softened = light.filter(ImageFilter.GaussianBlur(2))
    return Image.composite(Image.new("L", picture.size, 255), picture, softened)


_READ = """async (jpegs) => {
  const { Scanner } = await import("/static/js/camera.js");
  const video = document.createElement("video");
  const scanner = new Scanner(video, "/static/js/scan-worker.js", () => {});
  const texts = [];
  for (const jpeg of jpegs) {
    const answer = await fetch(`data:image/jpeg;base64,${jpeg}`);
    const bitmap = await createImageBitmap(await answer.blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    texts.push(await scanner.read(context.getImageData(0, 0, bitmap.width, bitmap.height)));
  }
  return texts;
}"""


def read(page: Page, card: Card, frames: Sequence[Frame] = FRAMES) -> dict[Frame, bool]:
    """Return of each frame whether the page's own scanner reads from it what is on the card."""
    texts = page.evaluate(_READ, [_jpeg(photographed(card, frame)) for frame in frames])
    return {frame: text == card.text for frame, text in zip(frames, texts, strict=True)}


def _jpeg(picture: Image.Image) -> str:
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=85)
    return base64.b64encode(content.getvalue()).decode()


def share_read(results: dict[Frame, bool]) -> float:
    """Return the share that was read of the frames of which it is promised."""
    promised = [
        was_read for frame, was_read in results.items() if frame.module_px >= SMALLEST_PROMISED_PX
    ]
    return sum(promised) / len(promised)


def table(results: dict[Frame, bool]) -> str:
    """Return what was read as a table for the documentation."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: dict[Frame, bool]) -> Iterator[str]:
    yield "| pixels a module | " + " | ".join(TROUBLES) + " |"
    yield "| --- |" + " --- |" * len(TROUBLES)
    for module_px in MODULES_PX:
        cells = [_cell(results, module_px, trouble) for trouble in TROUBLES]
        yield f"| {module_px:g} | " + " | ".join(cells) + " |"


def _cell(results: dict[Frame, bool], module_px: float, trouble: str) -> str:
    read = [pose.name for pose in POSES if results[Frame(module_px, pose, trouble)]]
    if len(read) == len(POSES):
        return "all"
    return ", ".join(read) or "none"


def documented(results: dict[Frame, bool]) -> str:
    """Return the whole page of the documentation."""
    layout = LAYOUTS["card"]
    return _PAGE.format(
        dpi=DPI,
        side_mm=layout.symbol.width,
        frame="{} × {}".format(*FRAME_PX),
        poses=", ".join(pose.name for pose in POSES),
        troubles="\n".join(f"- **{name}**: {what}" for name, what in TROUBLES.items()),
        table=table(results),
        share=f"{share_read(results):.0%}",
        smallest=f"{SMALLEST_PROMISED_PX:g}",
        frames=len(FRAMES),
    )


_PAGE = """# What the scanner reads

A card of a print run, printed at {dpi} dpi, as a phone's camera sees it in a frame of {frame}
pixels: held straight and tilted, near and far, in bad light. Each of the {frames} frames is read by
the gate's page itself in Chromium, with the same worker and the same zxing-wasm. This page is
written by `python -m tests.browser.scanning`, and a test compares it with what is read today.

How near the card is, is told by how many pixels of the frame one module of the symbol is wide
where it is held straight. The card's symbol is {side_mm:g} mm wide. It is held {poses}.

{troubles}

{table}
Of the frames with {smallest} pixels a module or more, {share} are read. Where a frame is not, the
next one comes 50 ms later, and a guard comes nearer or zooms.
"""


def main() -> None:
    """Write the page of the documentation."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving() as origin,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        page = browser.new_page()
        page.goto(origin)
        PAGE.write_text(documented(read(page, printed_card(Path(folder)))), encoding="utf-8")


if __name__ == "__main__":
    main()
