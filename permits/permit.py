"""The permit: one vehicle's right to its colour's zones for some days, and its states."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits import token
from permits.serials import is_serial
from permits.vehicles import Vehicle
from records.database import Base
from records.errors import DomainError
from zones.communities import Community, Compound


class PermitState(enum.StrEnum):
    """Where a permit is in its life: the first three are in force, the others have ended."""

    ISSUED = "issued"
    PRINTED = "printed"
    HANDED_OVER = "handed_over"
    REVOKED = "revoked"
    REPLACED = "replaced"
    EXPIRED = "expired"


IN_FORCE = (PermitState.ISSUED, PermitState.PRINTED, PermitState.HANDED_OVER)
"""The states of a permit that is good at the gates, while its days last."""

_STATES = ", ".join(f"'{state}'" for state in PermitState)
_IN_FORCE = ", ".join(f"'{state}'" for state in IN_FORCE)
_GIVES_WAY = "gives_way_to_id IS NOT NULL"
_COUNTED = f"state IN ({_IN_FORCE}) AND gives_way_to_id IS NULL"


class Permit(Base):
    """A permit as issued. What the token holds never changes after issue."""

    __tablename__ = "permits"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "compound_id"], ["compounds.community_id", "compounds.id"]
        ),
        UniqueConstraint("community_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 4294967295", name="number_is_four_bytes"),
        CheckConstraint("valid_from <= valid_to", name="days_in_order"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            f"(state IN ({_IN_FORCE})) = (ended_at IS NULL)", name="ended_ones_have_a_time"
        ),
        CheckConstraint(
            "(suspended_from IS NULL) = (suspended_until IS NULL)",
            name="suspension_has_both_ends",
        ),
        Index(
            "uq_permits_vehicle_in_force",
            "vehicle_id",
            unique=True,
            sqlite_where=text(_COUNTED),
            postgresql_where=text(_COUNTED),
        ),
        Index("ix_permits_compound_state", "compound_id", "state"),
        # Most give way to none: PostgreSQL would look for a car's permit among all of those.
        Index(
            "ix_permits_gives_way_to_id",
            "gives_way_to_id",
            sqlite_where=text(_GIVES_WAY),
            postgresql_where=text(_GIVES_WAY),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    number: Mapped[int] = mapped_column(BigInteger)
    serial: Mapped[str] = mapped_column(String(20), index=True)
    plate: Mapped[str] = mapped_column(String(10), index=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("signing_keys.id"))
    valid_from: Mapped[date] = mapped_column(index=True)
    valid_to: Mapped[date]
    state: Mapped[str] = mapped_column(String(12), default=PermitState.ISSUED)
    issued_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(200))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("permits.id"))
    # The permit that takes its place once it is handed over; until then both are good, and only
    # that one counts.
    gives_way_to_id: Mapped[int | None] = mapped_column(ForeignKey("permits.id"))
    is_temporary: Mapped[bool] = mapped_column(default=False)
    # What a gate reads of the suspension that was set last; see `permits.suspending`.
    suspended_from: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    # The token's signature: what is printed, and what a scan is compared with.
    signature: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    # As `Vehicle.changed`.
    changed: Mapped[int | None] = mapped_column(index=True)

    vehicle: Mapped[Vehicle] = relationship(lazy="joined", innerjoin=True)
    compound: Mapped[Compound] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[compound_id]
    )
    replaced_by: Mapped[Permit | None] = relationship(
        remote_side="Permit.id", foreign_keys=[replaced_by_id]
    )
    gives_way_to: Mapped[Permit | None] = relationship(
        remote_side="Permit.id", foreign_keys=[gives_way_to_id]
    )


def counted() -> ColumnElement[bool]:
    """Return the condition that a permit is its car's one permit in force.

    Others that are in force give way to it: a temporary one, or the card that it will follow.
    """
    return and_(Permit.state.in_(IN_FORCE), Permit.gives_way_to_id.is_(None))


def permit_fields(permit: Permit, community: Community) -> token.TokenFields:
    """Return what a permit's token holds."""
    return token.TokenFields(
        kind=token.TokenKind.PERMIT,
        key_id=permit.key_id,
        community=community.number,
        compound=permit.compound.number,
        number=permit.number,
        first_day=permit.valid_from,
        last_day=permit.valid_to,
        plate=permit.plate,
    )


class UnknownPermit(DomainError):
    """No permit has this `serial`."""

    code: ClassVar[str] = "unknown_permit"
    status: ClassVar[int] = 404


class WrongPermitState(DomainError):
    """The act does not fit the `state` of the permit `serial`."""

    code: ClassVar[str] = "wrong_permit_state"
    status: ClassVar[int] = 409


def permit_by_serial(session: Session, community_id: int, serial: str) -> Permit:
    """Return the community's permit with this serial, whatever the case of its letter.

    Raises:
        UnknownPermit: when there is none.
    """
    text = serial.strip().upper()
    permit = None
    if is_serial(text):
        permit = session.scalar(
            select(Permit).where(Permit.community_id == community_id, Permit.serial == text)
        )
    if permit is None:
        raise UnknownPermit(serial=serial)
    return permit
