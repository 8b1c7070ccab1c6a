"""What a representative asks of the office for one car or one flat, and what became of it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Select,
    String,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits.permit import Permit
from permits.vehicles import Household, Vehicle
from records.database import Base
from records.errors import DomainError
from zones.communities import Community, Compound


class RequestKind(enum.StrEnum):
    """What is asked for."""

    LOST_PERMIT = "lost_permit"
    PLATE_CHANGE = "plate_change"
    SECOND_CAR = "second_car"
    MOVING_OUT = "moving_out"


class RequestState(enum.StrEnum):
    """A request's life: open until staff decide, or until it is taken back."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class WhyLost(enum.StrEnum):
    """What happened to a card."""

    LOST = "lost"
    STOLEN = "stolen"
    DAMAGED = "damaged"


_KINDS = ", ".join(f"'{kind}'" for kind in RequestKind)
_STATES = ", ".join(f"'{state}'" for state in RequestState)
_WHYS = ", ".join(f"'{why}'" for why in WhyLost)


class CarRequest(Base):
    """One request. What it names depends on its kind.

    A lost permit names the permit, a change of plate the vehicle and the new plate, a second car
    the household and the plate, moving out the vehicle, and the household where all its cars go.
    """

    __tablename__ = "requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "compound_id"], ["compounds.community_id", "compounds.id"]
        ),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(f"why IN ({_WHYS})", name="why_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_ones_have_a_time"),
        Index("ix_requests_community_state", "community_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12), default=RequestState.OPEN)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"), index=True)
    permit_id: Mapped[int | None] = mapped_column(ForeignKey("permits.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"))
    # The plate that comes; for a second car with its owner, until the request is decided.
    plate: Mapped[str | None] = mapped_column(String(10))
    owner_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    details_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    why: Mapped[str | None] = mapped_column(String(12))
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    # The permit that granting made.
    made_id: Mapped[int | None] = mapped_column(ForeignKey("permits.id"))

    compound: Mapped[Compound] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[compound_id]
    )
    vehicle: Mapped[Vehicle | None] = relationship()
    household: Mapped[Household | None] = relationship()
    permit: Mapped[Permit | None] = relationship(foreign_keys=[permit_id])
    made: Mapped[Permit | None] = relationship(foreign_keys=[made_id])


class RequestDecided(DomainError):
    """The request `number` was decided or taken back already."""

    code: ClassVar[str] = "request_decided"
    status: ClassVar[int] = 409


def requests_query(
    community: Community, compound: Compound | None = None, state: RequestState | None = None
) -> Select[CarRequest]:
    """Return the query for requests: open ones the oldest first, others the newest first.

    Args:
        compound: only this compound's.
        state: only those in this state; None for all.
    """
    query = select(CarRequest).where(CarRequest.community_id == community.id)
    if compound is not None:
        query = query.where(CarRequest.compound_id == compound.id)
    if state is not None:
        query = query.where(CarRequest.state == state)
    oldest_first = state is RequestState.OPEN
    return query.order_by(CarRequest.id if oldest_first else CarRequest.id.desc())


def open_requests(session: Session, community: Community, compound: Compound | None = None) -> int:
    """Return how many requests wait for the office."""
    waiting = requests_query(community, compound, RequestState.OPEN).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0
