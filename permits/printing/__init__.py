"""Printing permits: values in, a PDF out."""

from permits.printing.layouts import LAYOUTS, Layout
from permits.printing.options import Flip, Ink, Offset, PrintOptions
from permits.printing.printed import PrintedPermit
from permits.printing.run import PrintResult, print_permits

__all__ = [
    "LAYOUTS",
    "Flip",
    "Ink",
    "Layout",
    "Offset",
    "PrintOptions",
    "PrintResult",
    "PrintedPermit",
    "print_permits",
]
