"""What anybody may see of a permit by the symbol on it, without signing in."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.permit import Permit, PermitState
from permits.plates import canonical
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.pages import forged, token_of
from tests.browser.readers import PHONE_PX


@dataclass(frozen=True)
class Holder:
    """A permit in force and the person behind it."""

    token: str
    plate: str
    owner: str
    phone: str
    flat: str
    letter: str
    colour: str


def a_holder(session: Session) -> Holder:
    """A permit in force of somebody whose name and number are kept."""
    query = select(Permit).where(Permit.state == PermitState.HANDED_OVER)
    permit = session.scalars(query.order_by(Permit.number).limit(1)).one()
    vehicle, sealer = permit.vehicle, context.sealer()
    assert vehicle.owner_sealed
    assert vehicle.phone_sealed
    assert vehicle.household
    return Holder(
        token=token_of(session, permit),
        plate=permit.plate,
        owner=sealer.open(vehicle.owner_sealed),
        phone=sealer.open(vehicle.phone_sealed),
        flat=f"{vehicle.household.building}-{vehicle.household.room}",
        letter=permit.compound.letter,
        colour=permit.compound.colour_key,
    )


def test_a_permits_page_says_what_it_proves_and_nothing_of_its_owner(
    open_page: OpenPage, installation: Installation
) -> None:
    holder = installation.within(a_holder)
    plate = canonical(holder.plate)
    page = open_page("visitor", width=PHONE_PX)
    page.goto(f"/P/{holder.token}")
    card = page.locator("[data-verdict=admit]")
    expect(card.locator(f".permit-{holder.colour}")).to_contain_text(holder.letter)
    expect(card).to_contain_text(f"{holder.letter}1")
    expect(card).to_contain_text(plate.masked)
    source = page.content()
    for secret in (
        plate.text,
        plate.shown,
        plate.text[2:],
        holder.owner,
        holder.phone,
        holder.flat,
    ):
        assert secret not in source


def test_a_tampered_permit_is_not_genuine(open_page: OpenPage, installation: Installation) -> None:
    holder = installation.within(a_holder)
    page = open_page("visitor", width=PHONE_PX)
    page.goto(f"/P/{forged(holder.token)}")
    expect(page.locator("[data-verdict=refuse]")).to_be_visible()
    expect(page.locator(".sign.block")).to_have_count(0)
    assert canonical(holder.plate).masked not in page.content()
