"""Pictures of the gate's three verdicts, as a guard's phone shows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.permit import Permit, PermitState
from scripts.screenshots_parts.picture import Picture
from tests.browser.gate_page import type_plate
from tests.browser.installation import Installation
from tests.browser.life import UNKNOWN_PLATE, WITHOUT_PERMIT
from tests.browser.readers import PHONE_PX, Readers


def _plates(session: Session) -> dict[str, str]:
    """Return a plate for each verdict that a gate can give."""
    by_state = select(Permit.plate).where(Permit.compound_id == 3).order_by(Permit.number).limit(1)
    return {
        "admit": session.scalars(by_state.where(Permit.state == PermitState.HANDED_OVER)).one(),
        "check": WITHOUT_PERMIT,
        "refuse": session.scalars(by_state.where(Permit.state == PermitState.REVOKED)).one(),
        "refuse-unknown": UNKNOWN_PLATE,
    }


def picture_verdicts(
    readers: Readers, installation: Installation, folder: Path
) -> Iterator[Picture]:
    """Take the pictures and yield each."""
    context = readers.context("guard", width=PHONE_PX)
    page = context.new_page()
    for verdict, plate in installation.within(_plates).items():
        type_plate(page, plate)
        picture = Picture(folder, "gate", verdict, f"zh-{PHONE_PX}")
        page.screenshot(path=picture.path)
        yield picture
    context.close()
