"""A car that waits for a place in its compound, in order of date."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Select,
    String,
    exists,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.vehicles import Household, Vehicle, VehicleState
from records.database import Base
from zones.communities import Compound


class ClaimState(enum.StrEnum):
    """Where a claim to a place stands."""

    WAITING = "waiting"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"
    """Another compound has the car now."""


_STATES = ", ".join(f"'{state}'" for state in ClaimState)


class WaitingCar(Base):
    """A car without a place. Its owner's name and phone number are sealed."""

    __tablename__ = "waiting_cars"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "compound_id"], ["compounds.community_id", "compounds.id"]
        ),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_ones_have_a_time"),
        Index(
            "uq_waiting_cars_plate",
            "compound_id",
            "plate",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"))
    plate: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    owner_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    details_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    # When its list was handed in: how long the office takes costs nobody a rank.
    since: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=ClaimState.WAITING)
    ended_at: Mapped[datetime | None]
    # Since when there is a place for it, as the clock last found; what counts is asked anew.
    place_since: Mapped[datetime | None]

    compound: Mapped[Compound] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[compound_id]
    )
    household: Mapped[Household | None] = relationship(lazy="joined")


def waiting_query(compound: Compound) -> Select[WaitingCar]:
    """Return the query for a compound's waiting cars that nobody has registered, by date."""
    registered = exists().where(
        Vehicle.community_id == WaitingCar.community_id,
        Vehicle.plate == WaitingCar.plate,
        Vehicle.state == VehicleState.ACTIVE,
    )
    return (
        select(WaitingCar)
        .where(
            WaitingCar.compound_id == compound.id,
            WaitingCar.state == ClaimState.WAITING,
            ~registered,
        )
        .order_by(WaitingCar.since, WaitingCar.id)
    )
