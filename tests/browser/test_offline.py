"""The gate's page works with the network cut, and what it recorded arrives once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context as here
from app.words import GATE_REASONS
from permits import token
from permits.ending import revoke
from permits.infringement import InfringementReport
from permits.permit import Permit, PermitState, permit_fields
from permits.plates import canonical
from permits.verdicts import VERDICT_OF, Reason
from permits.visiting import register_drop_off
from permits.visitor_pass import VisitorPass
from tests.browser import camera, gate_page, phone
from tests.browser.installation import Installation
from tests.browser.life import UNKNOWN_PLATE
from tests.browser.pages import forged, token_of
from tests.browser.readers import PHONE_PX, Readers, launched
from zones.communities import Community

VISITORS_PLATE = "粤E7A8B9"


@pytest.fixture
def guards_phone(readers: Readers) -> Iterator[BrowserContext]:
    """A phone on which the demo's guard is signed in."""
    with readers.lent("guard", width=PHONE_PX, keeps_pages=True) as context:
        yield context


@pytest.fixture
def gate(guards_phone: BrowserContext) -> Page:
    """The gate's page, on a phone that could go on without a network."""
    return phone.open_gate(guards_phone)


def permits_in_force(session: Session) -> list[Permit]:
    query = select(Permit).where(Permit.state == PermitState.HANDED_OVER)
    return list(session.scalars(query.order_by(Permit.number)))


def a_plate(installation: Installation, place: int = 0) -> str:
    """The plate of a permit in force."""
    return installation.within(lambda session: permits_in_force(session)[place].plate)


def reason_on_page(installation: Installation, reason: Reason) -> str:
    return installation.within(lambda session: str(GATE_REASONS[reason]))


def symbols(session: Session) -> dict[Reason, str]:
    """Tokens that mean each reason to a phone without a network."""
    permit = permits_in_force(session)[0]
    fields = permit_fields(permit, session.get_one(Community, permit.community_id))
    long_ago = replace(
        fields,
        first_day=fields.first_day - timedelta(days=900),
        last_day=fields.first_day - timedelta(days=500),
    )
    revoked = session.scalars(select(Permit).where(Permit.state == PermitState.REVOKED)).first()
    assert revoked is not None
    genuine = token_of(session, permit)
    return {
        Reason.OK: genuine,
        Reason.EXPIRED: token.sign(long_ago, here.keys().private(permit.key_id)),
        Reason.REVOKED: token_of(session, revoked),
        Reason.BAD_SIGNATURE: forged(genuine),
    }


