"""Recovery codes: ten words on paper, each of which stands in for the phone once."""

from __future__ import annotations

import secrets

from sqlalchemy import ForeignKey, LargeBinary, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base
from records.passwords import READABLE
from records.people import User
from records.sealed import Sealer

COUNT = 10


class RecoveryCode(Base):
    """One code that is not used yet; the row goes with its use.

    Attributes:
        digest: keyed by the sealing key, so that the table alone gives nothing to try out.
    """

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


def _digest(sealer: Sealer, user: User, code: str) -> bytes:
    return sealer.digest("recovery code", str(user.id), code)


def make_recovery_codes(session: Session, user: User, sealer: Sealer) -> list[str]:
    """Return new codes, ten characters each with 49 bits; all older ones are void."""
    forget_recovery_codes(session, user)
    codes = ["".join(secrets.choice(READABLE) for _ in range(10)) for _ in range(COUNT)]
    rows = [RecoveryCode(user_id=user.id, digest=_digest(sealer, user, one)) for one in codes]
    session.add_all(rows)
    session.flush()
    return [f"{one[:5]}-{one[5:]}" for one in codes]


def use_recovery_code(session: Session, user: User, code: str, sealer: Sealer) -> bool:
    """Return whether this is one of the user's codes, which is void from now on.

    Args:
        code: in small letters, without the dash.
    """
    wanted = RecoveryCode.user_id == user.id, RecoveryCode.digest == _digest(sealer, user, code)
    used = session.scalars(delete(RecoveryCode).where(*wanted).returning(RecoveryCode.id))
    return bool(used.all())


def recovery_codes_left(session: Session, user: User) -> int:
    """Return how many codes a user still has."""
    query = select(func.count()).where(RecoveryCode.user_id == user.id)
    return session.scalar(query) or 0


def forget_recovery_codes(session: Session, user: User) -> None:
    """Make all of a user's codes void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
