"""Suspensions: a car's permit is not good for some days, and its owner may contest that."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    and_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits.permit import Permit
from permits.vehicles import Vehicle
from permits.warning import CarWarning, WarningStep
from records.database import Base
from zones.communities import Community, Compound


class SuspensionState(enum.StrEnum):
    """Where a suspension is in its life; a paused one waits for the decision on its contest."""

    STANDS = "stands"
    CONTESTED = "contested"
    PAUSED = "paused"
    UPHELD = "upheld"
    LIFTED = "lifted"
    OVER = "over"


class Suspension(Base):
    """One suspension, by staff and on a warning that proposed it.

    It goes by the plate, so that a car which leaves the register and comes back is still
    suspended. `ends` is not included; what gates read is copied to the permit.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        CheckConstraint("starts < ends", name="moments_in_order"),
        CheckConstraint(
            "(contested_at IS NULL) = (contest_reason IS NULL)", name="contests_have_a_reason"
        ),
        CheckConstraint(
            "upheld_at IS NULL OR contested_at IS NOT NULL", name="upheld_ones_were_contested"
        ),
        Index("ix_suspensions_plate", "community_id", "plate"),
        Index("ix_suspensions_community_ends", "community_id", "ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    permit_id: Mapped[int] = mapped_column(ForeignKey("permits.id"))
    warning_id: Mapped[int] = mapped_column(ForeignKey("warnings.id"), unique=True)
    plate: Mapped[str] = mapped_column(String(10))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))
    contested_at: Mapped[datetime | None]
    contest_reason: Mapped[str | None] = mapped_column(String(500))
    paused_at: Mapped[datetime | None]
    upheld_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(String(500), default="")

    vehicle: Mapped[Vehicle] = relationship(lazy="joined", innerjoin=True)
    permit: Mapped[Permit] = relationship()
    warning: Mapped[CarWarning] = relationship()

    def state(self, at: datetime) -> SuspensionState:
        """Return where it is in its life at a moment."""
        if self.lifted_at is not None:
            return SuspensionState.LIFTED
        if self.paused_at is not None:
            return SuspensionState.PAUSED
        if self.ends <= at:
            return SuspensionState.OVER
        if self.upheld_at is not None:
            return SuspensionState.UPHELD
        return SuspensionState.CONTESTED if self.contested_at else SuspensionState.STANDS


def running_suspensions(session: Session, community_id: int, at: datetime) -> dict[str, Suspension]:
    """Return the suspensions that refuse a car at a moment, by its plate."""
    query = select(Suspension).where(
        Suspension.community_id == community_id,
        Suspension.lifted_at.is_(None),
        Suspension.paused_at.is_(None),
        Suspension.ends > at,
    )
    return {one.plate: one for one in session.scalars(query)}


def suspensions_query(
    community: Community, compound: Compound | None, *, at: datetime
) -> Select[Suspension]:
    """Return the query for suspensions that are open: contested ones first, then by their ends.

    Args:
        compound: only those of its cars; None for all.
    """
    query = (
        select(Suspension)
        .where(Suspension.community_id == community.id, _is_open(at))
        .order_by(_WAITS.desc(), Suspension.ends, Suspension.id)
    )
    if compound is not None:
        query = query.join(Vehicle).where(Vehicle.compound_id == compound.id)
    return query


def proposals_query(community: Community, compound: Compound | None) -> Select[CarWarning]:
    """Return the query for warnings that propose a suspension nobody has decided on, oldest first.

    Args:
        compound: only those of its cars; None for all.
    """
    query = (
        select(CarWarning)
        .where(CarWarning.community_id == community.id, _PROPOSES)
        .order_by(CarWarning.at, CarWarning.id)
    )
    if compound is not None:
        query = query.join(Vehicle).where(Vehicle.compound_id == compound.id)
    return query


def contests_query(community: Community, at: datetime) -> Select[Suspension]:
    """Return the query for suspensions whose contest waits for staff, the oldest contest first."""
    return (
        select(Suspension)
        .where(Suspension.community_id == community.id, _WAITS & _is_open(at))
        .order_by(Suspension.contested_at, Suspension.id)
    )


def _is_open(at: datetime) -> ColumnElement[bool]:
    return and_(
        Suspension.lifted_at.is_(None),
        (Suspension.ends > at) | Suspension.paused_at.is_not(None),
    )


_WAITS = Suspension.contested_at.is_not(None) & Suspension.upheld_at.is_(None)
_PROPOSES = and_(
    CarWarning.step == WarningStep.SUSPENSION_PROPOSED,
    CarWarning.withdrawn_at.is_(None),
    ~select(Suspension.id).where(Suspension.warning_id == CarWarning.id).exists(),
)
