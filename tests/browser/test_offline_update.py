"""A new version of the page reaches the phone whole, and an old one never mixes with it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect
from werkzeug.serving import make_server

from app.config import read_settings
from app.factory import create_app
from tests.browser import phone
from tests.browser.installation import Installation
from tests.browser.readers import PHONE_PX, Readers


@dataclass(frozen=True)
class Updated:
    """The installation served a second time, from files of its own that a test may change."""

    installation: Installation
    static: Path


@pytest.fixture
def updated(installation: Installation, tmp_path: Path) -> Iterator[Updated]:
    app: Flask = create_app(read_settings(installation.environment))
    static = tmp_path / "static"
    shutil.copytree(app.static_folder or "", static, ignore=shutil.ignore_patterns("*.ttf"))
    app.static_folder = str(static)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield Updated(replace(installation, address=address), static)
    server.shutdown()
    thread.join()


def test_what_changed_is_taken_over_and_works_without_a_network(
    readers: Readers, updated: Updated
) -> None:
    # Cookies know no ports: the reader is signed in here too.
    context = readers.context("guard", width=PHONE_PX)
    page = context.new_page()
    page.goto(f"{updated.installation.address}/gate/")
    page.evaluate(phone.TAKEN_OVER)
    phone.has_data(page)
    beside = context.new_page()
    beside.goto(f"{updated.installation.address}/account")
    before = phone.caches(beside)
    script = updated.static / "js" / "state-line.js"
    script.write_text(script.read_text().replace("english(said[1])", '"⟳"'))
    page.reload()
    expect(page.locator("#sync")).to_contain_text("⟳")
    while set(before) & set(phone.caches(beside)):
        beside.wait_for_timeout(50)
    assert len(phone.caches(beside)) == len(before)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#sync")).to_contain_text("离线")
    expect(page.locator("#sync")).to_contain_text("⟳")
    context.close()
