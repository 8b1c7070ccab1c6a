"""A list is returned: its representative sees the bell, opens the message, lands on the list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.approving import return_list
from permits.plate_list import ListMeaning
from permits.submitting import draft_from_file, submit
from records.people import User
from records.telling import unread
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.readers import DESK_PX, PHONE_PX
from zones.communities import Compound

READER = "rep-huanbao"
REASON = "请注明车主。"


def a_returned_list(session: Session) -> tuple[int, int]:
    """Return a list's number, and how many messages its representative has not read."""
    at = context.now()
    user = session.scalars(select(User).where(User.name == READER)).one()
    one = draft_from_file(
        session,
        session.get_one(Compound, user.compound_id),
        content="33栋801,,,粤E9M801".encode(),
        file_name="一辆车.csv",
        meaning=ListMeaning.ADD,
        files=context.files(),
        sealer=context.sealer(),
        actor=user.actor,
        at=at,
    )
    submit(session, one, actor=user.actor, at=at)
    return_list(session, one, REASON, actor="user:office", at=at)
    session.commit()
    # Others wait since the demo's plans, so that the bell still counts something afterwards.
    return one.id, unread(session, user.id)


@pytest.mark.parametrize("width", [PHONE_PX, DESK_PX])
def test_the_bell_leads_to_the_list_that_was_returned(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    number, waiting = installation.within(a_returned_list)
    page = open_page(READER, width=width)
    page.goto("/compound/")
    count = page.locator(".bell .tab-badge")
    expect(count).to_contain_text(str(waiting))
    page.locator(".bell").click()
    page.get_by_role("button", name=f"清单 {number} 被退回").click()
    expect(page).to_have_url(re.compile(rf"/compound/lists/{number}$"))
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(count).to_contain_text(str(waiting - 1))
