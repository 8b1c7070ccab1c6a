"""Drawing on one sheet in millimetres: lines of text, rules, signs and symbols."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from permits.printing.front import draw_symbol
from permits.printing.inks import INK, LABEL_GREY
from permits.printing.layouts import Box
from permits.printing.shapes import draw_shape
from permits.printing.site_map import draw_map
from permits.printing.symbols import QUIET_MODULES, symbol
from permits.printing.typefaces import BOLD, CAP_HEIGHT, REGULAR, fitted_pt, tight, width_mm
from zones.colours import Colour
from zones.map_scene import MapScene

MM_PER_PT = 25.4 / 72
NOT_AT_A_LINES_BEGINNING = "，。、；：？！）》」』”’,.;:?!)"


class Pen:
    """Draws on a canvas; every length is in millimetres from the lower left, sizes in points."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size_pt: float,
        *,
        font: str = REGULAR,
        ink: float | str = INK,
        room: float | None = None,
        align: str = "left",
    ) -> float:
        """Set one line with its baseline at y, made smaller where it must; return its width.

        Args:
            ink: share of white, or `#RRGGBB`.
            room: the width that it may take; None for any.
            align: `left`, `middle` or `right` of x.
        """
        shown = tight(words)
        size = size_pt if room is None else fitted_pt(shown, font, size_pt, room)
        self._fill(ink)
        self.canvas.setFont(font, size)
        draw = {
            "left": self.canvas.drawString,
            "middle": self.canvas.drawCentredString,
            "right": self.canvas.drawRightString,
        }[align]
        draw(x * mm, y * mm, shown)
        return width_mm(shown, font, size)

    def paragraph(
        self,
        x: float,
        y: float,
        words: str,
        size_pt: float,
        room: float,
        *,
        font: str = REGULAR,
        ink: float = INK,
        line_em: float = 1.5,
        most_lines: int | None = None,
    ) -> float:
        """Set lines broken to a width, the first baseline at y; return the next free baseline.

        Args:
            most_lines: what is longer ends in an ellipsis.
        """
        lines = list(wrapped(words, font, size_pt, room))
        if most_lines is not None and len(lines) > most_lines:
            lines = lines[:most_lines]
            lines[-1] = lines[-1][:-1] + "…"
        for line in lines:
            self.text(x, y, line, size_pt, font=font, ink=ink)
            y -= size_pt * MM_PER_PT * line_em
        return y

    def rule(self, x: float, y: float, width: float, *, weight: float = 0.15) -> None:
        """Draw a horizontal line; a heavy one is black, a fine one grey."""
        self.box(Box(x, y - weight / 2, width, weight), INK if weight > 0.3 else LABEL_GREY)

    def upright(self, x: float, y: float, height: float) -> None:
        """Draw a fine vertical line from y upwards."""
        self.box(Box(x, y, 0.15, height), LABEL_GREY)

    def box(self, box: Box, ink: float | str) -> None:
        """Fill a rectangle."""
        self._fill(ink)
        self.canvas.rect(box.x * mm, box.y * mm, box.width * mm, box.height * mm, stroke=0, fill=1)

    def frame(self, box: Box) -> None:
        """Draw a fine line around a rectangle."""
        self.canvas.setStrokeGray(LABEL_GREY)
        self.canvas.setLineWidth(0.15 * mm)
        self.canvas.rect(box.x * mm, box.y * mm, box.width * mm, box.height * mm)

    def sign(self, letter: str, colour: Colour, x: float, y: float, height: float) -> float:
        """Draw a colour's sign, letter and shape on its colour; return its width."""
        width = height * 1.9
        self.box(Box(x, y, width, height), colour.hex)
        size = height * 0.62 / CAP_HEIGHT / MM_PER_PT
        baseline = y + height * 0.19
        self.text(
            x + width * 0.3, baseline, letter, size, font=BOLD, ink=colour.large_hex, align="middle"
        )
        self.shape(colour, x + width * 0.56, y + height * 0.22, height * 0.56)
        return width

    def shape(self, colour: Colour, x: float, y: float, side: float) -> None:
        """Draw a colour's shape in the ink that reads on the colour."""
        self._fill(colour.large_hex)
        draw_shape(self.canvas, colour.shape, x * mm, y * mm, side * mm)

    def map(self, scene: MapScene, box: Box) -> None:
        """Draw a map with its legend as large as fits."""
        size = (box.x * mm, box.y * mm, box.width * mm, box.height * mm)
        draw_map(self.canvas, scene, *size, "zh")

    def symbol(self, text: str, box: Box) -> None:
        """Draw a QR symbol as vectors with its quiet zone, as large as its square box."""
        self.box(box, 1.0)
        modules = symbol(text).size
        quiet = box.width * QUIET_MODULES / (modules + 2 * QUIET_MODULES)
        side = box.width - 2 * quiet
        self._fill(INK)
        draw_symbol(self.canvas, Box(box.x + quiet, box.y + quiet, side, side), text)

    def _fill(self, ink: float | str) -> None:
        if isinstance(ink, str):
            self.canvas.setFillColor(ink)
        else:
            self.canvas.setFillGray(ink)


def wrapped(words: str, font: str, size_pt: float, room: float) -> Iterator[str]:
    """Yield the lines of a text broken to a width in millimetres.

    Chinese breaks between any two characters, but no line begins with a closing mark; other words
    stay whole, and one that is longer than a line is broken where the line ends.
    """
    for written in words.splitlines():
        line = ""
        for piece in _pieces(written):
            if line and width_mm((line + piece).rstrip(), font, size_pt) > room:
                yield line.rstrip()
                line = piece.lstrip()
            else:
                line += piece
            while width_mm(line.rstrip(), font, size_pt) > room and len(line) > 1:
                fits = next(
                    end
                    for end in range(len(line) - 1, 0, -1)
                    if end == 1 or width_mm(line[:end], font, size_pt) <= room
                )
                yield line[:fits]
                line = line[fits:]
        yield line.rstrip()


def _pieces(written: str) -> Iterator[str]:
    """Yield what may not be broken: a word with its space, or a character with closing marks."""
    piece = ""
    for character in written:
        begins = piece and (
            piece[-1] == " "
            or (
                (ord(character) > 0x2E80 or ord(piece[-1]) > 0x2E80)
                and character not in NOT_AT_A_LINES_BEGINNING
                and character != " "
            )
        )
        if begins:
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece
