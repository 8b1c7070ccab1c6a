"""What somebody did to many permits or cars at once, and whether it can still be undone."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base
from records.errors import DomainError
from zones.communities import Community

MOST_AT_ONCE = 200
"""Things of one bulk act: more than anybody chooses by hand, few enough for one transaction."""


class BulkKind(enum.StrEnum):
    """What is done to all of them."""

    HAND_OVER = "hand_over"
    REVOKE = "revoke"
    REMOVE = "remove"


_KINDS = ", ".join(f"'{kind}'" for kind in BulkKind)


class BulkAct(Base):
    """One bulk act. Each single act is in the ledger; this only says which belong together."""

    __tablename__ = "bulk_acts"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        Index("ix_bulk_acts_community_actor", "community_id", "actor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    kind: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    vehicle_ids: Mapped[list[Any]]
    # Of removed cars, the permits that ended with them.
    permit_ids: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]

    @property
    def count(self) -> int:
        """How many things were chosen."""
        return len(self.vehicle_ids if self.kind == BulkKind.REMOVE else self.permit_ids)


class NothingChosen(DomainError):
    """Nothing was chosen."""

    code: ClassVar[str] = "nothing_chosen"


class TooManyChosen(DomainError):
    """More than `limit` things were chosen."""

    code: ClassVar[str] = "too_many_chosen"


class CarRemovedAlready(DomainError):
    """The car with this `plate` has left the register already."""

    code: ClassVar[str] = "car_removed_already"
    status: ClassVar[int] = 409


class NotYourLastAct(DomainError):
    """It was undone, or is not the last thing that this person did to many at once."""

    code: ClassVar[str] = "not_your_last_act"
    status: ClassVar[int] = 409


class UndoTooLate(DomainError):
    """Since then something has changed with `things`: serials or plates, the first few."""

    code: ClassVar[str] = "undo_too_late"
    status: ClassVar[int] = 409


def last_bulk_act(session: Session, community: Community, actor: str) -> BulkAct | None:
    """Return a person's last bulk act if it is not undone, else None."""
    last = session.scalar(
        select(BulkAct)
        .where(BulkAct.community_id == community.id, BulkAct.actor == actor)
        .order_by(BulkAct.id.desc())
        .limit(1)
    )
    return last if last and last.undone_at is None else None
