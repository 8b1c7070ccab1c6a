"""A representative reckons what a limit would do, on a phone and at a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.readers import DESK_PX, PHONE_PX


@pytest.mark.parametrize("width", [PHONE_PX, DESK_PX])
def test_a_lower_limit_gives_fewer_permits_and_emptier_zones(
    open_page: OpenPage, width: int
) -> None:
    page = open_page("rep-baihe", language="en", width=width)
    page.goto("/compound/")
    page.get_by_role("link", name="All numbers, and what a limit would do").click()
    permits = page.locator("output[for='limit-A']")
    before = int(permits.inner_text().split()[0])
    page.get_by_label("Lily Village North").select_option(label="At most 1")
    page.get_by_role("button", name="Reckon").click()
    expect(page).to_have_url(re.compile(r"\?A=1&.*#what-if$"))
    assert int(permits.inner_text().split()[0]) < before
    zones = page.locator("#what-if details")
    zones.locator("summary").click()
    first = zones.locator("tbody tr").first
    expect(first).to_be_visible()
    assert first.locator("td").first.inner_text().startswith("A1")
    with page.expect_download() as download:
        page.locator("#limits a", has_text="csv").click()
    assert download.value.suggested_filename.startswith("limits-")
