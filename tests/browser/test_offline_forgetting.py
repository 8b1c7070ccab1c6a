"""A phone forgets when its guard signs out or is signed out, but never what it has to send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context as here
from records.managing_users import admit
from records.passwords import random_password
from records.people import Role, User
from records.sign_ins import end_sign_ins
from tests.browser import gate_page, phone
from tests.browser.installation import Installation
from tests.browser.life import UNKNOWN_PLATE
from tests.browser.pages import VISITOR
from tests.browser.readers import PHONE_PX, Readers, sign_in
from zones.communities import Community, GateGuard

PASSWORD = random_password()
SIGN_IN = re.compile(r"/sign-in\?next=")


@pytest.fixture(scope="module")
def guards(installation: Installation) -> list[str]:
    """The sign-in names of two guards of the same gates, with one password."""

    def post(session: Session) -> list[str]:
        community = session.scalars(select(Community)).one()
        names = ["guard-early", "guard-late"]
        for name in names:
            guard = admit(
                session,
                community_id=community.id,
                name=name,
                shown_name=name,
                role=Role.GUARD,
                password=PASSWORD,
                actor="user:1",
                at=here.now(),
            )
            session.flush()
            for gate in community.gates:
                session.add(GateGuard(gate_id=gate.id, user_id=guard.id))
        session.commit()
        return names

    return installation.within(post)


@pytest.fixture
def shared_phone(readers: Readers) -> Iterator[BrowserContext]:
    """A phone that goes from shift to shift; nobody is signed in."""
    with readers.lent(VISITOR, width=PHONE_PX, keeps_pages=True) as context:
        yield context


def signed_in(context: BrowserContext, name: str) -> Page:
    """The gate's page after a sign-in, on a phone that could go on without a network."""
    page = context.new_page()
    sign_in(page, name, PASSWORD)
    page.close()
    return phone.open_gate(context)


def record(page: Page) -> None:
    phone.type_plate(page, UNKNOWN_PLATE)
    gate_page.shown(page)
    gate_page.press_the_likeliest(page)


def end_sessions(installation: Installation, name: str) -> None:
    """Do what staff do when a phone is lost."""

    def end(session: Session) -> None:
        guard = session.scalars(select(User).where(User.name == name)).one()
        end_sign_ins(session, guard)
        session.commit()

    installation.within(end)


def wait_until_forgotten(context: BrowserContext) -> None:
    """Wait until the phone holds neither snapshot nor caches."""
    # A page without scripts, which goes nowhere by itself.
    page = context.new_page()
    page.goto("/health")
    phone.until(page, lambda: not phone.stored(page, "snapshot") and not phone.caches(page))
    page.goto("/health")
    assert phone.caches(page) == []
    page.close()


def test_signing_out_wipes_the_phone_before_the_request_and_the_next_guard_sends_the_rest(
    shared_phone: BrowserContext, guards: list[str], installation: Installation
) -> None:
    early, late = guards
    page = signed_in(shared_phone, early)
    before = phone.last_pass(installation)
    shared_phone.set_offline(True)
    record(page)
    kept = phone.waiting(page)
    # The request itself finds no network.
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/sign-out")):
        page.locator("[data-open=more]").click()
        page.locator("#sign-out button").click()
    shared_phone.set_offline(False)
    wait_until_forgotten(shared_phone)
    page.goto("/account")
    # The sign-out that had no network is made up for.
    expect(page.locator("form[action$='/sign-out']")).to_have_count(0)
    # The page that was left may have sent it in its last moment.
    assert phone.waiting(page) in (kept, [])
    record(next_page := signed_in(shared_phone, late))
    phone.all_sent(next_page)
    owners = {
        event.uuid: event.guard_id
        for event in phone.passes(installation, phone.passes_since(installation, before))
    }
    names = installation.within(
        lambda session: {user.id: user.name for user in session.scalars(select(User))}
    )
    assert sorted(names[one or 0] for one in owners.values()) == [early, late]
    assert names[owners[kept[0]] or 0] == early


def test_a_session_ended_by_staff_wipes_the_phone_but_not_its_outbox(
    shared_phone: BrowserContext, guards: list[str], installation: Installation
) -> None:
    page = signed_in(shared_phone, guards[0])
    shared_phone.set_offline(True)
    record(page)
    kept = phone.waiting(page)
    end_sessions(installation, guards[0])
    shared_phone.set_offline(False)
    page.wait_for_url(SIGN_IN)
    wait_until_forgotten(shared_phone)
    assert phone.waiting(page) == kept
    again = signed_in(shared_phone, guards[0])
    phone.all_sent(again)


def test_a_page_opened_after_the_session_ended_wipes_the_phone_too(
    shared_phone: BrowserContext, guards: list[str], installation: Installation
) -> None:
    page = signed_in(shared_phone, guards[1])
    end_sessions(installation, guards[1])
    page.goto("/gate/")
    page.wait_for_url(SIGN_IN)
    wait_until_forgotten(shared_phone)


def test_another_tab_forgets_with_the_first(
    shared_phone: BrowserContext, guards: list[str]
) -> None:
    page = signed_in(shared_phone, guards[1])
    other = phone.open_gate(shared_phone)
    page.bring_to_front()
    page.locator("[data-open=more]").click()
    page.locator("#sign-out button").click()
    other.wait_for_url(lambda url: urlsplit(url).path != "/gate/")
    wait_until_forgotten(shared_phone)
