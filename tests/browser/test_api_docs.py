"""The API's description, shown by Swagger UI under our own rules for scripts and hosts."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.devices import add_device
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from zones.communities import Gate


def test_the_description_is_shown_with_every_address_and_no_other_host_is_asked(
    open_page: OpenPage,
) -> None:
    page = open_page("visitor", language="en")
    page.goto("/api/docs")
    described = page.request.get("/api/openapi.json").json()["paths"]
    shown = page.locator(".opblock-summary-path")
    expect(shown).to_have_count(len(described))
    assert {text.replace("\u200b", "") for text in shown.all_inner_texts()} == set(described)


def a_token(session: Session) -> str:
    """The token of a new device."""
    gate = session.scalars(select(Gate).limit(1)).one()
    _device, token = add_device(
        session,
        gate,
        name="barrier",
        direction=None,
        least_confidence=0.8,
        actor="command",
        at=context.now(),
    )
    session.commit()
    return token


def test_a_request_can_be_tried_with_a_devices_token(
    open_page: OpenPage, installation: Installation
) -> None:
    token = installation.within(a_token)
    page = open_page("visitor", language="en")
    page.goto("/api/docs")
    page.locator(".auth-wrapper .authorize").click()
    page.get_by_label("auth-bearer-value").fill(token)
    page.get_by_role("button", name="Apply credentials").first.click()
    page.locator(".btn-done").first.click()
    page.locator(".opblock-summary-path", has_text="device").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_contain_text('"name": "barrier"')
