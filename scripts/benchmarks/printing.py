"""Print runs: rate, size and memory, against reportlab's own widget and ready-made symbols."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.config import VENDOR
from permits import token
from permits.plates import canonical
from permits.printing import PrintedPermit, PrintResult, print_permits
from permits.printing.front import SymbolDrawer, draw_symbol, fill_modules
from permits.printing.layouts import Box
from permits.printing.symbols import rectangles, symbol
from permits.serials import serial
from scripts.benchmarks.sizes import Sizes
from scripts.benchmarks.timing import best_seconds
from zones.colours import PALETTE

PUBLIC_URL = "https://permits.example.cn"
COMPOUNDS = ("百合村北区", "豪景街小区", "环保局宿舍", "海欣阁")


def signed_permits(count: int) -> Iterator[PrintedPermit]:
    """Yield permits of four compounds; each token is signed when it is asked for."""
    key = ec.derive_private_key(20_261_201, ec.SECP256R1())
    first, last = date(2026, 12, 1), date(2027, 11, 30)
    for number in range(1, count + 1):
        place = number % len(COMPOUNDS)
        colour = PALETTE[place]
        plate = canonical(f"粤E{number % 100_000:05d}")
        fields = token.TokenFields(
            token.TokenKind.PERMIT, 1, 1, place + 1, number, first, last, plate.text
        )
        yield PrintedPermit(
            token_url=token.url(PUBLIC_URL, token.sign(fields, key)),
            plate=plate.shown,
            serial=serial(colour.letter, number),
            colour=colour,
            letter=colour.letter,
            compound=COMPOUNDS[place],
            compound_en="Lily Village North",
            community="百合村片区",
            community_en="Lily Village Neighbourhood",
            zones=f"{colour.letter}1 {colour.letter}2 · S1 20:00–07:00",
            plan_number=3,
            valid_from=first,
            valid_to=last,
            sort_key=(f"{number % 40:06d}", "", f"{number:06d}"),
        )


def print_into(
    folder: Path, permits: Iterator[PrintedPermit], symbols: SymbolDrawer = draw_symbol
) -> PrintResult:
    """Print permits as cards into a folder."""
    return print_permits(
        permits,
        layout="card",
        out=folder / "permits.pdf",
        fonts=VENDOR / "fonts",
        report_url=PUBLIC_URL,
        symbols=symbols,
    )


def draw_widget(canvas: Canvas, box: Box, text: str) -> None:
    """Draw a symbol with the widget that comes with reportlab."""
    side = box.width * mm
    widget = QrCodeWidget(text, barLevel="M", barWidth=side, barHeight=side, barBorder=0)
    drawing = Drawing(side, side)
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, box.x * mm, box.y * mm)


def ready_matrices(permits: list[PrintedPermit]) -> SymbolDrawer:
    """Return a drawer that has the modules of these permits' symbols ready."""
    ready = {one.token_url: symbol(one.token_url) for one in permits}

    def draw(canvas: Canvas, box: Box, text: str) -> None:
        fill_modules(canvas, box, ready[text].size, rectangles(ready[text]))

    return draw


def ready_paths(permits: list[PrintedPermit]) -> SymbolDrawer:
    """Return a drawer that has even the path operators of these permits' symbols ready."""
    symbols = {one.token_url: symbol(one.token_url) for one in permits}
    ready = {text: (one.size, rectangles(one)) for text, one in symbols.items()}
    return lambda canvas, box, text: fill_modules(canvas, box, *ready[text])


def print_figures(sizes: Sizes) -> dict[str, float]:
    """Return what is measured of print runs.

    Our run signs each token while it prints; those it is compared with have them signed.
    """
    signed = list(signed_permits(sizes.permits))
    few = signed[: sizes.widget_permits]
    matrices, paths = ready_matrices(signed), ready_paths(signed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = best_seconds(
            {
                "ours": lambda: print_into(folder, signed_permits(sizes.permits)),
                "floor": lambda: print_into(folder, iter(signed), matrices),
                "paths": lambda: print_into(folder, iter(signed), paths),
                "widget": lambda: print_into(folder, iter(few), draw_widget),
                "sign": lambda: list(signed_permits(sizes.permits)),
            },
            sizes.rounds,
        )
        size = print_into(folder, iter(signed)).path.stat().st_size
    ours = sizes.permits / seconds["ours"]
    widget = sizes.widget_permits / seconds["widget"]
    return {
        "times_reportlab_widget": ours / widget,
        "times_floor": seconds["ours"] / seconds["floor"],
        "bytes_per_permit": size / sizes.permits,
        "mb_per_1000": _mb_per_1000(*sizes.memory_permits),
        "times_ready_paths": seconds["ours"] / seconds["paths"],
        "permits_per_second": ours,
        "widget_permits_per_second": widget,
        "floor_permits_per_second": sizes.permits / seconds["floor"],
        "share_of_signing": seconds["sign"] / seconds["ours"],
    }


def _mb_per_1000(small: int, large: int) -> float:
    growth_kb = _peak_kb(large) - _peak_kb(small)
    return growth_kb / 1024 * 1000 / (large - small)


def _peak_kb(count: int) -> int:
    command = [sys.executable, "-m", "scripts.benchmarks.memory", str(count)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
