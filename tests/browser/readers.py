"""Readers of the pages in a real Chromium: who they are, in which language, how wide."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, StorageState

from app.config import VENDOR
from tests.browser.installation import Installation
from tests.browser.pages import VISITOR

PHONE_PX = 390
DESK_PX = 1280
_HEIGHTS = {PHONE_PX: 844, DESK_PX: 800}

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_ALLOWED = ("--use-fake-ui-for-media-stream",)
_FAKE = "--use-fake-device-for-media-stream"

_FONTS = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{VENDOR / "fonts"}</dir>
  <match>
    <test name="family" qual="all" compare="not_eq"><string>monospace</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Noto Sans SC</string></edit>
  </match>
</fontconfig>
"""
"""A Chinese typeface, as every reader's phone and PC has one: that of the PDFs."""


def _chromium(has_camera: bool) -> str | None:
    """Return the installed Chromium, None for Playwright's own.

    Where there is no camera it is the same engine without windows, if that is installed: it opens
    a page in half the time.
    """
    windowless = shutil.which("chromium-headless-shell")
    if windowless and not has_camera:
        return windowless
    if "CHROMIUM" in os.environ:
        return os.environ["CHROMIUM"] or None
    return shutil.which("chromium")


@contextlib.contextmanager
def launched(
    playwright: Playwright, camera: Path | None = None, *, cameras: int | None = None
) -> Iterator[Browser]:
    """Give a Chromium that speaks to this machine only.

    Args:
        camera: an MJPEG file that the browser's camera sees; None for no camera.
        cameras: how many cameras it has that show a test picture.
    """
    seen: tuple[str, ...] = ()
    if camera:
        seen = (*_ALLOWED, _FAKE, f"--use-file-for-fake-video-capture={camera}")
    elif cameras:
        seen = (*_ALLOWED, f"{_FAKE}=device-count={cameras}")
    with tempfile.TemporaryDirectory() as folder:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(_FONTS)
        browser = playwright.chromium.launch(
            executable_path=_chromium(bool(seen)),
            args=[*_QUIET, *seen],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        try:
            yield browser
        finally:
            browser.close()


_Workers = Literal["allow", "block"]


_LEFT_BEHIND = "cache_storage,indexeddb,local_storage,service_workers"


class Readers:
    """Opens browser contexts for readers; each signs in once, by the sign-in page."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self._browser = browser
        self._installation = installation
        self._kept: dict[tuple[str, str], StorageState] = {}
        self._free: dict[tuple[str, str, int, bool], list[BrowserContext]] = {}

    @contextlib.contextmanager
    def lent(
        self, reader: str, *, language: str = "zh", width: int = DESK_PX, keeps_pages: bool = False
    ) -> Iterator[BrowserContext]:
        """Lend a context that others had before, and that has kept nothing but fetched files.

        A new context fetches and compiles all scripts anew, which takes the browser seconds.
        """
        free = self._free.setdefault((reader, language, width, keeps_pages), [])
        if free:
            context = free.pop()
        else:
            context = self.context(reader, language=language, width=width, keeps_pages=keeps_pages)
        try:
            yield context
        finally:
            self._clear(context, self._state(reader, language))
            free.append(context)

    def _clear(self, context: BrowserContext, state: StorageState | None) -> None:
        """Bring a context back to what it was when it was new."""
        context.set_offline(False)
        context.unroute_all()
        for page in context.pages:
            page.close()
        page = context.new_page()
        page.context.new_cdp_session(page).send(
            "Storage.clearDataForOrigin",
            {"origin": self._installation.address, "storageTypes": _LEFT_BEHIND},
        )
        page.close()
        context.clear_cookies()
        context.add_cookies(state["cookies"] if state else [])

    def context(
        self,
        reader: str,
        *,
        language: str = "zh",
        width: int = DESK_PX,
        browser: Browser | None = None,
        address: str | None = None,
        keeps_pages: bool = True,
    ) -> BrowserContext:
        """Return a context of a reader, signed in unless it is a visitor.

        Args:
            browser: another than the usual one, such as one with a camera.
            address: where else the installation is served, on the same host.
            keeps_pages: whether a service worker may keep the guard's pages: that takes seconds,
                and is for tests of a gate without a network.
        """
        state = self._state(reader, language)
        workers: _Workers = "allow" if keeps_pages else "block"
        return self._open(browser or self._browser, width, state, address, workers)

    def _open(
        self,
        browser: Browser,
        width: int,
        state: StorageState | None,
        address: str | None = None,
        workers: _Workers = "block",
    ) -> BrowserContext:
        given: dict[str, Any] = {"storage_state": state} if state else {}
        return browser.new_context(
            base_url=address or self._installation.address,
            viewport={"width": width, "height": _HEIGHTS[width]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            service_workers=workers,
            **given,
        )

    def _state(self, reader: str, language: str) -> StorageState | None:
        if (reader, language) not in self._kept:
            start = None if language == "zh" else self._state(reader, "zh")
            context = self._open(self._browser, DESK_PX, start)
            page = context.new_page()
            if language != "zh":
                switch_language(page, reader, language)
            elif reader != VISITOR:
                code = functools.partial(self._installation.code, reader)
                sign_in(page, reader, self._installation.password(reader), code)
            self._kept[reader, language] = context.storage_state()
            context.close()
        return self._kept[reader, language]


def sign_in(page: Page, name: str, password: str, code: Callable[[], str] | None = None) -> None:
    """Sign in by the sign-in page, and wait until the reader's first page stands there.

    Args:
        code: gives the code of the second step, asked where that page comes.
    """
    page.goto("/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.locator("#submit").click()
    page.wait_for_url(lambda address: urlsplit(address).path != "/sign-in")
    if code and urlsplit(page.url).path == "/sign-in/code":
        page.locator("#code").fill(code())
        page.locator("main .btn-main").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)


def switch_language(page: Page, reader: str, language: str) -> None:
    """Press the language switch in the head of a page that the reader may see."""
    page.goto("/" if reader == VISITOR else "/account")
    page.locator(f"form[action$='/language/{language}'] button").click()
    page.locator(f"html[lang^='{language}']").wait_for()
