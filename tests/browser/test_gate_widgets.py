"""What a guard has under the thumb: keys, camera controls, sheets; and hand scanners."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from permits import token
from permits.plates import canonical
from tests.browser import camera, gate_page
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.readers import PHONE_PX, Readers, launched
from tests.browser.test_accessibility import AXE, faults
from tests.browser.test_gate_page import a_permit_in_force
from tests.browser.test_vectors import origin  # noqa: F401 - a fixture

COURIER, GUEST, STRANGER = "粤E7X701", "粤E7X702", "粤E7X703"
"""Cars that no compound has handed in; the first two become visitors here."""

NARROWEST_PX = 360
SMALLEST_TARGET_PX = 44

TYPED_WITH_KEYS = """async () => {
  const { nextKeys } = await import("/static/js/plate-keys.js");
  const { cases } = await (await fetch("/vectors/plates.json")).json();
  const type = (plate) => {
    let text = "";
    while (text !== plate) {
      const rest = plate.slice(text.length);
      const key = [...nextKeys(text)].find((one) => rest.startsWith(one));
      if (key === undefined) return text;
      text += key;
    }
    return text;
  };
  return cases.filter(({ plate }) => plate).map(({ plate }) => [plate, type(plate)]);
}"""

ENDS_OF_WALKS = """async () => {
  const { nextKeys } = await import("/static/js/plate-keys.js");
  const { parse } = await import("/static/js/plates.js");
  let seed = 36;
  const ends = [];
  for (let walk = 0; walk < 3000; walk++) {
    let text = "";
    for (let keys = [...nextKeys(text)]; keys.length > 0; keys = [...nextKeys(text)]) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      text += keys[(seed >> 8) % keys.length];
    }
    ends.push([text, parse(text)?.text ?? null]);
  }
  return ends;
}"""

BURSTS = """async (typed) => {
  const { Burst } = await import("/static/js/hand-scanner.js");
  return typed.map(({ text, every_ms }) => {
    const burst = new Burst();
    let at = 1000;
    for (const key of text) burst.hear(key, (at += every_ms));
    return burst.hear("Enter", at + every_ms);
  });
}"""

KEY_SIZES = """(pad) => [...pad.querySelectorAll("button")]
  .map((key) => key.getBoundingClientRect())
  .filter(({ width }) => width > 0)
  .map(({ width, height }) => Math.min(width, height))"""


@pytest.fixture(scope="module")
def ask(browser: Browser, origin: str) -> Iterator[Callable[..., Any]]:  # noqa: F811
    """Run a script on a page that has the product's modules, and nothing else."""
    page = browser.new_page()
    page.goto(origin)
    yield page.evaluate
    page.close()


def test_every_plate_can_be_typed_with_the_keys(ask: Callable[..., Any]) -> None:
    typed = ask(TYPED_WITH_KEYS)
    assert [one for one in typed if one[0] != one[1]] == []


def test_nothing_but_plates_can_be_completed_with_the_keys(ask: Callable[..., Any]) -> None:
    assert [text for text, plate in ask(ENDS_OF_WALKS) if text != plate] == []


def test_only_whole_plates_are_meant_and_only_by_what_looks_alike(
    ask: Callable[..., Any],
) -> None:
    meant = """async (texts) => {
      const { meant } = await import("/static/js/plate-keys.js");
      return texts.map((text) => meant(text, "粤"));
    }"""
    part, whole, without_province, with_an_o = ask(
        meant, ["粤E1234", "粤E33933", "E33933", "粤EO3933"]
    )
    assert part == []
    assert whole == ["粤E33933"]
    assert "粤E33933" in without_province
    assert "粤E03933" in with_an_o


def test_a_hand_scanner_is_told_from_a_person_by_its_speed(ask: Callable[..., Any]) -> None:
    address = "HTTPS://PERMITS.EXAMPLE/P/CAAQAEIB"
    typed = [
        {"text": address, "every_ms": 8},
        {"text": address, "every_ms": 70},
        {"text": "粤E12345", "every_ms": 8},
    ]
    assert ask(BURSTS, typed) == [address, None, None]


