"""The public halves of the signing keys, with their ids and lives."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import CheckConstraint, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.keys import KeyExists, KeyStore, public_pem

LAST_KEY_ID = 255
"""The token has one byte for the key's id."""


class KeyIdsUsedUp(DomainError):
    """Every key id that a token can name has been used."""

    code: ClassVar[str] = "key_ids_used_up"
    status: ClassVar[int] = 409


class SigningKey(Base):
    """A key pair's public half; the private one is a file of mode 0600 outside the database.

    The id is the token's key id byte. A retired key signs nothing new but still verifies,
    until its last permit ends.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (CheckConstraint("id BETWEEN 1 AND 255", name="id_is_a_byte"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_pem: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


def current_key(session: Session) -> SigningKey | None:
    """Return the key that signs now, the newest that is not retired."""
    return session.scalar(
        select(SigningKey)
        .where(SigningKey.retired_at.is_(None))
        .order_by(SigningKey.id.desc())
        .limit(1)
    )


def all_keys(session: Session) -> list[SigningKey]:
    """Return every signing key, the newest first."""
    return list(session.scalars(select(SigningKey).order_by(SigningKey.id.desc())))


def public_pems(session: Session) -> dict[int, str]:
    """Return every known public key as PEM, by key id."""
    return {key.id: key.public_pem for key in session.scalars(select(SigningKey))}


def make_key(session: Session, store: KeyStore, *, actor: str, at: datetime) -> SigningKey:
    """Make a new signing key pair, retire the one before, and return the new one.

    Permits already printed stay valid: the old public key is kept. Devices at the gates get all
    hashes of plates anew, with the salt of the new key (`records.keys.KeyStore.plate_salt`).

    Raises:
        KeyIdsUsedUp: 255 keys were made.
        KeyTooOpen: a key file that the database does not know can be read by others.
    """
    # Appending nothing takes the ledger's lock: two who rotate at once take turns.
    ledger.append(session, actor, [], at)
    before = current_key(session)
    last_id = session.scalar(select(func.max(SigningKey.id))) or 0
    if last_id >= LAST_KEY_ID:
        raise KeyIdsUsedUp
    key_id = last_id + 1
    key = SigningKey(
        id=key_id, public_pem=public_pem(_pair(store, key_id)), created_at=at, retired_at=None
    )
    session.add(key)
    acts = [ledger.Act("key.made", f"key:{key_id}", {"public_pem": key.public_pem})]
    if before is not None:
        before.retired_at = at
        acts.append(ledger.Act("key.retired", f"key:{before.id}", {}))
    session.flush()
    ledger.append(session, actor, acts, at)
    return key


def _pair(store: KeyStore, key_id: int) -> ec.EllipticCurvePublicKey:
    try:
        return store.create(key_id)
    except KeyExists:
        # The database forgot this key: its transaction was rolled back, or a backup restored.
        # Taking it up again lets the next rotation succeed, and what it signed verify.
        return store.private(key_id).public_key()
