"""Communities and what belongs to one: its compounds, its gates and their guards."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records.database import Base
from records.errors import DomainError
from zones.colours import BY_KEY, PALETTE, Colour

_COLOUR_KEYS = ", ".join(f"'{colour.key}'" for colour in PALETTE)


class Community(Base):
    """The community whose office prints the permits. Its number is in every token."""

    __tablename__ = "communities"
    __table_args__ = (
        CheckConstraint("number BETWEEN 0 AND 65535", name="number_is_two_bytes"),
        CheckConstraint("permit_days > 0", name="permits_last_a_day"),
        CheckConstraint("temporary_days > 0", name="temporary_ones_last_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    province: Mapped[str] = mapped_column(String(1), default="粤")
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    permit_days: Mapped[int] = mapped_column(default=365)
    # How long a sheet of paper stands in for a card that its owner does not have yet.
    temporary_days: Mapped[int] = mapped_column(default=7)

    compounds: Mapped[list[Compound]] = relationship(
        back_populates="community", order_by="Compound.letter"
    )
    gates: Mapped[list[Gate]] = relationship(back_populates="community", order_by="Gate.code")

    @property
    def zone_info(self) -> ZoneInfo:
        """The community's time zone."""
        return ZoneInfo(self.time_zone)

    def local_day(self, at: datetime) -> date:
        """Return the community's calendar day at a moment."""
        return at.astimezone(self.zone_info).date()


class Compound(Base):
    """One residential compound with its colour. Its number is in every token, its colour not."""

    __tablename__ = "compounds"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "code"),
        UniqueConstraint("community_id", "letter"),
        UniqueConstraint("community_id", "colour_key"),
        # What belongs to a compound and a community refers to both together.
        UniqueConstraint("community_id", "id"),
        CheckConstraint("number BETWEEN 1 AND 255", name="number_is_a_byte"),
        CheckConstraint(f"colour_key IN ({_COLOUR_KEYS})", name="colour_known"),
        CheckConstraint("vehicles_per_household > 0", name="quota_positive"),
        CheckConstraint("visits_per_month > 0", name="visit_quota_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    letter: Mapped[str] = mapped_column(String(1))
    colour_key: Mapped[str] = mapped_column(String(20))
    vehicles_per_household: Mapped[int | None]
    # Visitor passes that a household may have in a calendar month; None for no limit.
    visits_per_month: Mapped[int | None]

    community: Mapped[Community] = relationship(back_populates="compounds")

    @property
    def colour(self) -> Colour:
        """The compound's permit colour."""
        return BY_KEY[self.colour_key]


class Gate(Base):
    """A gate where guards check cars."""

    __tablename__ = "gates"
    __table_args__ = (UniqueConstraint("community_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))

    community: Mapped[Community] = relationship(back_populates="gates")


def hold(session: Session, community_id: int, *rows: Base) -> None:
    """Wait until no other act changes this community's register or plans, then keep others out.

    The hold lasts until the transaction ends. On SQLite every writing transaction has it from its
    beginning; on PostgreSQL it is a lock on the community's row, which scans and passes at the
    gates do not wait for. What an act decides by has to be read after it.

    Args:
        rows: what was read before and is read afresh.
    """
    session.execute(
        select(Community.id).where(Community.id == community_id).with_for_update(key_share=True)
    )
    for row in rows:
        session.refresh(row)


class GateGuard(Base):
    """A guard works at a gate."""

    __tablename__ = "gate_guards"

    gate_id: Mapped[int] = mapped_column(ForeignKey("gates.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)


class UnknownCompound(DomainError):
    """No compound has this `compound` code; `known` lists the codes there are."""

    code: ClassVar[str] = "unknown_compound"
    status: ClassVar[int] = 404


class UnknownGate(DomainError):
    """No gate has this `gate` code; `known` lists the codes there are."""

    code: ClassVar[str] = "unknown_gate"
    status: ClassVar[int] = 404


class ColourTaken(DomainError):
    """Another compound has this `colour`."""

    code: ClassVar[str] = "colour_taken"
    status: ClassVar[int] = 409


def compound_by_code(session: Session, community_id: int, code: str) -> Compound:
    """Return the community's compound with this code, whatever its case.

    Raises:
        UnknownCompound: when there is none.
    """
    compounds = session.scalars(
        select(Compound).where(Compound.community_id == community_id).order_by(Compound.letter)
    ).all()
    for compound in compounds:
        if compound.code.lower() == code.strip().lower():
            return compound
    raise UnknownCompound(compound=code, known=[compound.code for compound in compounds])


def gate_by_code(session: Session, community_id: int, code: str) -> Gate:
    """Return the community's gate with this code, whatever its case.

    Raises:
        UnknownGate: when there is none.
    """
    gates = session.scalars(
        select(Gate).where(Gate.community_id == community_id).order_by(Gate.code)
    ).all()
    for gate in gates:
        if gate.code.lower() == code.strip().lower():
            return gate
    raise UnknownGate(gate=code, known=[gate.code for gate in gates])


def gates_of(session: Session, user_id: int) -> list[Gate]:
    """Return the gates at which a guard works, by code."""
    return list(
        session.scalars(
            select(Gate).join(GateGuard).where(GateGuard.user_id == user_id).order_by(Gate.code)
        )
    )