@pytest.fixture
def guard(open_page: OpenPage) -> Page:
    """The guard's phone at the gate, without a camera."""
    page = open_page("guard", width=PHONE_PX)
    page.goto("/gate/")
    return page


def press_keys(page: Page, keys: str, pad: str = "#keypad") -> None:
    """Press keys one after the other."""
    for key in keys:
        page.locator(f"{pad} .keys:not([hidden]) button[value='{key}']").click()


def test_the_local_province_is_there_and_a_plate_is_typed_by_touch(
    guard: Page, installation: Installation
) -> None:
    plate, _ = a_permit_in_force(installation)
    guard.locator("#plate").click()
    expect(guard.locator("#plate")).to_have_value(plate[0])
    press_keys(guard, plate[1:])
    guard.locator("#typed button").click()
    shown = gate_page.shown(guard)
    assert (shown.verdict, shown.plate) == ("admit", canonical(plate).shown)


def test_only_keys_that_can_follow_are_enabled(guard: Page) -> None:
    guard.locator("#plate").click()
    key = guard.locator("#keypad .keys:not([hidden])")
    expect(key.locator("button[value='A']")).to_have_attribute("aria-disabled", "false")
    expect(key.locator("button[value='7']")).to_have_attribute("aria-disabled", "true")
    press_keys(guard, "E1234")
    expect(guard.locator("#keypad .strip button[value='警']")).to_be_visible()
    expect(guard.locator("#keypad .strip button[value='港']")).to_have_count(0)


def test_no_keyboard_of_the_phone_covers_the_page(guard: Page) -> None:
    for box in guard.locator(".plate-box").all():
        assert box.get_attribute("inputmode") == "none"


def test_every_key_is_large_enough_for_a_thumb_those_of_other_provinces_too(guard: Page) -> None:
    guard.set_viewport_size({"width": NARROWEST_PX, "height": 640})
    guard.locator("#plate").click()
    pad = guard.locator("#keypad")
    sizes = pad.evaluate(KEY_SIZES)
    guard.locator("#keypad button[value='clear']").click()
    sizes += pad.evaluate(KEY_SIZES)
    assert min(sizes) >= SMALLEST_TARGET_PX
    press_keys(guard, "京")
    expect(guard.locator("#plate")).to_have_value("京")


def test_the_keys_are_reached_with_a_keyboard(guard: Page) -> None:
    guard.locator("#plate").focus()
    guard.locator("#keypad .keys:not([hidden]) button").first.focus()
    guard.keyboard.press("ArrowRight")
    guard.keyboard.press("Enter")
    expect(guard.locator("#plate")).to_have_value("粤B")
    guard.keyboard.press("Escape")
    expect(guard.locator("#keypad")).to_be_hidden()


def type_like_a_scanner(page: Page, text: str) -> None:
    """Send key strokes that are 5 ms apart by the browser's own clock, however slow the machine."""
    session = page.context.new_cdp_session(page)
    start = page.evaluate("Date.now()") / 1000
    for place, key in enumerate([*text, "Enter"]):
        stroke = {"key": key, "timestamp": start + place * 0.005}
        written = "\r" if key == "Enter" else key
        code = {"code": "Enter", "windowsVirtualKeyCode": 13} if key == "Enter" else {}
        session.send(
            "Input.dispatchKeyEvent", {"type": "keyDown", "text": written, **stroke, **code}
        )
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **stroke, **code})


def test_a_hand_scanner_is_heard_wherever_the_focus_is(
    guard: Page, installation: Installation
) -> None:
    plate, genuine = a_permit_in_force(installation)
    guard.locator("#plate").click()
    press_keys(guard, "E12")
    type_like_a_scanner(guard, token.url(installation.address, genuine))
    shown = gate_page.shown(guard)
    assert (shown.verdict, shown.plate) == ("admit", canonical(plate).shown)
    expect(guard.locator("#plate")).to_have_value("粤E12")


