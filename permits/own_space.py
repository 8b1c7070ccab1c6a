"""A car's space of its own: bought with the flat (产权车位) or leased (租赁)."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    exists,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits.permit import Permit
from permits.vehicles import Vehicle
from records.database import Base


class Tenure(enum.StrEnum):
    """By which right a space is somebody's own."""

    OWNED = "owned"
    LEASED = "leased"


class PaperKind(enum.StrEnum):
    """Which document shows it."""

    TITLE = "title"
    PURCHASE = "purchase"
    LEASE = "lease"
    OTHER = "other"


_TENURES = ", ".join(f"'{tenure}'" for tenure in Tenure)
_PAPERS = ", ".join(f"'{paper}'" for paper in PaperKind)


class OwnSpace(Base):
    """That a car has a space of its own, until it ends. The paper's number is sealed."""

    __tablename__ = "own_spaces"
    __table_args__ = (
        CheckConstraint(f"tenure IN ({_TENURES})", name="tenure_known"),
        CheckConstraint(f"paper_kind IN ({_PAPERS})", name="paper_known"),
        CheckConstraint("cars > 0", name="holds_a_car"),
        CheckConstraint("tenure <> 'leased' OR last_day IS NOT NULL", name="leases_end"),
        Index(
            "uq_own_spaces_vehicle",
            "vehicle_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_own_spaces_place", "community_id", "garage", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    garage: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(12))
    # How many cars take turns on it: one unless the space says more.
    cars: Mapped[int] = mapped_column(default=1)
    tenure: Mapped[str] = mapped_column(String(10))
    paper_kind: Mapped[str] = mapped_column(String(10))
    paper_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    vehicle: Mapped[Vehicle] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        """The space as a permit names it, such as `B1-023`."""
        return f"{self.garage}-{self.number}" if self.garage else self.number


def has_own_space() -> ColumnElement[bool]:
    """Return the condition that a vehicle has a space of its own."""
    return exists(
        select(OwnSpace.id).where(OwnSpace.vehicle_id == Vehicle.id, OwnSpace.ended_at.is_(None))
    )


def space_of(session: Session, vehicle: Vehicle) -> OwnSpace | None:
    """Return the space that a vehicle has of its own, None where it has none."""
    return session.scalar(
        select(OwnSpace).where(OwnSpace.vehicle_id == vehicle.id, OwnSpace.ended_at.is_(None))
    )


def space_on_permit(session: Session, community_id: int, serial: str) -> OwnSpace | None:
    """Return the space that the car of a permit has of its own, None where it has none."""
    return session.scalar(
        select(OwnSpace)
        .join(Permit, Permit.vehicle_id == OwnSpace.vehicle_id)
        .where(
            Permit.community_id == community_id,
            Permit.serial == serial,
            OwnSpace.ended_at.is_(None),
        )
    )


def space_names(session: Session, community_id: int) -> dict[int, str]:
    """Return the names of all spaces that vehicles have of their own, by the vehicle's id."""
    spaces = session.scalars(
        select(OwnSpace).where(OwnSpace.community_id == community_id, OwnSpace.ended_at.is_(None))
    )
    return {one.vehicle_id: one.name for one in spaces}
