"""The page's scanner on a printed card in frames made worse step by step."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import scanning
from tests.browser.test_vectors import origin  # noqa: F401 - a fixture

pytestmark = pytest.mark.anywhere


@pytest.fixture(scope="module")
def results(
    browser: Browser,
    origin: str,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[scanning.Frame, bool]:
    """Which of the frames the page reads."""
    page = browser.new_page()
    page.goto(origin)
    read = scanning.read(page, scanning.printed_card(tmp_path_factory.mktemp("card")))
    page.close()
    return read


def test_frames_with_three_pixels_a_module_are_read(
    results: dict[scanning.Frame, bool],
) -> None:
    assert scanning.share_read(results) >= scanning.PROMISED


def test_the_documentation_says_what_is_read(results: dict[scanning.Frame, bool]) -> None:
    assert Path(scanning.PAGE).read_text("utf-8") == scanning.documented(results)
