"""Warnings: the steps that a car climbs with each confirmed report."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.infringement import InfringementReport
from permits.vehicles import Vehicle
from records.database import Base
from zones.communities import Community, Compound


class WarningStep(enum.StrEnum):
    """What a confirmed report comes to, from the lightest to the gravest."""

    REMINDER = "reminder"
    WARNING = "warning"
    SUSPENSION_PROPOSED = "suspension_proposed"


_STEPS = ", ".join(f"'{step}'" for step in WarningStep)


class CarWarning(Base):
    """One step of one car; `count` is the number of those that count together with this one."""

    __tablename__ = "warnings"
    __table_args__ = (
        CheckConstraint(f"step IN ({_STEPS})", name="step_known"),
        CheckConstraint("count > 0", name="count_positive"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_have_a_reason"
        ),
        Index("ix_warnings_plate_seen", "community_id", "plate", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("infringement_reports.id"), unique=True)
    plate: Mapped[str] = mapped_column(String(10))
    step: Mapped[str] = mapped_column(String(20))
    count: Mapped[int]
    # When the car stood there: what the days and the steps are counted by.
    seen_at: Mapped[datetime]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))

    vehicle: Mapped[Vehicle] = relationship(lazy="joined", innerjoin=True)
    report: Mapped[InfringementReport] = relationship()


def warnings_query(community: Community, compound: Compound | None) -> Select[CarWarning]:
    """Return the query for warnings, the newest first.

    Args:
        compound: only those of its cars; None for all.
    """
    query = (
        select(CarWarning)
        .where(CarWarning.community_id == community.id)
        .order_by(CarWarning.seen_at.desc(), CarWarning.id.desc())
    )
    if compound is not None:
        query = query.join(Vehicle).where(Vehicle.compound_id == compound.id)
    return query
