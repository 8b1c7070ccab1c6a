"""Pictures of what is printed: cover, front and back of the first sheet of each print run."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.print_run import PrintRun
from permits.printing import LAYOUTS
from scripts.screenshots_parts.picture import Picture
from tests.browser.installation import Installation

_DPI = 100
_PAGES = {True: {"cover": 1, "front": 3, "back": 4}, False: {"cover": 1, "front": 2}}
"""Pages by whether a layout has a back; then the cover's own back is page 2, and empty."""


def _runs(session: Session) -> list[tuple[int, str, str]]:
    runs = session.scalars(select(PrintRun).order_by(PrintRun.id))
    return [(run.id, run.layout, run.file_name) for run in runs]


def picture_paper(installation: Installation, folder: Path) -> Iterator[Picture]:
    """Take the pictures and yield each."""
    for number, layout, file_name in installation.within(_runs):
        for side, page in _PAGES[LAYOUTS[layout].has_back].items():
            picture = Picture(folder, "paper", f"{layout}-{number}", side)
            _rasterise(installation.home.prints / file_name, page, picture.path)
            yield picture


def _rasterise(pdf: Path, page: int, path: Path) -> None:
    chosen = ["-f", str(page), "-l", str(page), "-singlefile"]
    command = ["pdftoppm", "-r", str(_DPI), "-png", *chosen, str(pdf), str(path.with_suffix(""))]
    subprocess.run(command, check=True)
