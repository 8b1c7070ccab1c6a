"""Every page of every reader: no serious fault that axe-core knows, and nothing out of sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import current_app
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app.config import ROOT
from app.languages import LANGUAGES
from tests.browser import gate_page
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.life import UNKNOWN_PLATE, WITHOUT_PERMIT
from tests.browser.pages import NOT_PAGES, PAGES, addresses
from tests.browser.readers import DESK_PX, PHONE_PX, Readers
from tests.browser.trouble import Trouble

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_EVERY_PAGE = dict.fromkeys((one.name, one.endpoint) for pages in PAGES.values() for one in pages)
AXE_AT = {
    page: (reader, ("en", DESK_PX) if place % 2 else ("zh", PHONE_PX))
    for place, page in enumerate(_EVERY_PAGE)
    for reader in [next(one for one in PAGES if page in {(p.name, p.endpoint) for p in PAGES[one]})]
}
"""Where axe-core sees each page: with its first reader, in one language at one width.

It takes longer than all else here, and what it looks for is in the templates, which are shared:
half of them are seen in Chinese on a phone, the other half in English at a desk.
"""

_RUN_AXE = """async (runOnly) => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"], runOnly});
  return violations.map(({id, impact, nodes}) =>
    ({id, impact, nodes: nodes.map((one) => one.target.join(" ") + " " + one.failureSummary)}));
}"""
_WIDER = "() => document.scrollingElement.scrollWidth - innerWidth"


@dataclass
class Walk:
    """What one reader met on all of his pages in one language; each fault names its page."""

    faults: list[str]
    sideways: list[str]
    trouble: list[str]


_walks: dict[tuple[str, str], Walk] = {}


@pytest.fixture(
    params=[(reader, language) for reader in PAGES for language in LANGUAGES], ids="-".join
)
def walk(request: pytest.FixtureRequest, readers: Readers, installation: Installation) -> Walk:
    """A reader's walk over all of his pages, made once for the tests that look at it."""
    reader, language = request.param
    if request.param not in _walks:
        context = readers.context(reader, language=language, width=PHONE_PX)
        # An init script is not a page's own, so the pages' rules for scripts stay as they are.
        context.add_init_script(path=AXE)
        trouble = Trouble(context, installation.address)
        page, walk = context.new_page(), Walk([], [], trouble.found)
        endpoints = {one.name: one.endpoint for one in PAGES[reader]}
        for name, address in addresses(installation, reader).items():
            page.goto(address)
            for width in (PHONE_PX, DESK_PX):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate(_WIDER) > 0:
                    walk.sideways.append(f"{name} at {width} px")
                if AXE_AT[name, endpoints[name]] == (reader, (language, width)):
                    walk.faults += [f"{name} at {width} px: {one}" for one in faults(page)]
        context.close()
        _walks[request.param] = walk
    return _walks[request.param]


def faults(page: Page) -> list[str]:
    """Return the serious faults that axe-core, run as an init script, finds on a page."""
    violations: list[dict[str, Any]] = page.evaluate(_RUN_AXE, list(WCAG))
    return [
        f"{one['id']}: {node}"
        for one in violations
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_no_page_has_a_serious_accessibility_fault(walk: Walk) -> None:
    assert walk.faults == []


def test_no_page_scrolls_sideways(walk: Walk) -> None:
    assert walk.sideways == []


def test_no_page_reports_an_error_or_asks_another_host(walk: Walk) -> None:
    assert walk.trouble == []


@pytest.mark.parametrize("plate", [WITHOUT_PERMIT, UNKNOWN_PLATE], ids=["check", "refuse"])
def test_a_verdict_has_no_serious_accessibility_fault(open_page: OpenPage, plate: str) -> None:
    page = open_page("guard", width=PHONE_PX)
    page.add_init_script(path=AXE)
    gate_page.type_plate(page, plate)
    assert faults(page) == []


def test_every_page_of_the_application_is_walked(installation: Installation) -> None:
    walked = {page.endpoint for pages in PAGES.values() for page in pages}
    assert installation.within(_answering_get) - set(NOT_PAGES) == walked


def _answering_get(session: Session) -> set[str]:
    rules = current_app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if rule.methods and "GET" in rule.methods}
