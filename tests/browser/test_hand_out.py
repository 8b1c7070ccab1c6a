"""A card is held into the camera as its owner takes it, and is marked as handed over."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Playwright, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from permits import token
from permits.permit import Permit, PermitState
from tests.browser import camera
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.pages import token_of
from tests.browser.readers import PHONE_PX, launched

SCAN_MS = 45_000
"""A scan takes a second; a machine that is busy with other things gets its time."""


def a_printed_permit(installation: Installation) -> tuple[str, str]:
    """The serial and the token of a permit that waits for its owner."""

    def find(session: Session) -> tuple[str, str]:
        query = select(Permit).where(Permit.state == PermitState.PRINTED).order_by(Permit.number)
        permit = session.scalars(query.limit(1)).one()
        return permit.serial, token_of(session, permit)

    return installation.within(find)


def test_a_scanned_card_is_handed_over_at_once_and_taken_back(
    open_page: OpenPage, installation: Installation, playwright: Playwright, tmp_path: Path
) -> None:
    serial, text = a_printed_permit(installation)
    symbol = camera.symbol_of(token.url(installation.address, text))
    film = camera.film(symbol, tmp_path / "card.mjpeg")
    with launched(playwright, film) as phone:
        page = open_page("office", width=PHONE_PX, browser=phone)
        page.goto("/office/permits/hand-out")
        left = page.locator(f"[data-left={serial[0]}]")
        before = int(left.inner_text())
        page.click("#scan-it")
        answer = page.locator("[data-answer=done]")
        expect(answer).to_contain_text(serial, timeout=SCAN_MS)
        expect(left).to_have_text(str(before - 1))
        page.get_by_role("button", name=f"撤销 {serial}").click()
        expect(left).to_have_text(str(before))
        page.context.close()
