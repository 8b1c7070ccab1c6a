"""The representative's pages for lists as a test handles and reads them."""

from __future__ import annotations

import re

from playwright.sync_api import Page


def hand_in(page: Page, name: str, content: bytes) -> None:
    """Upload a list; its outcomes stand on the page then."""
    page.goto("/compound/lists/new")
    page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"/compound/lists/\d+$"))


def outcomes(page: Page) -> list[str]:
    """Return the outcome of each row, in the words that stand on the page."""
    return [words.strip() for words in page.locator("tbody .badge-word").all_inner_texts()]


def submit(page: Page) -> None:
    """Hand the list that is open to the office."""
    page.locator("form[action$='/submit'] button").click()
    page.locator("form[action$='/submit']").wait_for(state="detached")
