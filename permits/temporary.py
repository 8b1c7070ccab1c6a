"""Temporary permits: a sheet of paper that is good until the card is handed over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from permits.changes import stamp
from permits.making import Maker, Wanted, issued_act
from permits.permit import IN_FORCE, Permit, PermitState, WrongPermitState
from records import ledger
from records.errors import DomainError
from records.keys import KeyStore
from zones.communities import Community, hold


class TemporaryThere(DomainError):
    """The car has the temporary permit `serial` already, and its days are not over."""

    code: ClassVar[str] = "temporary_there"
    status: ClassVar[int] = 409


def issue_temporary(
    session: Session, card: Permit, *, keys: KeyStore, actor: str, at: datetime
) -> Permit:
    """Issue a temporary permit for a card that its owner does not have yet, and return it.

    It begins today, lasts the community's `temporary_days`, and never longer than the card. It
    has a serial of its own, does not count beside the card, and is refused once that is handed
    over.

    Raises:
        WrongPermitState: the card is with its owner, or it has ended, or stands in for another.
        TemporaryThere: see there.
        NoSigningKey, KeyMissing, KeyTooOpen: there is no key to sign with.
    """
    community = session.get_one(Community, card.community_id)
    hold(session, community.id, card)
    today = community.local_day(at)
    waits = card.state in (PermitState.ISSUED, PermitState.PRINTED)
    if not waits or card.gives_way_to_id is not None or card.valid_to < today:
        raise WrongPermitState(serial=card.serial, state=card.state)
    there = temporary_of(session, card)
    if there is not None and there.valid_to >= today:
        raise TemporaryThere(serial=there.serial)
    valid_to = min(today + timedelta(days=community.temporary_days - 1), card.valid_to)
    maker = Maker(session, community, keys, at)
    wanted = Wanted.of(card.vehicle_id, card.plate, card.compound, today, valid_to)
    paper = maker.add(wanted, is_temporary=True, gives_way_to_id=card.id)
    act = issued_act(paper.serial, today, valid_to, maker.key_id, stands_in_for=card.serial)
    stamp(session, ledger.append(session, actor, [act], at))
    return paper


def temporary_of(session: Session, card: Permit) -> Permit | None:
    """Return the newest temporary permit in force that gives way to a card."""
    return session.scalar(
        select(Permit)
        .where(
            Permit.gives_way_to_id == card.id,
            Permit.is_temporary,
            Permit.state.in_(IN_FORCE),
        )
        .order_by(Permit.number.desc())
        .limit(1)
    )
