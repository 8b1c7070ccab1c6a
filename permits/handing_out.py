"""Handing permits out one by one: each is scanned or its serial typed, and is then marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from permits import token
from permits.changes import stamp
from permits.ending import good_again
from permits.issuing import hand_over
from permits.permit import Permit, PermitState, counted, permit_by_serial, permit_fields
from permits.serials import is_serial
from permits.vehicles import Household, Vehicle
from records import ledger
from records.errors import DomainError
from records.keys import load_public
from records.ledger import LedgerEntry
from records.signing_keys import SigningKey
from zones.communities import Community, Compound, hold

SHOWN = 12
"""How many permits the running list shows."""


class ForeignPermit(DomainError):
    """The symbol is of another community, a visitor's pass, or of a permit that nobody issued."""

    code: ClassVar[str] = "foreign_permit"


class NotPrintedYet(DomainError):
    """The permit `serial` was never printed."""

    code: ClassVar[str] = "not_printed_yet"
    status: ClassVar[int] = 409


class PermitEnded(DomainError):
    """The permit `serial` has ended, with the `state` in which it is."""

    code: ClassVar[str] = "permit_ended"
    status: ClassVar[int] = 409


class HandedOverAlready(DomainError):
    """The permit `serial` was handed over before, at the local time `when`."""

    code: ClassVar[str] = "handed_over_already"
    status: ClassVar[int] = 409


class NothingToTakeBack(DomainError):
    """The last thing that this person handed over is not this permit, or it was taken back."""

    code: ClassVar[str] = "nothing_to_take_back"
    status: ClassVar[int] = 409


def hand_out(
    session: Session, community: Community, text: str, *, actor: str, at: datetime
) -> Permit:
    """Mark the permit of a scanned symbol or a typed serial as handed over, and return it.

    Raises:
        TokenError: the symbol is none of ours; see `permits.token.verify`.
        ForeignPermit, UnknownPermit: it is no permit of this community.
        NotPrintedYet, PermitEnded, HandedOverAlready: it cannot be handed over.
    """
    permit = _permit_of(session, community, text)
    hold(session, community.id, permit)
    today = community.local_day(at)
    match permit.state:
        case PermitState.PRINTED if permit.valid_to >= today:
            hand_over(session, [permit], actor=actor, at=at)
            return permit
        case PermitState.PRINTED:
            raise PermitEnded(serial=permit.serial, state=PermitState.EXPIRED)
        case PermitState.ISSUED:
            raise NotPrintedYet(serial=permit.serial)
        case PermitState.HANDED_OVER:
            when = (permit.handed_over_at or at).astimezone(community.zone_info)
            raise HandedOverAlready(serial=permit.serial, when=f"{when:%Y-%m-%d %H:%M}")
        case _:
            raise PermitEnded(serial=permit.serial, state=permit.state)


def _permit_of(session: Session, community: Community, text: str) -> Permit:
    typed = "".join(text.split()).upper()
    if is_serial(typed):
        return permit_by_serial(session, community.id, typed)
    signed = token.read(token.from_url(text))
    key = session.get(SigningKey, signed.fields.key_id)
    token.check(signed, {key.id: load_public(key.public_pem)} if key else {})
    fields = signed.fields
    if fields.kind is not token.TokenKind.PERMIT or fields.community != community.number:
        raise ForeignPermit
    permit = session.scalar(
        select(Permit).where(Permit.community_id == community.id, Permit.number == fields.number)
    )
    if permit is None or permit_fields(permit, community) != fields:
        raise ForeignPermit
    return permit


def last_handed_out(session: Session, community: Community, actor: str) -> Permit | None:
    """Return what a person handed over last and can take back, None where that is nothing."""
    last = session.execute(
        select(LedgerEntry.act, LedgerEntry.subject)
        .where(
            LedgerEntry.act.in_(("permit.handed_over", "permit.taken_back")),
            LedgerEntry.actor == actor,
        )
        .order_by(LedgerEntry.number.desc())
        .limit(1)
    ).first()
    if last is None or last.act != "permit.handed_over":
        return None
    serial = last.subject.removeprefix("permit:")
    return session.scalar(
        select(Permit).where(
            Permit.community_id == community.id,
            Permit.serial == serial,
            Permit.state == PermitState.HANDED_OVER,
        )
    )


def take_back(
    session: Session, community: Community, permit: Permit, *, actor: str, at: datetime
) -> None:
    """Undo the last hand-over of a person: the permit waits for its owner again.

    What it replaced by being handed over is good again.

    Raises:
        NothingToTakeBack: it is not what this person handed over last, or it was taken back.
    """
    hold(session, community.id, permit)
    if last_handed_out(session, community, actor) is not permit:
        raise NothingToTakeBack(serial=permit.serial)
    details = {"letter": permit.serial[0]}
    acts = [
        ledger.Act("permit.taken_back", f"permit:{permit.serial}", details),
        *good_again(session, [permit], permit.handed_over_at),
    ]
    permit.state, permit.handed_over_at = PermitState.PRINTED, None
    session.flush()
    stamp(session, ledger.append(session, actor, acts, at))


def left_to_hand_out(session: Session, community: Community) -> dict[int, int]:
    """Return by compound id how many printed permits wait for their owners."""
    waiting = (
        select(Permit.compound_id, func.count())
        .where(Permit.community_id == community.id, counted(), Permit.state == PermitState.PRINTED)
        .group_by(Permit.compound_id)
    )
    return dict(session.execute(waiting).all())


def handed_out_lately(session: Session, community: Community) -> list[Permit]:
    """Return what was handed over last and still is, the latest first."""
    # By the ledger, which has an index by act: there may be a hundred thousand permits.
    subjects = session.scalars(
        select(LedgerEntry.subject)
        .where(LedgerEntry.act == "permit.handed_over")
        .order_by(LedgerEntry.number.desc())
        .limit(SHOWN)
    )
    serials = list(dict.fromkeys(one.removeprefix("permit:") for one in subjects))
    found = session.scalars(
        select(Permit).where(
            Permit.community_id == community.id,
            Permit.serial.in_(serials),
            Permit.state == PermitState.HANDED_OVER,
        )
    )
    return sorted(found, key=lambda one: serials.index(one.serial))


def to_sign_for(
    session: Session, community: Community, compound: Compound | None = None
) -> list[Permit]:
    """Return the printed permits that wait for their owners, by compound, household and serial."""
    permits = session.scalars(_waiting(community, compound)).all()
    return sorted(permits, key=_as_one_walks)


def _waiting(community: Community, compound: Compound | None) -> Select[Permit]:
    query = (
        select(Permit)
        .join(Vehicle, Permit.vehicle_id == Vehicle.id)
        .outerjoin(Household, Vehicle.household_id == Household.id)
        .where(Permit.community_id == community.id, counted(), Permit.state == PermitState.PRINTED)
    )
    return query.where(Permit.compound_id == compound.id) if compound else query


def _as_one_walks(permit: Permit) -> tuple[str, Iterable[str], int]:
    household = permit.vehicle.household
    return (permit.compound.letter, household.sort_key if household else (), permit.number)
