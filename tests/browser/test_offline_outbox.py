"""What the phone keeps is sent once: tabs that are killed, answers that are lost, two tabs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.browser import gate_page, phone
from tests.browser.installation import Installation
from tests.browser.life import UNKNOWN_PLATE
from tests.browser.readers import PHONE_PX, Readers

OUTBOX = "**/gate/outbox"


@pytest.fixture
def guards_phone(readers: Readers) -> Iterator[BrowserContext]:
    """A phone on which the demo's guard is signed in."""
    with readers.lent("guard", width=PHONE_PX, keeps_pages=True) as context:
        yield context


@pytest.fixture
def gate(guards_phone: BrowserContext) -> Page:
    """The gate's page, on a phone that has just lost its network."""
    page = phone.open_gate(guards_phone)
    guards_phone.set_offline(True)
    return page


def record(page: Page) -> None:
    """Turn a car away that nobody knows, and have that recorded."""
    phone.type_plate(page, UNKNOWN_PLATE)
    gate_page.shown(page)
    gate_page.press_the_likeliest(page)


def sent_in(request: Request) -> list[str]:
    """The UUIDs of the items that a request carries."""
    return [item["uuid"] for item in json.loads(request.post_data or "{}")["items"]]


def test_a_killed_tab_loses_nothing(
    guards_phone: BrowserContext, gate: Page, installation: Installation
) -> None:
    before = phone.last_pass(installation)
    record(gate)
    record(gate)
    kept = phone.waiting(gate)
    gate.close()
    guards_phone.set_offline(False)
    again = phone.open_gate(guards_phone)
    phone.all_sent(again)
    assert len(kept) == 2
    assert phone.passes_since(installation, before) == kept


def test_a_tab_killed_while_it_sends_loses_nothing_and_records_nothing_twice(
    guards_phone: BrowserContext, gate: Page, installation: Installation
) -> None:
    before = phone.last_pass(installation)
    record(gate)
    kept = phone.waiting(gate)
    reached: list[Request] = []

    def taken_but_never_answered(route: Route) -> None:
        route.fetch()
        reached.append(route.request)

    guards_phone.route(OUTBOX, taken_but_never_answered)
    guards_phone.set_offline(False)
    while not reached:
        gate.wait_for_timeout(50)
    assert phone.waiting(gate) == kept
    gate.close()
    guards_phone.unroute(OUTBOX)
    again = phone.open_gate(guards_phone)
    phone.all_sent(again)
    assert phone.passes_since(installation, before) == kept


def test_only_what_the_server_acknowledges_leaves_the_outbox(
    guards_phone: BrowserContext, gate: Page
) -> None:
    for _ in range(3):
        record(gate)
    kept = phone.waiting(gate)
    answers = [{"taken": kept[:1], "refused": []}, {"taken": [], "refused": []}]
    guards_phone.route(
        OUTBOX, lambda route: route.fulfill(json=answers.pop(0) if answers else answers_none())
    )
    guards_phone.set_offline(False)
    expect(gate.locator("#sync")).to_contain_text("在线 · 数据是最新的 · 2 条待发送")
    assert phone.waiting(gate) == kept[1:]
    guards_phone.unroute(OUTBOX)


def answers_none() -> dict[str, list[str]]:
    return {"taken": [], "refused": []}


def test_two_tabs_send_each_item_once(
    guards_phone: BrowserContext, gate: Page, installation: Installation
) -> None:
    before = phone.last_pass(installation)
    other = guards_phone.new_page()
    other.goto("/gate/")
    for page in (gate, other, gate):
        record(page)
    kept = phone.waiting(gate)
    sent: Counter[str] = Counter()
    guards_phone.on(
        "request",
        lambda request: (
            sent.update(sent_in(request)) if request.url.endswith("/gate/outbox") else None
        ),
    )
    guards_phone.set_offline(False)
    for page in (gate, other):
        phone.all_sent(page)
    assert phone.passes_since(installation, before) == kept
    assert sent == Counter(kept)


def test_what_the_server_refuses_is_shown_and_holds_up_nothing(
    guards_phone: BrowserContext, gate: Page, installation: Installation
) -> None:
    before = phone.last_pass(installation)
    gate.evaluate(
        """() => {
          const choice = document.querySelector("#gate-choice");
          choice.add(new Option("elsewhere", "999999", true, true));
        }"""
    )
    record(gate)
    (refused,) = phone.waiting(gate)
    gate.reload()
    record(gate)
    kept = [uuid for uuid in phone.waiting(gate) if uuid != refused]
    guards_phone.set_offline(False)
    phone.all_sent(gate)
    assert phone.passes_since(installation, before) == kept
    assert [(one["uuid"], one["code"]) for one in phone.stored(gate, "log")] == [
        (refused, "not_your_gate")
    ]
    gate.locator("[data-open=more]").click()
    expect(gate.locator("#refused li")).to_have_count(1)
