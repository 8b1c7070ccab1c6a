"""The papers of a handover, for people: maps of the plans, the site plan, the permits in force."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits.handover.archive import ArchiveWriter
from permits.permit import Permit, counted
from permits.print_batch import (
    NoPlanInForce,
    NothingToPrint,
    PrintSettings,
    choose,
    render,
)
from records.file_store import FileStore
from records.keys import KeyMissing
from zones.communities import Community
from zones.map_geojson import map_as_geojson
from zones.map_scene import content_of, scene_of
from zones.map_svg import map_svg
from zones.plans import ZonePlan
from zones.site_map import SitePlan

LAYOUT = "card"


def write_plans(session: Session, community: Community, archive: ArchiveWriter) -> None:
    """Add every zone plan as GeoJSON and as a picture in both languages.

    The map is the one that the plan rests on; where nothing was drawn it is schematic. Who may park
    where stands beside the features, as `zone_plan`.
    """
    query = select(ZonePlan).where(ZonePlan.community_id == community.id)
    for plan in session.scalars(query.order_by(ZonePlan.number)):
        content = map_as_geojson(content_of(session, community, plan))
        name = f"plans/plan-{plan.number}"
        geojson = {**content, "zone_plan": _said(plan)}
        archive.add(f"{name}.geojson", json.dumps(geojson, ensure_ascii=False).encode())
        scene = scene_of(session, community, plan)
        for language in ("zh", "en"):
            archive.add(f"{name}.{language}.svg", map_svg(scene, language).encode())


def _said(plan: ZonePlan) -> dict[str, object]:
    return {
        "number": plan.number,
        "state": plan.state,
        "first_day": plan.first_day.isoformat() if plan.first_day else None,
        "openings": [
            {
                "zone": one.zone.code,
                "letter": one.compound.letter,
                "starts": one.starts.isoformat("minutes") if one.starts else None,
                "ends": one.ends.isoformat("minutes") if one.ends else None,
                "spaces": one.spaces,
            }
            for one in plan.openings
        ],
    }


def write_site_plans(
    session: Session, community: Community, files: FileStore, archive: ArchiveWriter
) -> None:
    """Add the pictures over which the maps were drawn."""
    query = select(SitePlan).where(SitePlan.community_id == community.id)
    for one in session.scalars(query.order_by(SitePlan.id)):
        path = files.path(one.sha256)
        if path.is_file():
            archive.add_file(f"plans/site-plan-{one.id}.png", path)


def permits_in_force(session: Session, community: Community) -> int:
    """Return how many permits `write_permits` draws at most."""
    query = select(func.count()).select_from(Permit)
    mine = Permit.community_id == community.id, counted()
    return session.scalar(query.where(*mine)) or 0


def write_permits(
    session: Session,
    community: Community,
    settings: PrintSettings,
    archive: ArchiveWriter,
    *,
    at: datetime,
    progress: Callable[[int], None],
) -> None:
    """Add the permits in force as cards, a file for each compound that has any.

    This is no print run: no permit becomes printed by it. Permits of before signatures were kept
    need their key; where it is not here, their compound's file is left out.

    Args:
        progress: told of the permits drawn so far.
    """
    done = 0
    for compound in community.compounds:
        with contextlib.suppress(NoPlanInForce, NothingToPrint, KeyMissing):
            batch = choose(session, community, settings, layout=LAYOUT, at=at, compound=compound)
            with render(
                batch,
                settings,
                lambda amount, _total, before=done: progress(before + amount),  # type: ignore[misc]
            ) as result:
                archive.add_file(f"permits/{compound.letter}-{LAYOUT}.pdf", result.path)
            done += len(batch.ids)