def a_picture(image: Image.Image) -> dict[str, Any]:
    """A photo as a file input takes it, with the place where it was taken."""
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(content, "JPEG", exif=exif)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def test_without_a_camera_a_photo_of_the_code_is_decoded_in_the_page(
    guard: Page, installation: Installation
) -> None:
    plate, genuine = a_permit_in_force(installation)
    expect(guard.locator("#camera-says[data-kind=trouble]")).to_be_visible()
    photo = a_picture(camera.symbol_of(token.url(installation.address, genuine)))
    guard.locator("#photo-of-code").set_input_files(photo)
    shown = gate_page.shown(guard)
    assert (shown.verdict, shown.plate) == ("admit", canonical(plate).shown)


def test_a_photo_without_a_code_says_so(guard: Page) -> None:
    guard.locator("#photo-of-code").set_input_files(a_picture(Image.new("RGB", (64, 64))))
    expect(guard.locator("#recorded")).not_to_be_empty()
    expect(guard.locator("#verdict")).to_be_hidden()


A_PHONES_CAMERA = """
  MediaStreamTrack.prototype.getCapabilities =
    () => ({ torch: true, zoom: { min: 1, max: 4, step: 0.5 } });
  MediaStreamTrack.prototype.applyConstraints =
    async ({ advanced: [wish] }) => { window.lastWish = wish; };
"""
"""What no computer's camera can do: a torch and a zoom."""


def test_the_camera_shows_the_controls_that_the_phone_has(
    open_page: OpenPage, playwright: Playwright
) -> None:
    with launched(playwright, cameras=2) as phone:
        guard = open_page("guard", width=PHONE_PX, browser=phone)
        guard.goto("/gate/")
        expect(guard.locator("[data-cameras]")).to_be_visible()
        expect(guard.locator("[data-torch]")).to_be_hidden()
        expect(guard.locator("[data-zoom]")).to_be_hidden()
        other = guard.locator("[data-cameras] option:not(:checked)").get_attribute("value")
        guard.locator("[data-cameras]").select_option(other)

        guard.add_init_script(A_PHONES_CAMERA)
        guard.reload()
        guard.locator("[data-torch]").click()
        expect(guard.locator("[data-torch]")).to_have_attribute("aria-pressed", "true")
        assert guard.evaluate("lastWish") == {"torch": True}
        guard.locator("[data-zoom]").fill("2.5")
        assert guard.evaluate("lastWish") == {"zoom": 2.5}
        expect(guard.locator("[data-cameras]")).to_have_value(other or "")
        guard.context.close()


def sent(page: Page, act: Callable[[], None]) -> list[dict[str, Any]]:
    """Return the items that a page sends for an act, without what the phone adds to each."""
    with page.expect_request("**/gate/outbox") as request:
        act()
    items: list[dict[str, Any]] = request.value.post_data_json["items"]
    return items


def test_an_ambulance_passes_with_one_touch(guard: Page) -> None:
    [item] = sent(guard, guard.locator("#service").click)
    assert (item["kind"], item["pass_kind"], item["verdict"]) == ("pass", "service", "admit")
    assert item["let_through"] is True
    expect(guard.locator("#recorded")).not_to_be_empty()


def test_a_drop_off_asks_for_nothing_but_the_plate(guard: Page) -> None:
    guard.locator("[data-visit=drop_off]").click()
    press_keys(guard, COURIER[1:], "#visit-keypad")
    items = sent(guard, guard.locator("#visit-form .main").click)
    visit = next(one for one in items if one["kind"] == "visit")
    assert (visit["visit_kind"], visit["plate"]) == ("drop_off", COURIER)
    assert visit["compound"] is None
    expect(guard.locator("#visit")).to_be_hidden()


def test_an_unknown_car_becomes_a_visitor_from_its_verdict(guard: Page) -> None:
    gate_page.type_plate(guard, GUEST)
    guard.locator(".gate-acts button", has_text="访客").click()
    guard.locator("#visit-form [value=no]").click()
    expect(guard.locator("#visit [data-wrong]")).not_to_be_empty()
    guard.locator("#visit [name=compound]").first.check(force=True)
    guard.locator("#household").fill("3-2-501")
    items = sent(guard, guard.locator("#visit-form [value=no]").click)
    [visit] = [one for one in items if one["kind"] == "visit"]
    assert (visit["plate"], visit["household"]) == (GUEST, "3-2-501")
    assert (visit["visit_kind"], visit["hours"]) == ("visitor", 4)


