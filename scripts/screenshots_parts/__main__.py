"""Pictures of everything, from an installation that is started for them and ended after them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.screenshots_parts.index import write_index
from scripts.screenshots_parts.pages import picture_pages
from scripts.screenshots_parts.paper import picture_paper
from scripts.screenshots_parts.picture import Picture
from scripts.screenshots_parts.verdicts import picture_verdicts
from tests.browser.camera import film
from tests.browser.installation import served, set_up
from tests.browser.life import bring_to_life
from tests.browser.readers import Readers, launched


def main(folder: Path) -> None:
    """Write all pictures and their index into a folder."""
    pictures: list[Picture] = []
    with tempfile.TemporaryDirectory() as home:
        installation = set_up(Path(home))
        installation.within(bring_to_life)
        paper = list(picture_paper(installation, folder))
        out_of_focus = film(paper[-1].blurred(), Path(home) / "camera.mjpeg")
        with (
            served(installation),
            sync_playwright() as playwright,
            launched(playwright, out_of_focus) as browser,
        ):
            readers = Readers(browser, installation)
            pictures += picture_verdicts(readers, installation, folder)
            pictures += picture_pages(readers, installation, folder)
    pictures += paper
    write_index(folder, pictures)
    print(f"{len(pictures)} pictures: {folder / 'index.html'}")


main(Path(sys.argv[1]))
