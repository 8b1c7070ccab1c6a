"""The whole record is handed over: made by the real consumer of jobs, and taken home."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from permits.handover.archive import reading_archive
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation

MADE_MS = 90_000
"""It takes seconds; a machine that is busy with other things gets its time."""


def test_people_are_handed_over_under_a_passphrase_that_is_shown_once(
    open_page: OpenPage, installation: Installation, tmp_path: Path
) -> None:
    page = open_page("admin")
    page.goto("/set-up/handover")
    password = page.get_by_label("您的密码")
    expect(password).to_be_hidden()
    page.get_by_label("包含姓名、电话和提交的原始文件").check()
    expect(password).to_be_visible()
    password.fill(installation.password("admin"))
    page.get_by_role("button", name="开始制作").click()
    passphrase = page.locator(".once").inner_text()
    page.get_by_role("link", name="已记下").click()

    expect(page).to_have_url(re.compile("/set-up/handover$"), timeout=MADE_MS)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    path = tmp_path / "handover.zip"
    download.value.save_as(path)
    with reading_archive(path, passphrase) as archive:
        assert archive.manifest.with_people
        assert archive.manifest.rows["permits"] > 0
    page.goto("/set-up/handover")
    assert passphrase not in page.content()
