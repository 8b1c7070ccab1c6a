"""Drawing: saving the next map, and laying a site plan under it; each is in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from records import ledger
from records.errors import DomainError
from records.file_store import FileStore
from zones.areas import zones_of
from zones.communities import Community, hold
from zones.map_area import PLAN_WIDTH, MapArea, MapContent
from zones.map_geojson import map_as_geojson
from zones.map_rules import AreaFault, Known, faults_of
from zones.site_map import SiteMap, SitePlan, features_sha256, latest_map
from zones.site_picture import site_picture


class MapRefused(DomainError):
    """The map is not sound in `count` places; `faults` are the `AreaFault`s, by area."""

    code: ClassVar[str] = "map_refused"

    def __init__(self, *, faults: Sequence[AreaFault], count: int) -> None:
        super().__init__(count=count)
        self.faults = faults


class MapChangedMeanwhile(DomainError):
    """Somebody saved map `latest` after this one was opened."""

    code: ClassVar[str] = "map_changed_meanwhile"
    status: ClassVar[int] = 409


def known_codes(session: Session, community: Community) -> Known:
    """Return the codes that a map of the community may name."""
    return Known(
        zones={zone.code for zone in zones_of(session, community.id)},
        gates={gate.code for gate in community.gates},
        compounds={compound.code for compound in community.compounds},
    )


def save_map(
    session: Session,
    community: Community,
    content: MapContent,
    *,
    actor: str,
    at: datetime,
    base: int | None = None,
) -> SiteMap:
    """Return the community's next map; the latest one where nothing is different.

    A plan that was proposed before keeps the map that it was proposed with.

    Args:
        base: number of the map that was changed, 0 for none; not looked at when None.

    Raises:
        MapRefused: the map is not sound.
        MapChangedMeanwhile: the latest map is not `base`.
    """
    hold(session, community.id)
    latest = latest_map(session, community.id)
    number = latest.number if latest else 0
    if base is not None and base != number:
        raise MapChangedMeanwhile(latest=number)
    site_plan = latest.site_plan if latest else None
    if site_plan is not None:
        # The picture says how high the plan is.
        content = replace(content, height=_height_over(site_plan))
    return _next_map(session, community, content, latest, site_plan, actor, at)


def lay_site_plan(
    session: Session,
    community: Community,
    file: bytes,
    *,
    page: int = 1,
    files: FileStore,
    actor: str,
    at: datetime,
) -> SiteMap:
    """Return the next map: the same areas over a new picture.

    Args:
        page: of a PDF, counted from 1.

    Raises:
        SitePictureError: the file is no picture that we take (see `zones.site_picture`).
        MapRefused: an area lies beyond the new picture, which has other proportions.
    """
    hold(session, community.id)
    picture = site_picture(file, page=page)
    site_plan = SitePlan(
        community_id=community.id,
        sha256=files.keep(picture.png),
        width_px=picture.width,
        height_px=picture.height,
        created_by=actor,
        created_at=at,
    )
    session.add(site_plan)
    session.flush()
    latest = latest_map(session, community.id)
    content = replace(latest.content if latest else MapContent([]), height=_height_over(site_plan))
    return _next_map(session, community, content, latest, site_plan, actor, at)


def _height_over(site_plan: SitePlan) -> float:
    return round(PLAN_WIDTH * site_plan.height_px / site_plan.width_px, 2)


def _next_map(
    session: Session,
    community: Community,
    content: MapContent,
    latest: SiteMap | None,
    site_plan: SitePlan | None,
    actor: str,
    at: datetime,
) -> SiteMap:
    faults = faults_of(content, known_codes(session, community))
    if faults:
        raise MapRefused(faults=faults, count=len(faults))
    features = map_as_geojson(content)
    same_plan = latest is not None and latest.site_plan is site_plan
    if latest is not None and same_plan and latest.features == features:
        return latest
    site_map = SiteMap(
        community_id=community.id,
        number=(latest.number if latest else 0) + 1,
        site_plan=site_plan,
        features=features,
        created_by=actor,
        created_at=at,
    )
    session.add(site_map)
    session.flush()
    details = {
        "sha256": features_sha256(features),
        **_differences(latest.content.areas if latest else (), site_map.content.areas),
    }
    if not same_plan and site_plan is not None:
        details["site_plan_sha256"] = site_plan.sha256
    ledger.append(session, actor, [ledger.Act("map.drawn", f"map:{site_map.number}", details)], at)
    return site_map


def _differences(before: Sequence[MapArea], after: Sequence[MapArea]) -> dict[str, object]:
    """Return what was added, changed and removed, such as `zone A1`."""
    old, new = Counter(map(_facts, before)), Counter(map(_facts, after))
    gone, came = set((old - new).elements()), set((new - old).elements())
    names_gone, names_came = {one[0] for one in gone}, {one[0] for one in came}
    return {
        "added": sorted(names_came - names_gone),
        "changed": sorted(names_came & names_gone),
        "removed": sorted(names_gone - names_came),
    }


def _facts(area: MapArea) -> tuple[str, str]:
    return f"{area.kind} {area.code or area.name}".strip(), repr(area)
