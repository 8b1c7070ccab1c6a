"""Finding sealed names and phone numbers: keyed digests of what is typed the same way again."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from permits.vehicles import Vehicle
from records.sealed import Sealer

_BYTES = 16
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_NOT_DIGITS = re.compile(r"\D+")
_MOBILE_WITH_COUNTRY = re.compile(r"(?:00)?86(1\d{10})")


def name_index(sealer: Sealer, name: str) -> bytes:
    """Return the digest of a name; white space, dots, width and case make no difference."""
    plain = _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return sealer.digest("name", plain)[:_BYTES]


def phone_index(sealer: Sealer, phone: str) -> bytes:
    """Return the digest of a phone number's digits, a mobile's without its country code."""
    digits = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", phone))
    mobile = _MOBILE_WITH_COUNTRY.fullmatch(digits)
    return sealer.digest("phone", mobile[1] if mobile else digits)[:_BYTES]


def indexes_of(sealer: Sealer, owner: str, phone: str) -> dict[str, Any]:
    """Return the columns `owner_index` and `phone_index`; None for what is not known."""
    return {
        "owner_index": name_index(sealer, owner) if owner else None,
        "phone_index": phone_index(sealer, phone) if phone else None,
    }


def index_people(session: Session, sealer: Sealer) -> int:
    """Give every car its digests that has none yet, and return how many.

    A migration has no key, and so could not.
    """
    lacking = session.scalars(
        select(Vehicle).where(
            or_(
                Vehicle.owner_sealed.is_not(None) & Vehicle.owner_index.is_(None),
                Vehicle.phone_sealed.is_not(None) & Vehicle.phone_index.is_(None),
            )
        )
    ).all()
    for car in lacking:
        owner = sealer.open(car.owner_sealed) if car.owner_sealed else ""
        phone = sealer.open(car.phone_sealed) if car.phone_sealed else ""
        for column, digest in indexes_of(sealer, owner, phone).items():
            setattr(car, column, digest)
    session.flush()
    return len(lacking)
