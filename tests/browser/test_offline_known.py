"""What a phone decides by its snapshot is what the server decides by its register."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import context as here
from permits.deciding import decide_now
from permits.permit import Permit
from permits.serials import serial
from permits.snapshot import RECORD, packed, snapshot
from permits.vehicles import Vehicle
from permits.visitor_pass import VisitorPass
from tests.browser.installation import Installation
from tests.browser.pages import forged, token_of
from tests.browser.test_vectors import origin  # noqa: F401 - a fixture
from zones.communities import Community

EVERY = 7
"""Every so manieth permit and vehicle of the demo is asked for."""

DECIDED = """async ({ answer, questions }) => {
  const { decideBy, folded } = await import("/static/js/known.js");
  const snapshot = folded(null, answer);
  const decided = [];
  for (const { at, ...asked } of questions) {
    const one = await decideBy(snapshot, { at: new Date(at), ...asked });
    decided.push([one.verdict, one.reasons, one.plate, one.serial || null, one.replaced_by]);
  }
  return decided;
}"""

MERGED = """async ({ table, steps }) => {
  const { folded } = await import("/static/js/known.js");
  const empty = { ended: [], visits: [] };
  let snapshot = folded(null, { ...empty, full: true, plates: table, gone: "" });
  for (const { plates, gone } of steps) {
    snapshot = folded(snapshot, { ...empty, full: false, plates, gone });
  }
  return btoa(String.fromCharCode(...snapshot.plates));
}"""

SERIALS = """async (asked) => {
  const { serial } = await import("/static/js/serials.js");
  return asked.map(([letter, number]) => serial(letter, number));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, origin: str) -> Any:  # noqa: F811
    """A page that has the product's modules, and nothing else."""
    page = browser.new_page(timezone_id="Pacific/Kiritimati")
    page.goto(origin)
    yield page
    page.close()


def test_phone_and_server_decide_alike(page: Any, installation: Installation) -> None:
    def ask(session: Session) -> tuple[dict[str, Any], list[dict[str, str]], list[list[Any]]]:
        community = session.scalars(select(Community)).one()
        at = here.now()
        gates = community.gates
        answer = snapshot(session, community, gates=gates, keys=here.keys(), cursor=None, at=at)
        permits = list(session.scalars(select(Permit).order_by(Permit.number)))
        ended = [one for one in permits if one.state in ("revoked", "replaced", "expired")]
        tokens = [token_of(session, one) for one in [*permits[::EVERY], *ended]]
        plates = list(session.scalars(select(Vehicle.plate).order_by(Vehicle.id)))[::EVERY]
        visits = list(session.scalars(select(VisitorPass.plate)))
        odd = ["粤E99999", "粤EO1234", "粤E0A12警", "WJ粤1234X", *[one[1:] for one in plates[:9]]]
        asked = [
            *(
                {"scanned": text}
                for text in [*tokens, *map(forged, tokens[:3]), "HTTPS://X/P/AAAA"]
            ),
            *({"plate": text} for text in [*plates, *visits, *odd]),
        ]
        decided = [decide_now(session, community, at=at, **one) for one in asked]
        return (
            answer,
            [{"at": at.isoformat(), **one} for one in asked],
            [
                [one.verdict, list(one.reasons), one.plate, one.serial, one.replaced_by]
                for one in decided
            ],
        )

    answer, questions, expected = installation.within(ask)
    assert page.evaluate(DECIDED, {"answer": answer, "questions": questions}) == expected


def test_a_table_that_changes_bit_by_bit_is_the_table_as_it_is_now(page: Any) -> None:
    def record(hash_: int, compound: int) -> bytes:
        return RECORD.pack(hash_.to_bytes(6, "big"), compound, hash_ % 1000, 2500, 0)

    hashes = [number * 2**40 // 7 + number for number in range(1, 60)]
    table = dict.fromkeys(hashes, 1)
    steps = []
    for step in range(1, 6):
        changed = dict.fromkeys(hashes[step::5], step + 1) | {step: 9, 2**48 - step: 9}
        gone = hashes[step::11]
        table = {
            one: c for one, c in (table | changed).items() if one not in gone or one in changed
        }
        steps.append((changed, [one for one in gone if one not in changed]))
    merged = page.evaluate(
        MERGED,
        {
            "table": packed(record(one, 1) for one in hashes),
            "steps": [
                {
                    "plates": packed(record(*one) for one in changed.items()),
                    "gone": packed(one.to_bytes(6, "big") for one in gone),
                }
                for changed, gone in steps
            ],
        },
    )
    assert merged == packed(record(*one) for one in table.items())


def test_serials_are_the_same_in_the_browser(page: Any) -> None:
    asked = [(letter, number) for letter in "ABCDEFGH" for number in (1, 214, 99999, 12345678)]
    assert page.evaluate(SERIALS, asked) == [serial(*one) for one in asked]
