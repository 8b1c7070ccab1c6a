"""Visitor passes: a plate that may come in for some hours without a permit."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from permits.passes import new_uuid
from permits.vehicles import Household
from records.database import Base
from zones.communities import Compound


class VisitKind(enum.StrEnum):
    """Why a car visits. A drop-off has no host and asks for nothing but the plate."""

    VISITOR = "visitor"
    DELIVERY = "delivery"
    TRADESMAN = "tradesman"
    DROP_OFF = "drop_off"


_KINDS = ", ".join(f"'{kind}'" for kind in VisitKind)


class VisitorPass(Base):
    """One visit. Its number is in the token of its QR, whose days contain its hours.

    The UUID is given by the device that registered it, so that sending it twice registers it once.
    """

    __tablename__ = "visitor_passes"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 4294967295", name="number_is_four_bytes"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("valid_from < valid_to", name="hours_in_order"),
        CheckConstraint(
            "kind = 'drop_off' OR compound_id IS NOT NULL", name="visits_have_a_host_compound"
        ),
        Index("ix_visitor_passes_community_valid_to", "community_id", "valid_to"),
        Index("ix_visitor_passes_household", "household_id", "valid_from"),
        Index("ix_visitor_passes_plate", "community_id", "plate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compounds.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    key_id: Mapped[int | None] = mapped_column(ForeignKey("signing_keys.id"))
    plate: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    compound: Mapped[Compound | None] = relationship(lazy="joined")
    household: Mapped[Household | None] = relationship(lazy="joined")
