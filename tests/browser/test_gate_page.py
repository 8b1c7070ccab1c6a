"""The guard's page decides on what it sees and on what is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.words import GATE_REASONS, VERDICTS
from permits import token
from permits.permit import Permit, PermitState
from permits.plates import canonical
from permits.verdicts import Reason, Verdict
from tests.browser import camera, gate_page
from tests.browser.conftest import OpenPage
from tests.browser.installation import Installation
from tests.browser.life import UNKNOWN_PLATE
from tests.browser.pages import forged, token_of
from tests.browser.readers import PHONE_PX, launched


def a_permit_in_force(installation: Installation) -> tuple[str, str]:
    """A handed-over permit's plate and token."""

    def find(session: Session) -> tuple[str, str]:
        query = select(Permit).where(Permit.state == PermitState.HANDED_OVER)
        permit = session.scalars(query.limit(1)).one()
        return permit.plate, token_of(session, permit)

    return installation.within(find)


def in_chinese(installation: Installation, verdict: Verdict, reason: Reason) -> tuple[str, str]:
    """A verdict and a reason as they stand on the page."""
    return installation.within(lambda session: (str(VERDICTS[verdict]), str(GATE_REASONS[reason])))


def test_a_forged_symbol_is_refused(
    open_page: OpenPage, installation: Installation, playwright: Playwright, tmp_path: Path
) -> None:
    _, genuine = a_permit_in_force(installation)
    symbol = camera.symbol_of(token.url(installation.address, forged(genuine)))
    film = camera.film(symbol, tmp_path / "forged.mjpeg")
    word, reason = in_chinese(installation, Verdict.REFUSE, Reason.BAD_SIGNATURE)
    with launched(playwright, film) as phone:
        guard = open_page("guard", width=PHONE_PX, browser=phone)
        shown = gate_page.scan(guard)
        guard.context.close()
    assert (shown.verdict, shown.word) == ("refuse", word)
    assert reason in shown.reasons
    assert shown.colour is None


@pytest.mark.parametrize(
    ("typed", "verdict", "reason"),
    [
        ("registered", Verdict.ADMIT, Reason.OK),
        (UNKNOWN_PLATE, Verdict.REFUSE, Reason.PLATE_UNKNOWN),
        ("粤EO1234", Verdict.REFUSE, Reason.PLATE_INVALID),
    ],
    ids=["registered", "unknown", "invalid"],
)
def test_a_typed_plate_is_decided(
    open_page: OpenPage, installation: Installation, typed: str, verdict: Verdict, reason: Reason
) -> None:
    registered, _ = a_permit_in_force(installation)
    guard = open_page("guard", width=PHONE_PX)
    if typed == "registered":
        typed = canonical(registered).shown.lower()
    shown = gate_page.type_plate(guard, typed)
    word, words = in_chinese(installation, verdict, reason)
    assert (shown.verdict, shown.word) == (str(verdict), word)
    assert words in shown.reasons
