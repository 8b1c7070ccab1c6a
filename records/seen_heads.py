"""What each person saw of the ledger at the last sign-in, and whether it still stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base, reading
from records.ledger import Head, LedgerBroken


class SeenHead(Base):
    """The head that a person saw, and what was found at the sign-in before which it was seen.

    Attributes:
        number, hash, at: the head, and when the chain was found to hold up to it.
        before_number, before_at: the head seen at the visit before; None at the first one.
        wrong_number, wrong_fault: the first entry found wrong at the last sign-in and how, as
            `records.ledger.LedgerBroken` says it; the head seen then stays the one before.
    """

    __tablename__ = "seen_heads"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    before_number: Mapped[int | None]
    before_at: Mapped[datetime | None]
    wrong_number: Mapped[int | None]
    wrong_fault: Mapped[str | None] = mapped_column(String(10))

    @property
    def added(self) -> int:
        """Entries added between both visits."""
        return self.number - (self.before_number or 0)


def look_again(session: Session, user_id: int, at: datetime) -> SeenHead:
    """Check that the ledger holds since a person's last sign-in, keep and return what was found.

    Only the entries since then are computed anew. At the first sign-in nothing is: the head that
    is there is the one to compare with later. It begins with a transaction that only reads, so
    that nobody waits for a long check; nothing of the session may be uncommitted.
    """
    with reading():
        seen = session.get(SeenHead, user_id)
        known = Head(seen.number, seen.hash) if seen else ledger.head(session)
        wrong = None
        try:
            found = ledger.verify_since(session, known)
        except LedgerBroken as error:
            found, wrong = known, error.facts
        session.rollback()
    if seen is None:
        seen = SeenHead(user_id=user_id, number=found.number, hash=found.hash, at=at)
        session.add(seen)
    elif wrong is None:
        seen.before_number, seen.before_at = seen.number, seen.at
        seen.number, seen.hash, seen.at = found.number, found.hash, at
    seen.wrong_number = wrong["number"] if wrong else None
    seen.wrong_fault = wrong["fault"] if wrong else None
    session.flush()
    return seen


def seen_by(session: Session, user_id: int) -> SeenHead | None:
    """Return what a person saw at the last sign-in, None before the first one."""
    return session.get(SeenHead, user_id)
