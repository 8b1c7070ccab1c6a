"""Serial numbers: `A-000123-7` is the colour's letter, the permit's number, a check digit."""

import re

_SERIAL = re.compile(r"([A-Z])-(\d{6,10})-(\d)")


def check_digit(letter: str, number: int) -> int:
    """Return the check digit by ISO/IEC 7064, MOD 11,10, over the letter's place and the number.

    It finds every single wrong digit or letter of the palette and nearly all swaps of neighbours.
    """
    product = 10
    for digit in f"{ord(letter) - ord('A') + 1:02d}{number:06d}":
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def serial(letter: str, number: int) -> str:
    """Return the serial of a permit number, such as `A-000123-7`."""
    return f"{letter}-{number:06d}-{check_digit(letter, number)}"


def is_serial(text: str) -> bool:
    """Return whether a text is a serial whose check digit is right."""
    match = _SERIAL.fullmatch(text)
    return match is not None and check_digit(match[1], int(match[2])) == int(match[3])
