"""`flask map import` and `flask map export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import click

from app import context
from app.commands.answers import ACTOR, CommandGroup, answers, the_community
from app.extensions import db
from records.errors import DomainError
from zones.drawing_maps import save_map
from zones.map_geojson import map_from_text
from zones.site_map import SiteMap, latest_map

group = CommandGroup("map", help="The map of zones, fire lanes and gates.")


class NoMap(DomainError):
    """Nobody has drawn a map yet."""

    code: ClassVar[str] = "no_map"
    status: ClassVar[int] = 404


@group.command("import", help="Take the map in FILE (GeoJSON) in place of the present one.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@answers
def import_command(file: Path) -> tuple[dict[str, Any], str]:
    """Answer with the map's number, its areas and its hash."""
    content = map_from_text(file.read_bytes())
    site_map = save_map(db.session, the_community(), content, actor=ACTOR, at=context.now())
    return _said(site_map)


@group.command("export", help="Write the latest map to FILE as GeoJSON.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@answers
def export_command(file: Path) -> tuple[dict[str, Any], str]:
    """Answer with the map's number, its areas and its hash."""
    site_map = latest_map(db.session, the_community().id)
    if site_map is None:
        raise NoMap
    file.write_text(json.dumps(site_map.features, ensure_ascii=False, indent=1), "utf-8")
    return _said(site_map)


def _said(site_map: SiteMap) -> tuple[dict[str, Any], str]:
    areas = len(site_map.features["features"])
    document = {"map": site_map.number, "areas": areas, "sha256": site_map.sha256}
    return document, f"{site_map.number}  {areas}  {site_map.sha256}"
