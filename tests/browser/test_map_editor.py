"""The office draws a zone with the mouse, or types its corners, and the server's map shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from zones.areas import add_zone
from zones.communities import Community
from zones.map_area import PLAN_WIDTH

NEW_ZONE = "T1"


@pytest.fixture
def editor(open_page: OpenPage, installation: Installation) -> Page:
    """The editor, in a community that has one zone more than is drawn."""

    def add(session: object) -> None:
        community = session.scalars(select(Community)).one()  # type: ignore[attr-defined]
        add_zone(
            session,  # type: ignore[arg-type]
            community_id=community.id,
            code=NEW_ZONE,
            name="临时区",
            name_en="For now",
            spaces=5,
        )
        session.commit()  # type: ignore[attr-defined]

    installation.within(add)
    page = open_page("office", language="en")
    page.goto(f"{installation.address}/map/edit")
    page.locator("#map-canvas").scroll_into_view_if_needed()
    return page


def click_at(page: Page, x: float, y: float) -> None:
    """Click a place of the plan, in plan units."""
    frame = page.locator(".plan-frame").bounding_box()
    assert frame is not None
    unit = frame["width"] / PLAN_WIDTH
    page.mouse.click(frame["x"] + x * unit, frame["y"] + frame["height"] - y * unit)


def test_a_zone_drawn_with_the_mouse_is_on_the_servers_map(editor: Page) -> None:
    # First over zone D1, which the server refuses, naming both.
    editor.get_by_role("button", name="Rectangle").click()
    click_at(editor, 750, 80)
    click_at(editor, 850, 130)
    row = editor.locator("#map-areas tr.chosen")
    expect(row.get_by_role("combobox", name="Code")).to_have_value(NEW_ZONE)
    editor.get_by_role("button", name="Save the map").click()
    expect(editor.get_by_role("alert")).to_contain_text(
        f"Parking zone D1 and Parking zone {NEW_ZONE} overlap"
    )
    row.get_by_text("Corners").click()
    row.get_by_role("textbox", name="Corners").fill("700,5 800,5 800,40 700,40")
    editor.get_by_role("button", name="Save the map").click()
    expect(editor.get_by_role("status")).to_contain_text("is saved")
    expect(editor.locator(f'[data-zone="{NEW_ZONE}"]')).to_have_count(1)
