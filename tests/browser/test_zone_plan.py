"""A zone line moves: proposed, refused by one, amended, agreed to by four, in force at its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.words import PLAN_PHASES
from permits.permit import Permit, PermitState
from tests.browser import gate_page
from tests.browser.clocked import clocked
from tests.browser.installation import Installation
from tests.browser.readers import DESK_PX, PHONE_PX, Readers
from tests.browser.trouble import Trouble
from zones.areas import zones_of
from zones.communities import Community, Compound, compound_by_code
from zones.plans import PlanPhase

COMPOUNDS = ("baihe", "haojing", "huanbao", "haixin")
GAINER = "haojing"
"""The compound that may park on the square by day, too."""
Open = Callable[[str], Page]


class Clock:
    """The time at the installation, and in the browsers that are opened afterwards."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_clocked(readers: Readers, installation: Installation, clock: Clock) -> Iterator[Open]:
    """Open pages of readers by the test's clock; nothing may have gone wrong in any of them."""
    troubles: list[Trouble] = []
    with clocked(installation, clock) as here:
        contexts = []

        def open_clocked(reader: str) -> Page:
            width = PHONE_PX if reader == "guard" else DESK_PX
            context = readers.context(reader, width=width, address=here.address, keeps_pages=False)
            context.clock.set_fixed_time(clock.now)
            contexts.append(context)
            troubles.append(Trouble(context, here.address))
            return context.new_page()

        yield open_clocked
        for context in contexts:
            context.close()
    assert [one for trouble in troubles for one in trouble.found] == []


def say_yes(dialog: Dialog) -> None:
    dialog.accept()


def field_of_the_square(session: Session) -> str:
    """The end of the names of the fields of the square and the compound that gains."""
    community = session.scalars(select(Community)).one()
    zone = next(one for one in zones_of(session, community.id) if one.code == "S1")
    return f"{zone.id}-{compound_by_code(session, community.id, GAINER).id}-0"


def a_plate(session: Session) -> str:
    query = (
        select(Permit.plate)
        .join(Compound, Permit.compound_id == Compound.id)
        .where(Compound.code == GAINER, Permit.state == PermitState.HANDED_OVER)
    )
    return session.scalars(query.order_by(Permit.number.desc())).first() or ""


def propose(office: Page, field: str, spaces: str, first_day: datetime) -> str:
    """Open some spaces of the square all day in the form that is open, propose, say where."""
    office.locator(f"#use-{field}").select_option("all_day")
    office.locator(f"#spaces-{field}").fill(spaces)
    office.locator("#note").fill("豪景街小区白天也停中心广场。")
    office.locator("form .btn-main").last.click()
    gain = office.locator("table.effects tr", has_text="豪景街小区").locator("td.shift").first
    expect(gain.locator(".step.up")).to_contain_text(spaces)
    office.locator("#first_day").fill(first_day.date().isoformat())
    office.locator("#propose button").click()
    expect(office.locator(".ballot-box.yes, .ballot-box.no")).to_have_count(0)
    return office.url


def vote(page: Page, address: str, consents: bool) -> None:
    page.goto(address)
    page.locator(f"input[name=consents][value={'yes' if consents else 'no'}]").check()
    page.locator("#reason").fill("业主代表会议意见")
    page.locator("#vote .btn-main").click()
    page.locator("main .notice").wait_for()


def test_a_line_moves_with_the_consent_of_all_and_at_its_day(
    open_clocked: Open, installation: Installation, clock: Clock
) -> None:
    field, plate = installation.within(lambda one: (field_of_the_square(one), a_plate(one)))
    ratified, rejected = installation.within(
        lambda session: [str(PLAN_PHASES[one]) for one in (PlanPhase.RATIFIED, PlanPhase.REJECTED)]
    )
    first_day = datetime.combine(clock.now.date() + timedelta(days=40), time(4), UTC)
    office = open_clocked("office")
    office.on("dialog", say_yes)
    representatives = {code: open_clocked(f"rep-{code}") for code in COMPOUNDS}

    office.goto("/plans/new")
    address = propose(office, field, "40", first_day)
    for code, page in representatives.items():
        vote(page, address, consents=code != "haixin")
    office.goto(address)
    expect(office.locator(".life [aria-current]")).to_contain_text(rejected)
    expect(office.locator(".ballot-box.no")).to_have_count(1)

    office.locator("form[action$='/amend'] button").click()
    address = propose(office, field, "20", first_day)
    for page in representatives.values():
        vote(page, address, consents=True)
    office.goto(address)
    expect(office.locator(".life [aria-current]")).to_contain_text(ratified)

    number = office.locator("h1").inner_text().split()[-1]
    for at, in_force in ((first_day - timedelta(days=1), False), (first_day, True)):
        clock.now = at
        guard, visitor = open_clocked("guard"), open_clocked("visitor")
        assert gate_page.type_plate(guard, plate).verdict == "admit"
        zones = guard.locator("#verdict")
        expect(zones).to_contain_text("S1")
        if in_force:
            expect(zones).not_to_contain_text("S1 20:00")
        else:
            expect(zones).to_contain_text("S1 20:00")
        visitor.goto("/")
        board = visitor.locator(".board-head strong", has_text=f"方案 {number}")
        expect(board).to_have_count(int(in_force))
