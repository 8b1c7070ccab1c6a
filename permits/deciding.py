"""Deciding at a gate from the register: one SELECT, where the facts beside it are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from permits import register, token
from permits.facts import Facts, facts_of
from permits.gate import Decision, Known, Visit, decide
from permits.plates import PROVINCES, Plate, PlateKind, parse
from permits.register import Found
from permits.visits import visit_numbered, visits_of_plate
from zones.communities import Community


def decide_now(
    session: Session,
    community: Community,
    *,
    at: datetime,
    scanned: str | None = None,
    plate: str | None = None,
    known_at: datetime | None = None,
) -> Decision:
    """Return the gate decision by the register; see `permits.gate.decide`.

    Args:
        known_at: by what the register knew at this moment, by default at `at` itself: a permit
            that ended later still stood then, and a car or a permit that came later was not there.
    """
    return decide_in(session, community.id, at=at, scanned=scanned, plate=plate, known_at=known_at)


def decide_in(
    session: Session,
    community_id: int,
    *,
    at: datetime,
    scanned: str | None = None,
    plate: str | None = None,
    known_at: datetime | None = None,
) -> Decision:
    """Return `decide_now` for the community with an id, which need not be loaded."""
    asked = Asked.of(scanned, plate)
    found = register.find(session, community_id, numbers=asked.numbers, plates=asked.plates)
    facts = facts_of(session, community_id, found.head)
    known = known_of(session, community_id, found, facts, at, known_at=known_at)
    return decide(at=at, known=known, scanned=asked.scanned, plate=plate)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question at a gate needs of the register.

    Attributes:
        scanned: the token where one was read, else the text as it was scanned.
        numbers: the permit's, where a permit's token was scanned.
        plates: canonical, where a plate was typed and nothing scanned.
    """

    scanned: str | token.SignedToken | None = None
    numbers: tuple[int, ...] = ()
    plates: tuple[str, ...] = ()

    @classmethod
    def of(cls, scanned: str | None, plate: str | None) -> Asked:
        """Return what a scanned text or a typed plate asks for; never raises."""
        if scanned is not None:
            try:
                signed = token.read(token.from_url(scanned))
            except token.TokenError:
                return cls(scanned)
            is_permit = signed.fields.kind is token.TokenKind.PERMIT
            return cls(signed, numbers=(signed.fields.number,) if is_permit else ())
        typed = parse(plate or "")
        if not isinstance(typed, Plate):
            return cls()
        if typed.kind is PlateKind.MILITARY:
            # Perhaps a local plate without its province; which is local, the facts will say.
            return cls(plates=tuple(province + typed.text for province in PROVINCES))
        return cls() if typed.kind.is_service else cls(plates=(typed.text,))


def known_of(
    session: Session,
    community_id: int,
    found: Found,
    facts: Facts,
    at: datetime,
    visitors: Collection[str] | None = None,
    known_at: datetime | None = None,
) -> Known:
    """Return what was known at a moment, by rows of the register that were found before.

    Args:
        visitors: plates that can have visits; None where any can.
        known_at: see `decide_now`.
    """
    numbers = facts.compound_numbers
    plan = facts.plan_on(facts.local_day(at))
    then = known_at or at

    def proven(signed: token.SignedToken) -> bool:
        row = found.permits.get(signed.fields.number)
        return row is not None and row.proves(signed, facts.number, numbers)

    def visits_of(plate: str) -> Sequence[Visit]:
        if visitors is not None and plate not in visitors:
            return ()
        return visits_of_plate(session, session.get_one(Community, community_id), plate, at)

    return Known(
        community=facts.number,
        province=facts.province,
        time_zone=facts.time_zone,
        as_of=at,
        public_keys=facts.public_keys,
        compounds=plan.signs,
        plan_number=plan.number,
        permit_numbered=lambda number: (
            row.standing(numbers, then) if (row := found.permits.get(number)) else None
        ),
        registration_of=lambda plate: register.registration(found, plate, numbers, then),
        visits_of=visits_of,
        visit_numbered=lambda number: visit_numbered(
            session, session.get_one(Community, community_id), number, at
        ),
        proven=proven,
    )
