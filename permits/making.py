"""Making permits: the next number, the serial, the signature, and the row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from permits import token
from permits.permit import Permit, PermitState
from permits.serials import serial
from permits.suspension import running_suspensions
from records import ledger
from records.errors import DomainError
from records.keys import KeyStore
from records.signing_keys import current_key
from zones.communities import Community, Compound


class NoSigningKey(DomainError):
    """There is no key to sign permits with."""

    code: ClassVar[str] = "no_signing_key"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Wanted:
    """A permit that is to be made, for one vehicle of one compound.

    Attributes:
        compound_number, letter: the compound's.
        valid_from, valid_to: the first and the last day.
    """

    vehicle_id: int
    plate: str
    compound_id: int
    compound_number: int
    letter: str
    valid_from: date
    valid_to: date

    @classmethod
    def of(
        cls, vehicle_id: int, plate: str, compound: Compound, valid_from: date, valid_to: date
    ) -> Wanted:
        """Return what is wanted for a vehicle of a compound."""
        return cls(
            vehicle_id,
            plate,
            compound.id,
            compound.number,
            compound.letter,
            valid_from,
            valid_to,
        )


class Maker:
    """Makes a community's permits, numbered after its last one, while the caller holds it."""

    def __init__(
        self, session: Session, community: Community, keys: KeyStore, at: datetime
    ) -> None:
        """Open the signing key.

        Raises:
            NoSigningKey: no key was ever made, or all are retired.
            KeyMissing, KeyTooOpen: see `records.keys.KeyStore.private`.
        """
        key = current_key(session)
        if key is None:
            raise NoSigningKey
        self.key_id = key.id
        self._session, self._community, self._at = session, community, at
        self._private_key = keys.private(key.id)
        last = select(func.max(Permit.number)).where(Permit.community_id == community.id)
        self._number = session.scalar(last) or 0
        self._suspended = running_suspensions(session, community.id, at)

    def insert(self, wanted: Iterable[Wanted]) -> list[str]:
        """Insert permits, and return their serials."""
        rows = [self._row(one) for one in wanted]
        if rows:
            self._session.execute(insert(Permit), rows)
        return [row["serial"] for row in rows]

    def add(self, wanted: Wanted, **columns: Any) -> Permit:
        """Return one new permit, flushed, with further columns set."""
        permit = Permit(**self._row(wanted), **columns)
        self._session.add(permit)
        self._session.flush()
        return permit

    def _row(self, wanted: Wanted) -> dict[str, Any]:
        self._number += 1
        fields = token.TokenFields(
            kind=token.TokenKind.PERMIT,
            key_id=self.key_id,
            community=self._community.number,
            compound=wanted.compound_number,
            number=self._number,
            first_day=wanted.valid_from,
            last_day=wanted.valid_to,
            plate=wanted.plate,
        )
        # A car that left the register and came back is still suspended.
        suspension = self._suspended.get(wanted.plate)
        return {
            "community_id": self._community.id,
            "compound_id": wanted.compound_id,
            "vehicle_id": wanted.vehicle_id,
            "number": self._number,
            "serial": serial(wanted.letter, self._number),
            "plate": wanted.plate,
            "key_id": self.key_id,
            "valid_from": wanted.valid_from,
            "valid_to": wanted.valid_to,
            "state": PermitState.ISSUED,
            "issued_at": self._at,
            "suspended_from": suspension.starts if suspension else None,
            "suspended_until": suspension.ends if suspension else None,
            "signature": token.signature_of(fields, self._private_key),
        }


def issued_act(
    serial_text: str, valid_from: date, valid_to: date, key_id: int, **details: str
) -> ledger.Act:
    """Return the ledger's act for a permit that was made, with further details."""
    facts = {
        "letter": serial_text[0],
        "valid_from": str(valid_from),
        "valid_to": str(valid_to),
        "key": key_id,
        **details,
    }
    return ledger.Act("permit.issued", f"permit:{serial_text}", facts)
