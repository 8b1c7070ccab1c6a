"""Pictures of every page of every reader, in every language, on a phone and at a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.languages import LANGUAGES
from scripts.screenshots_parts.picture import Picture
from tests.browser.installation import Installation
from tests.browser.pages import PAGES, addresses
from tests.browser.readers import DESK_PX, PHONE_PX, Readers


def picture_pages(readers: Readers, installation: Installation, folder: Path) -> Iterator[Picture]:
    """Take the pictures and yield each."""
    for reader in PAGES:
        for language in LANGUAGES:
            context = readers.context(reader, language=language)
            page = context.new_page()
            for name, address in addresses(installation, reader).items():
                page.goto(address)
                for width, height in ((PHONE_PX, 844), (DESK_PX, 800)):
                    page.set_viewport_size({"width": width, "height": height})
                    picture = Picture(folder, reader, name, f"{language}-{width}")
                    page.screenshot(path=picture.path, full_page=True)
                    yield picture
            context.close()
