"""An invitation: the link, a password, the second step, and the first page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import VISITOR
from tests.browser.readers import DESK_PX, PHONE_PX

PASSWORD = "correct horse battery"


@pytest.mark.parametrize("width", [PHONE_PX, DESK_PX])
def test_a_new_clerk_comes_by_a_link_and_is_at_work_after_both_steps(
    open_page: OpenPage, width: int
) -> None:
    admin = open_page("admin", width=width)
    admin.goto("/set-up/users/new")
    admin.locator("#shown_name").fill("社区办 小郑")
    admin.get_by_label("社区办", exact=True).check()
    admin.locator("form.sheet .btn-main").click()
    link = admin.locator(".link").inner_text()
    expect(admin.locator(".link-symbol svg")).to_be_visible()

    page = open_page(VISITOR, width=width)
    page.goto(link)
    page.locator("#name").fill(f"zheng-{width}")
    page.locator("#new").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("main .btn-main").click()

    expect(page).to_have_url(re.compile("/sign-in/phone$"))
    expect(page.locator(".enrol-symbol svg")).to_be_visible()
    page.locator("main summary").click()
    secret = page.locator(".enrol-secret").inner_text().replace(" ", "")
    page.locator("#code").fill(pyotp.TOTP(secret).at(datetime.now(UTC)))
    page.locator("main .btn-main").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.locator("main .btn-main").click()
    expect(page).to_have_url(re.compile("/office/$"))

    page.goto(link)
    expect(page.get_by_text("此链接已用过")).to_be_visible()
