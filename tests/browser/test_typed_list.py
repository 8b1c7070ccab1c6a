"""A list is typed in the page, a row is mended where it stands, and a question answered there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.words import OUTCOMES
from permits.plate_list import Outcome
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.list_page import outcomes, submit
from tests.browser.readers import DESK_PX, PHONE_PX

PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const how = { clipboardData, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def fields(page: Page, column: str) -> Locator:
    return page.locator(f".typed [data-column={column}]")


def said(page: Page, row: int) -> Locator:
    return page.locator(".typed [data-said]").nth(row)


@pytest.mark.parametrize("width", [PHONE_PX, DESK_PX])
def test_a_list_is_typed_mended_and_talked_about_in_the_page(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    words = installation.within(lambda session: {one: str(OUTCOMES[one]) for one in Outcome})
    page, digits = open_page("rep-huanbao", width=width), f"{width:04d}"
    page.goto("/compound/lists/table")
    plates = fields(page, "plate")
    plates.first.focus()
    expect(plates.first).to_be_focused()
    page.keyboard.type(f"粤e8{digits}")
    expect(said(page, 0)).to_have_text(f"粤E·8{digits}")
    page.keyboard.press("Enter")
    expect(plates.nth(1)).to_be_focused()
    page.keyboard.type(f"粤EO{digits}")
    page.get_by_role("button", name=f"改为 粤E·0{digits}").click()
    expect(plates.nth(1)).to_have_value(f"粤E·0{digits}")

    plates.nth(2).focus()
    expect(plates.nth(2)).to_be_focused()
    rows = (
        "序号\t房号\t车主\t电话\t车牌号码",
        f"1\t33栋{digits}\t林婷\t13800138000\t粤EI{digits}",
        f"2\t\t\t\t粤E8{digits}",
    )
    page.evaluate(PASTE, "\r\n".join(rows))
    for row in (2, 3):
        expect(said(page, row)).to_have_class(re.compile("error"))
    page.reload()
    expect(fields(page, "household").nth(2)).to_have_value(f"33栋{digits}")
    page.locator("#typed-list .btn-main").click()

    page.wait_for_url(re.compile(r"/compound/lists/\d+$"))
    address = page.url
    found = [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.INVALID_PLATE, Outcome.DUPLICATE_IN_LIST]
    assert outcomes(page) == [words[one] for one in found]
    row = page.locator("tr", has_text=f"粤EI{digits}")
    row.get_by_role("link", name="修改").click()
    expect(page.locator("#plate")).to_have_value(f"粤E1{digits}")
    page.get_by_role("button", name="保存修改").click()
    expect(page.locator("tr", has_text=f"1{digits}").locator(".badge-word").first).to_have_text(
        words[Outcome.ACCEPTED]
    )
    submit(page)
    page.goto("/compound/lists/table")
    expect(plates.first).to_have_value("")

    office = open_page("office", width=width)
    office.goto(address.replace("/compound/", "/office/"))
    office.locator("tr", has_text=f"1{digits}").get_by_role("link", name="询问").click()
    office.locator(".talk-form textarea").fill("这是哪一户的车？")
    office.get_by_role("button", name="询问").click()
    expect(office.locator(".talk li")).to_contain_text("这是哪一户的车？")
    page.goto(f"{address}?outcome=asked")
    page.locator(".talk-form textarea").fill("33 栋林婷家的。")
    page.get_by_role("button", name="答复").click()
    expect(page.locator(".talk li").nth(1)).to_contain_text("33 栋林婷家的。")
    expect(page.locator(".talk-form")).to_have_count(0)
