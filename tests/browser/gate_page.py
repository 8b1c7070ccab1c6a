"""The guard's page as a test reads and handles it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

_SCAN_MS = 45_000
"""A scan takes a second; a machine that is busy with other things gets its time."""


@dataclass(frozen=True)
class Shown:
    """A verdict as it stands on the page.

    Attributes:
        colour: the colour of the permit's block, `#rrggbb`; None where there is no block.
        key: the key of the permit's colour in the page's style sheets.
    """

    verdict: str
    word: str
    plate: str
    reasons: str
    colour: str | None = None
    key: str | None = None
    letter: str | None = None
    is_struck: bool = False


_READ = """(shown) => {
  const text = (selector) => shown.querySelector(selector).textContent.trim();
  const block = shown.querySelector(".sign.block:not([hidden])");
  const channels = block && getComputedStyle(block).backgroundColor.match(/\\d+/g).map(Number);
  return {
    verdict: shown.dataset.verdict,
    word: text("[data-zh]"),
    plate: text("[data-plate]"),
    reasons: text("[data-reasons]"),
    colour: block && "#" + channels.map((one) => one.toString(16).padStart(2, "0")).join(""),
    key: block && [...block.classList].find((one) => one.startsWith("permit-")).slice(7),
    letter: block && text("[data-letter]"),
    is_struck: Boolean(block && block.classList.contains("struck")),
  };
}"""


def scan(page: Page) -> Shown:
    """Open the gate page and return the verdict on what the camera sees."""
    page.goto("/gate/")
    return shown(page)


def type_plate(page: Page, plate: str) -> Shown:
    """Open the gate page, type a plate and return the verdict."""
    page.goto("/gate/")
    page.locator("#plate").fill(plate)
    page.locator("#plate").press("Enter")
    return shown(page)


def shown(page: Page) -> Shown:
    """Return the verdict that the page shows, once it does."""
    verdict = page.locator("#verdict[data-verdict]")
    verdict.wait_for(timeout=_SCAN_MS)
    return Shown(**verdict.evaluate(_READ))


def press_the_likeliest(page: Page) -> None:
    """Press the verdict's main button, and wait until the pass is recorded."""
    page.locator(".gate-acts .main").click()
    page.locator("#recorded", has_text=":").wait_for()
