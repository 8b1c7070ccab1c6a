"""Households and their vehicles, each vehicle with one compound at a time."""

from __future__ import annotations

import enum
import re
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.database import Base
from zones.communities import Compound


class VehicleState(enum.StrEnum):
    """Whether a vehicle counts for its compound."""

    ACTIVE = "active"
    REMOVED = "removed"


_DIGITS_OR_NOT = re.compile(r"\d+|\D+")
_STATES = ", ".join(f"'{state}'" for state in VehicleState)


def in_walking_order(household: tuple[str, str, str]) -> tuple[str, ...]:
    """Return a key that orders households as a person walks: 2 before 10, and 1003 after 903."""
    return tuple(
        part.zfill(6) for text in household for part in _DIGITS_OR_NOT.findall(text) or [""]
    )


class Household(Base):
    """A flat: building, unit and room as canonical text; parts that are not used are empty."""

    __tablename__ = "households"
    __table_args__ = (UniqueConstraint("compound_id", "building", "unit", "room"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    building: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(20))
    room: Mapped[str] = mapped_column(String(20))

    @property
    def key(self) -> tuple[str, str, str]:
        """Building, unit and room."""
        return (self.building, self.unit, self.room)

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Orders households as `in_walking_order` does."""
        return in_walking_order(self.key)


class Vehicle(Base):
    """A car that lives in a compound. Its owner's name and phone number are sealed."""

    __tablename__ = "vehicles"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "compound_id"], ["compounds.community_id", "compounds.id"]
        ),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "(state = 'active') = (removed_at IS NULL)", name="removed_ones_have_a_time"
        ),
        Index(
            "uq_vehicles_active_plate",
            "community_id",
            "plate",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        # A gate asks for cars that have left, too: a pass of the past is decided as it stood.
        Index("ix_vehicles_plate", "community_id", "plate"),
        Index("ix_vehicles_compound_state", "compound_id", "state"),
        Index("ix_vehicles_owner", "community_id", "owner_index"),
        Index("ix_vehicles_phone", "community_id", "phone_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"), index=True)
    plate: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    owner_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Keyed digest of owner and phone, to see whether a list brings news without opening seals.
    details_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Keyed digests by which the office finds an owner; see `permits.people_index`.
    owner_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default=VehicleState.ACTIVE)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    # Number of the ledger entry after which devices have to learn of this row again; set by
    # `permits.changes.stamp` at the end of each act that sets it to None.
    changed: Mapped[int | None] = mapped_column(index=True)

    compound: Mapped[Compound] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[compound_id]
    )
    household: Mapped[Household | None] = relationship(lazy="joined")
