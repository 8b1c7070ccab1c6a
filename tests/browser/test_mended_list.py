"""Refused rows come back as a workbook, are mended there and go in again."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from app.words import OUTCOMES
from permits.plate_list import Outcome
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.list_page import hand_in, outcomes, submit

MEANT = "粤E08M12"
"""The plate in whose place somebody typed a letter O for the zero."""


def test_refused_rows_are_mended_and_sent_again(
    open_page: OpenPage, installation: Installation, tmp_path: Path
) -> None:
    accepted, invalid = installation.within(
        lambda session: (str(OUTCOMES[Outcome.ACCEPTED]), str(OUTCOMES[Outcome.INVALID_PLATE]))
    )
    page = open_page("rep-haojing")
    page.goto("/compound/lists/new")
    typed = MEANT.replace("0", "O")
    rows = (
        "车牌\t房号\t车主\t电话",
        "粤E8M101\t31栋101\t谭丽华\t13700137001",
        f"{typed}\t31栋102\t邓敏\t13700137002",
    )
    page.locator("#text").fill("\n".join(rows))
    page.locator("main form button").click()
    page.locator("form[action$='/refused.xlsx'] button").wait_for()
    assert outcomes(page) == [accepted, invalid]

    with page.expect_download() as download:
        page.locator("form[action$='/refused.xlsx'] button").click()
    given, mended = tmp_path / "refused.xlsx", tmp_path / "mended.xlsx"
    download.value.save_as(given)
    book = openpyxl.load_workbook(given)
    sheet = book.active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == typed]
    assert len(cells) == 1
    cells[0].value = MEANT
    book.save(mended)

    hand_in(page, mended.name, mended.read_bytes())
    assert outcomes(page) == [accepted]
    submit(page)
