"""A third car waits, a car leaves, and the office gives its place away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.vehicles import Vehicle, VehicleState
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.list_page import submit
from tests.browser.readers import DESK_PX, PHONE_PX


def leave(session: Session, plate: str) -> None:
    """Let a car leave the register."""
    [vehicle] = session.scalars(select(Vehicle).where(Vehicle.plate == plate))
    vehicle.state, vehicle.removed_at = VehicleState.REMOVED, context.now()
    session.commit()


@pytest.mark.parametrize(("width", "floor"), [(PHONE_PX, "1"), (DESK_PX, "2")])
def test_a_car_over_the_limit_waits_until_another_leaves_and_the_office_gives_the_place(
    open_page: OpenPage, installation: Installation, width: int, floor: str
) -> None:
    plates = [f"粤E7W{floor}0{number}" for number in (1, 2, 3)]
    own = open_page("rep-haojing", width=width)
    own.goto("/compound/lists/new")
    rows = [f"{plate}\t41栋{floor}01\t何敏\t13800138000" for plate in plates]
    own.locator("#text").fill("\n".join(["车牌\t房号\t车主\t电话", *rows]))
    own.locator("main form button").click()
    expect(own.locator("tbody tr").last).to_contain_text("审核通过后进入等候名单")
    submit(own)
    list_page = own.url.rsplit("/", 1)[1]

    office = open_page("office", width=width)
    office.goto(f"/office/lists/{list_page}")
    office.locator("form[action$='/approve'] button").click()
    office.wait_for_url(f"**/office/lists/{list_page}")
    own.goto("/waiting/own")
    waits = own.locator("tbody tr").filter(has_text=plates[2][3:])
    expect(waits).to_contain_text("该户车辆已达上限")

    installation.within(lambda session: leave(session, plates[0]))
    office.goto("/waiting/")
    row = office.locator("tbody tr").filter(has_text=plates[2][3:])
    row.get_by_role("button", name="分配名额").click()
    expect(office.locator("main")).to_contain_text("已分到名额")
    own.reload()
    expect(waits).to_have_count(0)
