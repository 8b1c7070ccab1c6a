"""Residents on a phone: a blocked fire lane from the photo to the look-back, and the look-up."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context
from permits.infringement import InfringementReport, ReportState
from permits.permit import Permit, PermitState
from permits.plates import canonical
from permits.watching import followed
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.life import UNKNOWN_PLATE
from tests.browser.readers import PHONE_PX
from zones.communities import Compound

GPS = 0x8825
"""The tag under which a camera writes where it was (Exif 2.32, 4.6.3)."""


def located(name: str) -> dict[str, Any]:
    """A phone's photo that says where it was taken, as an input takes it."""
    exif, file = Image.Exif(), io.BytesIO()
    exif[GPS] = {1: "N", 2: (23.0, 1.0, 7.0), 3: "E", 4: (113.0, 7.0, 11.0)}
    Image.new("RGB", (2400, 1800), "steelblue").save(file, "JPEG", exif=exif.tobytes())
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def chosen(page: Page) -> Image.Image:
    """Return the photo that the page would send."""
    sent = page.evaluate("async () => [...new Uint8Array(await photo.files[0].arrayBuffer())]")
    return Image.open(io.BytesIO(bytes(sent)))


def test_a_blocked_fire_lane_is_reported_answered_looked_back_at_and_closed(
    open_page: OpenPage, installation: Installation
) -> None:
    page = open_page("visitor", language="en", width=PHONE_PX)
    page.goto("/report")
    page.locator(".site-map [data-zone=S1]").first.click()
    expect(page.get_by_role("radio", name="S1 Central square")).to_be_checked()
    page.locator("#photo").set_input_files(located("IMG_4711.jpg"))
    expect(page.locator("#photo-shown")).to_be_visible()
    photo = chosen(page)
    assert (max(photo.size), dict(photo.getexif())) == (1600, {})
    page.get_by_role("button", name="Send the report").click()
    code = page.locator("#code").inner_text()
    page.get_by_role("link", name="Follow the report").click()
    follow_page = page.url
    expect(page.locator("[data-state=open]")).to_be_visible()

    guard = open_page("guard", language="en", width=PHONE_PX)
    number = installation.within(lambda session: _report(session, code).id)
    guard.goto(f"/reports/{number}")
    guard.locator("#answer").fill("The owner is on the way.")
    guard.get_by_role("button", name="Answer").click()
    expect(guard.locator(".notice").last).to_contain_text("Go and look again")
    installation.within(lambda session: _let_it_be_due(session, code))
    guard.reload()
    guard.get_by_label("put right").check()
    guard.locator("#photo").set_input_files(located("IMG_0815.jpg"))
    guard.get_by_role("button", name="Enter the look-back").click()
    expect(guard.locator(".notice")).to_contain_text("The report is closed.")

    page.goto(follow_page)
    expect(page.locator("[data-state=closed]")).to_contain_text("The owner is on the way.")


def _report(session: Session, code: str) -> InfringementReport:
    found = followed(session, code)
    assert found is not None
    return found


def _let_it_be_due(session: Session, code: str) -> None:
    report = _report(session, code)
    assert report.state == ReportState.ANSWERED
    assert report.look_back_due is not None
    assert report.look_back_due > context.now()
    report.look_back_due -= timedelta(hours=1)
    session.commit()


def test_a_neighbour_types_a_plate_and_learns_only_whether_it_may_park_there(
    open_page: OpenPage, installation: Installation
) -> None:
    plate = installation.within(_plate_of_a)
    page = open_page("visitor", language="en", width=PHONE_PX)
    page.goto("/look")

    def ask(zone: str, typed: str) -> str:
        page.get_by_role("radio", name=f"{zone} ").check()
        page.locator("#plate").fill(typed)
        page.get_by_role("button", name="Look up").click()
        answer = page.locator("[data-may-park]")
        expect(answer).to_contain_text(canonical(typed).shown)
        return str(answer.get_attribute("data-may-park"))

    assert ask("A1", plate) == "yes"
    elsewhere = ask("B1", plate), page.locator("[data-may-park] h2").inner_text()
    assert elsewhere == (ask("B1", UNKNOWN_PLATE), page.locator("[data-may-park] h2").inner_text())
    assert elsewhere[0] == "no"


def _plate_of_a(session: Session) -> str:
    query = (
        select(Permit.plate)
        .join(Compound, Permit.compound_id == Compound.id)
        .where(Compound.letter == "A", Permit.state == PermitState.HANDED_OVER)
        .order_by(Permit.number)
    )
    return session.scalars(query.limit(1)).one()
