"""The eight permit colours: Okabe and Ito's palette, each with a letter and a shape."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """One permit colour and the sign that carries it where colour is not seen.

    Attributes:
        key: stable name, used in the database and in style sheets.
        letter: the letter that stands for the colour in serials and on signs.
        shape: name of the shape, one of circle, square, triangle, diamond, star, cross,
            pentagon, bar.
        sign: the shape as one character, for text.
        hex: sRGB colour, `#RRGGBB`.
        text_hex: black or white with at least 4.5:1 on `hex`: for text of any size
            (WCAG 2.2, 1.4.3).
        large_hex: black or white with at least 3:1 on `hex`: only for signs and for text of
            18 pt and more, or 14 pt and more in bold (WCAG 2.2, 1.4.3, "large scale").
        name_zh: Chinese name.
        name_en: English name.
    """

    key: str
    letter: str
    shape: str
    sign: str
    hex: str
    text_hex: str
    large_hex: str
    name_zh: str
    name_en: str


WHITE = "#FFFFFF"
BLACK = "#000000"


def relative_luminance(hex_colour: str) -> float:
    """Return the relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2, definition)."""
    channels = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition)."""
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable_on(hex_colour: str, ratio: float) -> str:
    """White where it reaches the ratio, else black: white letters read better through glass."""
    return WHITE if contrast(hex_colour, WHITE) >= ratio else BLACK


def _colour(
    key: str, letter: str, shape: str, sign: str, hex_colour: str, name_zh: str, name_en: str
) -> Colour:
    return Colour(
        key,
        letter,
        shape,
        sign,
        hex_colour,
        _readable_on(hex_colour, 4.5),
        _readable_on(hex_colour, 3.3),
        name_zh,
        name_en,
    )


PALETTE: tuple[Colour, ...] = (
    _colour("blue", "A", "circle", "●", "#0072B2", "蓝色", "blue"),
    _colour("vermillion", "B", "square", "■", "#D55E00", "橙红", "vermillion"),
    _colour("green", "C", "triangle", "▲", "#009E73", "绿色", "green"),
    _colour("yellow", "D", "diamond", "◆", "#F0E442", "黄色", "yellow"),
    _colour("sky", "E", "star", "★", "#56B4E9", "天蓝", "sky blue"),
    _colour("purple", "F", "cross", "✚", "#CC79A7", "紫红", "reddish purple"),
    _colour("orange", "G", "pentagon", "⬟", "#E69F00", "橙色", "orange"),
    _colour("grey", "H", "bar", "▬", "#999999", "灰色", "grey"),
)

BY_KEY: dict[str, Colour] = {colour.key: colour for colour in PALETTE}
