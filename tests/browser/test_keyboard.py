"""Everything can be done without a mouse or a finger."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation

_FARTHEST = 60
"""More tab stops than any page has before its forms."""


def tab_to(page: Page, selector: str) -> None:
    """Press the tab key until an element has the focus, and check that the focus is seen."""
    for _ in range(_FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("(one) => document.activeElement.matches(one)", selector):
            outline = "() => getComputedStyle(document.activeElement)"
            seen = page.evaluate(f"{outline}.outlineStyle") != "none"
            assert seen or page.evaluate(f"{outline}.boxShadow") != "none"
            return
    raise AssertionError(f"the tab key does not lead to {selector}")


def press_enter_for(page: Page, address: str) -> None:
    """Press enter, and wait for the page that follows."""
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(address))


def test_a_list_is_handed_in_with_the_keyboard_alone(
    open_page: OpenPage, installation: Installation
) -> None:
    page = open_page("visitor")
    page.goto("/")
    tab_to(page, "a[href='/sign-in']")
    press_enter_for(page, "/sign-in$")
    # It takes the focus by itself, with the first picture of the page and not before.
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("rep-huanbao")
    tab_to(page, "#password")
    page.keyboard.type(installation.password("rep-huanbao"))
    press_enter_for(page, "/compound/$")
    tab_to(page, "a[href='/compound/lists/new']")
    press_enter_for(page, "/compound/lists/new$")
    tab_to(page, "#text")
    page.keyboard.type("粤E8K101")
    tab_to(page, "main form button")
    press_enter_for(page, r"/compound/lists/\d+$")
    tab_to(page, "form[action$='/submit'] button")
    page.keyboard.press("Enter")
    expect(page.locator("form[action$='/submit']")).to_have_count(0)
    expect(page.locator("form[action$='/withdraw']")).to_be_visible()
