"""One picture: what it shows and where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFilter


@dataclass(frozen=True)
class Picture:
    """A PNG file.

    Attributes:
        group: who reads it, or what kind of thing it is.
        subject: what it shows, the same for all variants of it.
        variant: language and width, or the page of a print.
    """

    folder: Path
    group: str
    subject: str
    variant: str

    @property
    def file_name(self) -> str:
        """Its name in the folder."""
        return f"{self.group}--{self.subject}--{self.variant}.png"

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.folder / self.file_name

    def blurred(self) -> Image.Image:
        """Return it so blurred that no symbol on it can be read."""
        with Image.open(self.path) as image:
            return image.convert("RGB").filter(ImageFilter.GaussianBlur(9))
