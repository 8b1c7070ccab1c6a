"""One running installation and one Chromium for all tests of the browser."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.installation import Installation, served, set_up
from tests.browser.life import bring_to_life
from tests.browser.readers import DESK_PX, Readers, launched
from tests.browser.trouble import Trouble

OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo with some weeks of life in it, served."""
    fresh = set_up(tmp_path_factory.mktemp("installation"))
    fresh.within(bring_to_life)
    with served(fresh):
        yield fresh


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once and ended with this folder: other tests cannot live beside it."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium that all tests share; it has no camera."""
    with launched(playwright) as browser:
        yield browser


@pytest.fixture(scope="package")
def readers(browser: Browser, installation: Installation) -> Readers:
    """Contexts of signed-in readers."""
    return Readers(browser, installation)


@pytest.fixture
def open_page(readers: Readers, installation: Installation) -> Iterator[OpenPage]:
    """Open pages of readers: `open_page("office", language="en")`.

    When the test is over, nothing may have gone wrong in any of them.
    """
    troubles: list[Trouble] = []
    with contextlib.ExitStack() as contexts:

        def open_page(
            reader: str,
            *,
            language: str = "zh",
            width: int = DESK_PX,
            browser: Browser | None = None,
        ) -> Page:
            if browser:
                context = readers.context(
                    reader, language=language, width=width, browser=browser, keeps_pages=False
                )
                contexts.callback(context.close)
            else:
                lent = readers.lent(reader, language=language, width=width)
                context = contexts.enter_context(lent)
            trouble = Trouble(context, installation.address)
            contexts.callback(trouble.stop)
            troubles.append(trouble)
            return context.new_page()

        yield open_page
    assert [one for trouble in troubles for one in trouble.found] == []