def test_a_note_goes_to_the_next_shift(guard: Page) -> None:
    guard.locator("[data-open=notes]").click()
    guard.locator("#note-text").fill("东门道闸已报修")
    [item] = sent(guard, guard.locator("#note-form .main").click)
    assert (item["kind"], item["text"]) == ("note", "东门道闸已报修")


def test_without_a_network_the_page_says_that_it_cannot_know_who_is_inside(
    readers: Readers,
) -> None:
    # Not `open_page`: a page whose network is cut has requests that fail, and may.
    with readers.lent("guard", width=PHONE_PX) as context:
        page = context.new_page()
        page.goto("/gate/")
        context.set_offline(True)
        page.locator("[data-open=inside]").click()
        expect(page.locator("#inside .from-server")).to_contain_text("联网")


def test_theme_and_sound_are_remembered(guard: Page) -> None:
    guard.locator("[data-open=more]").click()
    guard.locator("#theme").click()
    guard.locator("#mute").click()
    guard.reload()
    expect(guard.locator("#gate-body")).to_have_attribute("data-theme", "light")
    expect(guard.locator("#mute")).to_have_attribute("aria-pressed", "true")


def test_a_patrol_finds_an_unknown_car_and_reports_it_with_a_plain_photo(
    open_page: OpenPage,
) -> None:
    guard = open_page("guard", width=PHONE_PX)
    guard.goto("/gate/patrol")
    zone = guard.locator("#zone").input_value()
    guard.locator("#plate").fill(STRANGER)
    guard.locator("#plate").press("Enter")
    expect(guard.locator("#finding")).to_have_attribute("data-finding", "unknown")
    guard.locator("#report-it").click()
    guard.locator("#photo").set_input_files(a_picture(Image.new("RGB", (3200, 1800), "red")))
    expect(guard.locator("#photo-shown")).to_be_visible()
    [item] = sent(guard, guard.locator("#report-form .main").click)
    assert (item["kind"], item["zone"], item["report_kind"]) == ("report", zone, "no_permit")
    with Image.open(io.BytesIO(base64.b64decode(item["photo"]))) as photo:
        assert (photo.format, photo.size) == ("JPEG", (1600, 900))
        assert dict(photo.getexif()) == {}
    expect(guard.locator("#finding")).to_be_hidden()


def test_a_patrol_says_where_a_car_belongs(open_page: OpenPage, installation: Installation) -> None:
    plate, _ = a_permit_in_force(installation)
    guard = open_page("guard", width=PHONE_PX)
    guard.goto("/gate/patrol")
    found = set()
    for zone in guard.locator("#zone option").all():
        guard.locator("#zone").select_option(zone.get_attribute("value"))
        guard.locator("#plate").fill(plate)
        guard.locator("#plate").press("Enter")
        finding = guard.locator("#finding")
        expect(finding).to_be_visible()
        found.add(finding.get_attribute("data-finding"))
        guard.locator("#next-car").click()
    assert found == {"belongs_here", "belongs_elsewhere"}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_keys_and_sheets_have_no_serious_accessibility_fault(
    open_page: OpenPage, theme: str
) -> None:
    page = open_page("guard", width=PHONE_PX)
    page.add_init_script(path=AXE)
    page.add_init_script(f"localStorage.setItem('gate-theme', '{theme}')")
    page.goto("/gate/")
    page.locator("#plate").click()
    found = faults(page)
    page.locator("#keypad button[value='close']").click()
    for opener in ("[data-visit=visit]", "[data-open=notes]", "[data-open=more]"):
        page.locator(opener).click()
        found += faults(page)
        page.locator("dialog[open] .close").click()
    gate_page.type_plate(page, STRANGER)
    assert found + faults(page) == []
