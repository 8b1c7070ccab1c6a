"""A guard's phone as a test holds it: its page, its network, and what it keeps."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.passes import GateEvent
from tests.browser.installation import Installation

_PATIENCE_MS = 45_000
"""Everything here takes a second; a machine that is busy with other things gets its time."""

expect.set_options(timeout=_PATIENCE_MS)

_HAS_DATA = re.compile("数据(是最新的| [0-9])")

TAKEN_OVER = """() => new Promise((resolve) => {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) resolve();
  else serviceWorker.addEventListener("controllerchange", () => resolve(), { once: true });
})"""

_STORED = """(store) => new Promise((resolve) => {
  const opening = indexedDB.open("gate");
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const all = opening.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => {
      opening.result.close();
      resolve(all.result.map(({ plates, ...rest }) => rest));
    };
  };
})"""


def open_gate(context: BrowserContext) -> Page:
    """Open the gate's page on a phone, and return it once it could go on without a network."""
    page = context.new_page()
    page.goto("/gate/")
    page.evaluate(TAKEN_OVER)
    has_data(page)
    return page


def has_data(page: Page) -> None:
    """Wait until the page decides by a snapshot."""
    expect(page.locator("#sync")).to_contain_text(_HAS_DATA)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Look at a page again and again until something holds; fail where it does not come to be."""
    deadline = time.monotonic() + _PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < deadline, "it does not come to be"
        page.wait_for_timeout(50)


def stored(page: Page, store: str) -> list[dict[str, Any]]:
    """Return what one of the phone's stores holds: `snapshot`, `outbox` or `log`."""
    found: list[dict[str, Any]] = page.evaluate(_STORED, store)
    return found


def waiting(page: Page) -> list[str]:
    """Return the UUIDs of what waits to be sent."""
    return sorted(one["uuid"] for one in stored(page, "outbox"))


def caches(page: Page) -> list[str]:
    """Return the names of the page's caches."""
    names: list[str] = page.evaluate("caches.keys()")
    return names


def all_sent(page: Page) -> None:
    """Wait until nothing waits."""
    line = page.locator("#sync")
    expect(line).to_contain_text("在线")
    expect(line).not_to_contain_text("待发送")


def type_plate(page: Page, plate: str) -> None:
    """Type a plate on the page as it stands, and look it up."""
    page.locator("#plate").fill(plate)
    page.locator("#plate").press("Enter")


def passes(installation: Installation, uuids: list[str]) -> list[GateEvent]:
    """Return the passes that the server has with some UUIDs."""

    def find(session: Session) -> list[GateEvent]:
        query = select(GateEvent).where(GateEvent.uuid.in_(uuids)).order_by(GateEvent.at)
        return list(session.scalars(query))

    return installation.within(find)


def passes_since(installation: Installation, last_id: int) -> list[str]:
    """Return the UUIDs of all passes that the server took after one, in order."""

    def find(session: Session) -> list[str]:
        return sorted(session.scalars(select(GateEvent.uuid).where(GateEvent.id > last_id)))

    return installation.within(find)


def last_pass(installation: Installation) -> int:
    """Return the id of the server's last pass."""

    def find(session: Session) -> int:
        return session.scalars(select(GateEvent.id).order_by(GateEvent.id.desc()).limit(1)).one()

    return installation.within(find)
