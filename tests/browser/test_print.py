"""Any page on paper: its table with a head on every sheet, and nothing that only screens use."""

import pypdfium2
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage


def sheets_of(page: Page) -> list[str]:
    """The text of each sheet that the page's printing gives."""
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return [sheet.get_textpage().get_text_bounded() for sheet in document]


def test_a_list_on_paper_has_its_head_on_every_sheet_and_no_navigation(
    open_page: OpenPage,
) -> None:
    page = open_page("office", language="en")
    page.goto("/office/permits")
    rows = page.locator("table.list tbody tr").all_inner_texts()
    serials = [row.split()[1] for row in rows]
    sheets = sheets_of(page)
    assert len(sheets) > 1
    assert all("Serial" in sheet and "Valid" in sheet for sheet in sheets)
    assert "Printed on" in sheets[0]
    text = "\n".join(sheets)
    assert serials
    assert [one for one in serials if one not in text] == []
    for left_out in ("Sign out", "Zone plans", "Search", "Public board"):
        assert left_out not in text
