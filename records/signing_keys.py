"""The public halves of the signing keys, with their ids and lives."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base


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


def public_pems(session: Session) -> dict[int, str]:
    """Return every known public key as PEM, by key id."""
    return {key.id: key.public_pem for key in session.scalars(select(SigningKey))}
