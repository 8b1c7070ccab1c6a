"""Site maps: every saved state of a community's map, kept for good, over a picture or none.

A map is never changed: saving makes the next one. A zone plan names the map that was the latest
when it was proposed, so no line moves under a vote or under a plan in force.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records.database import Base
from zones.map_area import MapContent
from zones.map_geojson import map_from_geojson


class SitePlan(Base):
    """A drawing or aerial picture over which the map is drawn; kept as a PNG by its SHA-256."""

    __tablename__ = "site_plans"
    __table_args__ = (CheckConstraint("width_px > 0 AND height_px > 0", name="has_a_size"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    width_px: Mapped[int]
    height_px: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class SiteMap(Base):
    """One saved state of a community's map, numbered from 1 on.

    `features` is the GeoJSON of `zones.map_geojson`, checked by `zones.map_rules`.
    """

    __tablename__ = "site_maps"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    number: Mapped[int]
    site_plan_id: Mapped[int | None] = mapped_column(ForeignKey("site_plans.id"))
    features: Mapped[dict[str, Any]]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]

    site_plan: Mapped[SitePlan | None] = relationship()

    @property
    def content(self) -> MapContent:
        """The map's areas."""
        return map_from_geojson(self.features)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the map's GeoJSON, keys sorted and without white space."""
        return features_sha256(self.features)


def features_sha256(features: dict[str, Any]) -> str:
    """Return the SHA-256 of a map's GeoJSON, keys sorted and without white space."""
    canonical = json.dumps(features, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def latest_map(session: Session, community_id: int) -> SiteMap | None:
    """Return the community's latest map, None where nothing was drawn yet."""
    return session.scalar(
        select(SiteMap)
        .where(SiteMap.community_id == community_id)
        .order_by(SiteMap.number.desc())
        .limit(1)
    )