@pytest.fixture(scope="module")
def film(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera sees: four symbols, one after the other."""
    folder = tmp_path_factory.mktemp("film")
    return camera.films_in_turn(
        [
            camera.film(
                camera.symbol_of(token.url(installation.address, signed)),
                folder / f"{reason}.mjpeg",
            )
            for reason, signed in installation.within(symbols).items()
        ],
        folder / "all.mjpeg",
    )


def test_scanned_permits_are_decided_and_recorded_without_a_network(
    readers: Readers, installation: Installation, playwright: Playwright, film: Path
) -> None:
    expected = {
        (str(VERDICT_OF[reason]), reason_on_page(installation, reason))
        for reason in installation.within(symbols)
    }
    with launched(playwright, film) as browser:
        context = readers.context("guard", width=PHONE_PX, browser=browser)
        page = phone.open_gate(context)
        before = phone.last_pass(installation)
        context.set_offline(True)
        page.reload()
        seen: set[tuple[str, str]] = set()

        def see() -> bool:
            shown = gate_page.shown(page)
            (one,) = {(v, r) for v, r in expected if v == shown.verdict and r in shown.reasons}
            button = "quiet" if one in seen else "main"
            page.locator(f".gate-acts .{button}").click()
            seen.add(one)
            return seen == expected

        phone.until(page, see)
        kept = {item["uuid"]: item for item in phone.stored(page, "outbox")}
        context.set_offline(False)
        phone.all_sent(page)
        context.close()
    assert phone.passes_since(installation, before) == sorted(kept)
    for event in phone.passes(installation, list(kept)):
        sent = kept[event.uuid]
        assert event.offline
        assert event.verdict == sent["fields"]["verdict"]
        # The moment at the gate, not that of the sending.
        assert event.at == datetime.fromisoformat(sent["at"])
        assert event.received_at > event.at


def test_what_is_typed_is_decided_without_a_network(
    guards_phone: BrowserContext, gate: Page, installation: Installation
) -> None:
    guards_phone.set_offline(True)
    gate.reload()
    for plate, reason in [
        (canonical(a_plate(installation)).shown.lower(), Reason.OK),
        (UNKNOWN_PLATE, Reason.PLATE_UNKNOWN),
        ("粤EO1234", Reason.PLATE_INVALID),
    ]:
        phone.type_plate(gate, plate)
        shown = gate_page.shown(gate)
        assert shown.verdict == VERDICT_OF[reason]
        assert reason_on_page(installation, reason) in shown.reasons
        gate.locator(".gate-acts .quiet").click()
    assert phone.waiting(gate) == []


def test_a_visit_and_a_report_made_without_a_network_arrive_once(
    guards_phone: BrowserContext, gate: Page, installation: Installation
) -> None:
    before = phone.last_pass(installation)
    guards_phone.set_offline(True)
    gate.reload()
    gate.locator("#quick [data-visit=visit]").click()
    gate.locator("#visit-plate").fill(VISITORS_PLATE)
    gate.locator("#visit [name=compound]").first.check(force=True)
    gate.locator("#household").fill("31-1-501")
    gate.locator("#visit-form button.main").click()
    gate.locator("#recorded", has_text=":").wait_for()
    gate.goto("/gate/patrol")
    phone.type_plate(gate, UNKNOWN_PLATE)
    gate.locator("#report-it").click()
    gate.locator("#photo").set_input_files(
        {"name": "car.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    gate.locator("#photo-shown[src]").wait_for()
    gate.locator("#report-form button.main").click()
    expect(gate.locator("#sync")).to_contain_text("3 条待发送")
    kept = {item["kind"]: item["uuid"] for item in phone.stored(gate, "outbox")}
    assert sorted(kept) == ["pass", "report", "visit"]
    guards_phone.set_offline(False)
    phone.all_sent(gate)

    def arrived(session: Session) -> list[str]:
        made = (VisitorPass, InfringementReport)
        return [
            uuid
            for model in made
            for uuid in session.scalars(select(model.uuid).where(model.uuid.in_(kept.values())))
        ]

    assert sorted(installation.within(arrived)) == sorted([kept["visit"], kept["report"]])
    assert phone.passes_since(installation, before) == [kept["pass"]]
    assert phone.stored(gate, "log") == []


def a_photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def phone_with_a_clock(readers: Readers) -> Iterator[BrowserContext]:
    """A phone of its own: a clock that was set cannot be taken out of it again."""
    context = readers.context("guard", width=PHONE_PX)
    yield context
    context.close()


def test_data_of_yesterday_carries_no_admit_and_the_head_says_how_old_it_is(
    phone_with_a_clock: BrowserContext, installation: Installation
) -> None:
    gate = phone.open_gate(phone_with_a_clock)
    phone_with_a_clock.set_offline(True)
    (snapshot,) = phone.stored(gate, "snapshot")
    synced = datetime.fromisoformat(snapshot["as_of"])
    gate.clock.set_fixed_time(synced + timedelta(hours=2))
    gate.reload()
    expect(gate.locator("#sync")).to_contain_text("离线 · 数据 2 小时前")
    gate.clock.set_fixed_time(synced + timedelta(hours=25))
    gate.reload()
    expect(gate.locator("#sync")).to_contain_text("离线 · 数据 25 小时前")
    phone.type_plate(gate, a_plate(installation))
    shown = gate_page.shown(gate)
    assert shown.verdict == "check"
    assert reason_on_page(installation, Reason.STALE_DATA) in shown.reasons


def test_a_graver_answer_of_the_server_replaces_the_verdict_and_says_so(
    gate: Page, installation: Installation
) -> None:
    def revoke_last(session: Session) -> str:
        permit = permits_in_force(session)[-1]
        revoke(session, permit, "车辆已转让。", actor="user:1", at=here.now())
        session.commit()
        return permit.plate

    phone.type_plate(gate, installation.within(revoke_last))
    expect(gate.locator("#verdict")).to_have_attribute("data-verdict", "refuse")
    expect(gate.locator("#verdict .warning")).to_be_visible()
    assert reason_on_page(installation, Reason.REVOKED) in gate_page.shown(gate).reasons


def test_a_visit_registered_since_admits_its_car_at_once(
    gate: Page, installation: Installation
) -> None:
    def register(session: Session) -> str:
        community = session.scalars(select(Community)).one()
        at = here.now()
        visit = register_drop_off(
            session, community, plate="粤E5C6D7", actor="user:1", at=at, received_at=at
        )
        session.commit()
        return visit.plate

    phone.type_plate(gate, installation.within(register))
    expect(gate.locator("#verdict")).to_have_attribute("data-verdict", "admit")


def test_a_symbol_that_stays_in_view_is_recorded_once(
    readers: Readers, installation: Installation, playwright: Playwright, tmp_path: Path
) -> None:
    symbol = installation.within(symbols)[Reason.OK]
    film = camera.film(camera.symbol_of(token.url(installation.address, symbol)), tmp_path / "one")
    frames = "performance.getEntriesByName('decode').length"
    with launched(playwright, film.rename(tmp_path / "one.mjpeg")) as browser:
        context = readers.context("guard", width=PHONE_PX, browser=browser)
        page = phone.open_gate(context)
        context.set_offline(True)
        gate_page.shown(page)
        gate_page.press_the_likeliest(page)
        # It is decoded again and again meanwhile.
        seen = page.evaluate(frames)
        phone.until(page, lambda: page.evaluate(frames) >= seen + 10)
        expect(page.locator("#verdict")).to_be_hidden()
        assert len(phone.waiting(page)) == 1
        context.close()


def test_pages_that_need_a_network_lead_back_to_the_gate(
    guards_phone: BrowserContext, gate: Page
) -> None:
    guards_phone.set_offline(True)
    gate.goto("/gate/passes")
    expect(gate.locator("#recorded")).to_contain_text("联网")
    expect(gate.locator("#plate")).to_be_visible()
