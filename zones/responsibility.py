"""责任到人: who is responsible for each zone and compound, as the public board names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from zones.areas import Zone
from zones.communities import Community, Compound, hold

LONGEST_NAME = 60
LONGEST_PHONE = 30

_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_PHONE = re.compile(r"[0-9]{3,16}(?:[x转][0-9]{1,6})?")


class Responsibility(Base):
    """Who answers for a zone or for a compound, with a line that everybody may call."""

    __tablename__ = "responsibilities"
    __table_args__ = (
        CheckConstraint(
            "(zone_id IS NULL) <> (compound_id IS NULL)", name="for_a_zone_or_a_compound"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zones.id"), unique=True)
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    phone: Mapped[str] = mapped_column(String(LONGEST_PHONE))


class PhonePrivate(DomainError):
    """The `phone` is a mobile number: a person's own, which no public board shows."""

    code: ClassVar[str] = "phone_private"


class PhoneWrong(DomainError):
    """The `phone` is no telephone number."""

    code: ClassVar[str] = "phone_wrong"


class NobodyNamed(DomainError):
    """A `phone` without the name of who answers it."""

    code: ClassVar[str] = "nobody_named"


def public_phone(text: str) -> str:
    """Return a line that may be shown to everybody, trimmed; empty for none.

    Raises:
        PhonePrivate, PhoneWrong: it may not, or is no number.
    """
    phone = text.strip()
    digits = re.sub(r"[\s()（）-]", "", phone)
    if _MOBILE.fullmatch(digits):
        raise PhonePrivate(phone=phone)
    if phone and not _PHONE.fullmatch(digits.removeprefix("+")):
        raise PhoneWrong(phone=phone)
    return phone


def responsibilities_of(
    session: Session, community: Community
) -> dict[Zone | Compound, Responsibility]:
    """Return who is responsible, by compound and by zone, compounds first, by letter and code."""
    compounds = {one.id: one for one in community.compounds}
    query = select(Zone).where(Zone.community_id == community.id).order_by(Zone.code)
    zones = {one.id: one for one in session.scalars(query)}
    found = session.scalars(
        select(Responsibility).where(
            or_(Responsibility.compound_id.in_(compounds), Responsibility.zone_id.in_(zones))
        )
    ).all()
    by_compound = {one.compound_id: one for one in found if one.compound_id}
    by_zone = {one.zone_id: one for one in found if one.zone_id}
    return {
        **{one: by_compound[key] for key, one in compounds.items() if key in by_compound},
        **{one: by_zone[key] for key, one in zones.items() if key in by_zone},
    }


def name_responsible(
    session: Session,
    community: Community,
    named: Mapping[Zone | Compound, tuple[str, str]],
    *,
    actor: str,
    at: datetime,
) -> None:
    """Say who is responsible: name and phone by zone or compound; an empty name for nobody.

    What is not named here, and what is the same as before, stays. The ledger says for what
    somebody else was named, and not who.

    Raises:
        PhonePrivate, PhoneWrong: see `public_phone`.
        NobodyNamed: a phone stands without a name.
    """
    hold(session, community.id)
    before = responsibilities_of(session, community)
    acts = []
    for thing, (name, phone) in named.items():
        name, phone = name.strip()[:LONGEST_NAME], public_phone(phone)
        if phone and not name:
            raise NobodyNamed(phone=phone)
        old = before.get(thing)
        if (name, phone) == ((old.name, old.phone) if old else ("", "")):
            continue
        if old is not None:
            session.execute(delete(Responsibility).where(Responsibility.id == old.id))
        if name:
            is_zone = isinstance(thing, Zone)
            session.add(
                Responsibility(
                    zone_id=thing.id if is_zone else None,
                    compound_id=None if is_zone else thing.id,
                    name=name,
                    phone=phone,
                )
            )
        subject = f"zone:{thing.code}" if isinstance(thing, Zone) else f"compound:{thing.number}"
        acts.append(ledger.Act("responsible.named", subject, {"named": bool(name)}))
    session.flush()
    ledger.append(session, actor, acts, at)
