"""The office's acts of a year: paper until the card is there, a move on a day, a renewal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.deciding import decide_now
from permits.gate import Reason
from permits.permit import Permit, PermitState, counted
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.pages import token_of
from tests.browser.readers import DESK_PX, PHONE_PX
from tests.factories import make_permit, make_vehicle
from zones.communities import Community, Compound

both_widths = pytest.mark.parametrize("width", [PHONE_PX, DESK_PX])


def new_card(installation: Installation, code: str, state: PermitState, days_left: int) -> int:
    """Make a car of a compound with a card that ends in so many days; return the card's id."""

    def make(session: Session) -> int:
        session.info["keys"] = context.keys()
        compound = session.scalars(select(Compound).where(Compound.code == code)).one()
        ends = compound.community.local_day(context.now()) + timedelta(days=days_left)
        begins = ends - timedelta(days=364)
        vehicle = make_vehicle(session, compound)
        # A car that is added at a moment to come is one that moves.
        vehicle.added_at = context.now()
        permit = make_permit(session, vehicle, state, valid_from=begins)
        session.commit()
        return permit.id

    return installation.within(make)


def at_the_gate(installation: Installation, permit_id: int, days: int = 0) -> Reason:
    """Return what a gate says of a card, today or some days later."""

    def decide(session: Session) -> Reason:
        community = session.scalars(select(Community)).one()
        card = token_of(session, session.get_one(Permit, permit_id))
        at = context.now() + timedelta(days=days)
        return decide_now(session, community, at=at, scanned=card).reasons[0]

    return installation.within(decide)


def permits_of_the_same_car(installation: Installation, permit_id: int) -> list[int]:
    """Return the ids of a car's permits that came after one, the plate being the same."""

    def find(session: Session) -> list[int]:
        plate = session.get_one(Permit, permit_id).plate
        later = select(Permit.id).where(Permit.plate == plate, Permit.id > permit_id)
        return list(session.scalars(later.order_by(Permit.id)))

    return installation.within(find)


@both_widths
def test_paper_is_good_until_the_card_is_handed_over(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    card = new_card(installation, "haixin", PermitState.PRINTED, 300)
    page = open_page("office", language="en", width=width)
    page.goto(f"/office/permits/{card}")
    page.get_by_role("button", name="Temporary permit on paper").click()
    page.wait_for_url(re.compile(r"/permits/\d+/print"))
    [paper] = permits_of_the_same_car(installation, card)
    assert at_the_gate(installation, paper) is Reason.OK
    page.goto(f"/office/permits/{card}")
    page.get_by_role("button", name="Handed over").click()
    expect(page.get_by_role("status")).to_contain_text("is handed over")
    assert at_the_gate(installation, paper) is Reason.REPLACED
    assert at_the_gate(installation, card) is Reason.OK


@both_widths
def test_on_the_day_of_a_move_the_old_colour_ends_as_the_new_one_begins(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    old = new_card(installation, "haixin", PermitState.HANDED_OVER, 300)

    def vehicle_and_day(session: Session) -> tuple[int, str]:
        permit = session.get_one(Permit, old)
        today = permit.compound.community.local_day(context.now())
        return permit.vehicle_id, (today + timedelta(days=5)).isoformat()

    vehicle, day = installation.within(vehicle_and_day)
    page = open_page("office", language="en", width=width)
    page.goto(f"/office/vehicles/{vehicle}")
    page.get_by_role("link", name="Moves to another compound").click()
    page.get_by_label("New compound").select_option(label="C  Environmental Bureau Quarters")
    page.get_by_label("New flat").fill("9-901")
    page.get_by_label("First day there").fill(day)
    page.get_by_role("button", name="Enter the move").click()
    expect(page.get_by_role("status")).to_contain_text("The move is entered.")
    [new] = permits_of_the_same_car(installation, old)
    days_before_and_after = [at_the_gate(installation, one, 2) for one in (old, new)]
    assert days_before_and_after == [Reason.OK, Reason.NOT_YET_VALID]
    assert at_the_gate(installation, new, 6) is Reason.OK
    assert at_the_gate(installation, old, 6) is not Reason.OK


@both_widths
def test_a_renewal_prints_only_what_ends_soon(
    open_page: OpenPage, installation: Installation, width: int
) -> None:
    ending = new_card(installation, "haixin", PermitState.HANDED_OVER, 20)
    lasting = new_card(installation, "haixin", PermitState.HANDED_OVER, 300)
    page = open_page("office", language="en", width=width)
    page.goto("/office/permits/renewal")
    row = page.get_by_role("row").filter(has_text="Haixin Tower")
    row.get_by_role("button", name="Renew 1").click()
    page.wait_for_url("**/permits/renewal")
    expect(row.get_by_role("button")).to_have_count(0)
    [next_card] = permits_of_the_same_car(installation, ending)
    assert permits_of_the_same_car(installation, lasting) == []
    assert at_the_gate(installation, ending) is Reason.OK

    def counts(session: Session) -> bool:
        query = select(Permit.id).where(Permit.id == next_card, counted())
        return session.scalar(query) is not None

    assert installation.within(counts)
