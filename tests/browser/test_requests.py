"""A lost card: asked for on a phone, granted at a desk, and refused at the gate at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.deciding import decide_now
from permits.gate import Reason
from permits.permit import Permit, PermitState
from permits.plates import canonical
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.pages import token_of
from tests.browser.readers import DESK_PX, PHONE_PX
from zones.communities import Community, Compound


def _card(session: Session) -> tuple[str, str, str]:
    """Return plate, serial and token of a card that its owner has."""
    query = (
        select(Permit)
        .join(Compound, Permit.compound_id == Compound.id)
        .where(Compound.code == "haojing", Permit.state == PermitState.HANDED_OVER)
    )
    permit = session.scalars(query.order_by(Permit.number.desc()).limit(1)).one()
    return canonical(permit.plate).shown, permit.serial, token_of(session, permit)


@pytest.mark.parametrize("width", [PHONE_PX, DESK_PX])
def test_a_lost_card_is_asked_for_granted_and_refused_at_the_gate(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    plate, serial, card = installation.within(_card)

    def at_the_gate(session: Session) -> Reason:
        community = session.scalars(select(Community)).one()
        return decide_now(session, community, at=context.now(), scanned=card).reasons[0]

    assert installation.within(at_the_gate) is Reason.OK
    representative = open_page("rep-haojing", language="en", width=width)
    representative.goto("/compound/permits")
    row = representative.get_by_role("row").filter(has_text=serial)
    row.get_by_role("link", name="Lost", exact=True).click()
    expect(representative.get_by_label("Plate")).to_have_value(plate)
    representative.get_by_label("Stolen").check()
    representative.get_by_role("button", name="Send to the office").click()
    expect(representative.get_by_role("status")).to_contain_text("The office has your request.")

    office = open_page("office", language="en", width=width)
    office.goto("/requests/")
    row = office.get_by_role("row").filter(has_text=plate)
    row.get_by_role("link", name="Lost card").click()
    office.once("dialog", lambda dialog: dialog.accept())
    office.get_by_role("button", name="Grant").click()
    expect(office.get_by_role("status")).to_contain_text("Granted. Print the new permit")
    assert installation.within(at_the_gate) is Reason.REPLACED

    representative.reload()
    expect(representative.get_by_text("New permit")).to_be_visible()
