"""Zones: the areas of parking spaces that a zone plan opens to colours."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base
from records.errors import DomainError


class Zone(Base):
    """An area of parking spaces with a code painted at its entrance and a number of spaces."""

    __tablename__ = "zones"
    __table_args__ = (
        UniqueConstraint("community_id", "code"),
        CheckConstraint("spaces >= 0", name="spaces_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    spaces: Mapped[int]


class ZoneCodeTaken(DomainError):
    """Another zone of the community has this `zone` code."""

    code: ClassVar[str] = "zone_code_taken"
    status: ClassVar[int] = 409


def zones_of(session: Session, community_id: int) -> list[Zone]:
    """Return the community's zones by code."""
    return list(
        session.scalars(select(Zone).where(Zone.community_id == community_id).order_by(Zone.code))
    )


def add_zone(
    session: Session, *, community_id: int, code: str, name: str, name_en: str, spaces: int
) -> Zone:
    """Return a new zone, flushed so that it has its id.

    Raises:
        ZoneCodeTaken: the community has a zone with this code.
    """
    code = code.strip().upper()
    if session.scalar(select(Zone.id).where(Zone.community_id == community_id, Zone.code == code)):
        raise ZoneCodeTaken(zone=code)
    zone = Zone(
        community_id=community_id, code=code, name=name.strip(), name_en=name_en, spaces=spaces
    )
    session.add(zone)
    session.flush()
    return zone
