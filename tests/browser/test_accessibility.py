"""Every page of every reader: no serious fault that axe-core knows, and nothing out of sight."""

from __future__ import annotations

import itertools
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
AXE_AT = {"zh": PHONE_PX, "en": DESK_PX}
"""The width at which axe-core sees the pages of each language."""


def _walked() -> dict[tuple[str, str], list[str]]:
    """Return the names of the pages that each reader walks over in each language.

    A page that several readers have is walked over by the first, and every other page in English.
    Both languages and all widths meet in each template's parts, and the suite stays fast.
    """
    walked: dict[tuple[str, str], list[str]] = {}
    languages = itertools.cycle(LANGUAGES)
    seen: set[tuple[str, str]] = set()
    for reader, pages in PAGES.items():
        for one in pages:
            if (one.name, one.endpoint) not in seen:
                seen.add((one.name, one.endpoint))
                walked.setdefault((reader, next(languages)), []).append(one.name)
    return walked


WALKED = _walked()

_RUN_AXE = """async (runOnly) => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"], runOnly});
  return violations.map(({id, impact, nodes}) =>
    ({id, impact, nodes: nodes.map((one) => one.target.join(" ") + " " + one.failureSummary)}));
}"""
_WIDER = "() => document.scrollingElement.scrollWidth - innerWidth"


@dataclass
class Walk:
    """What one reader met on his pages; each fault names its page."""

    faults: list[str]
    sideways: list[str]
    trouble: list[str]


_walks: dict[tuple[str, str], Walk] = {}


@pytest.fixture(params=WALKED, ids="-".join)
def walk(request: pytest.FixtureRequest, readers: Readers, installation: Installation) -> Walk:
    """A reader's walk in one language, made once for the tests that look at it."""
    reader, language = request.param
    if request.param not in _walks:
        context = readers.context(reader, language=language, width=PHONE_PX, keeps_pages=False)
        # An init script is not a page's own, so the pages' rules for scripts stay as they are.
        context.add_init_script(path=AXE)
        trouble = Trouble(context, installation.address)
        page, walk = context.new_page(), Walk([], [], trouble.found)
        address_of = addresses(installation, reader)
        for name in WALKED[request.param]:
            page.goto(address_of[name])
            for width in (PHONE_PX, DESK_PX):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate(_WIDER) > 0:
                    walk.sideways.append(f"{name} at {width} px")
                if width == AXE_AT[language]:
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
