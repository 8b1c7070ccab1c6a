"""What every template can use: names in the reader's language, words for codes, local times."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_babel import format_date, format_datetime, format_decimal
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app import context, words
from app.config import VENDOR
from app.extensions import db
from app.languages import LANGUAGES, both, chosen_language, is_english, name_of
from app.navigation import tabs
from app.rights import Right, has_right
from permits.plates import Plate, parse
from zones.colours import PALETTE
from zones.communities import Community
from zones.shapes import svg_points


def shown_plate(text: str | None) -> str:
    """Return a canonical plate as people read it, `粤E·12345`."""
    plate = parse(text or "")
    return plate.shown if isinstance(plate, Plate) else (text or "")


def local_time(at: datetime | None) -> str:
    """Return a moment in the community's time, in the reader's way."""
    if at is None:
        return ""
    local = at.astimezone(_community_zone())
    return format_datetime(local, "yyyy-MM-dd HH:mm", rebase=False)


def local_day(day: date | datetime | None) -> str:
    """Return a day as `2026-12-01`, which Chinese and English readers read alike."""
    if isinstance(day, datetime):
        day = day.astimezone(_community_zone()).date()
    return format_date(day, "yyyy-MM-dd", rebase=False) if day else ""


def reader_community() -> Community | None:
    """Return the community that the reader belongs to; a visitor sees the first one."""
    if current_user and current_user.is_authenticated:
        return db.session.get_one(Community, current_user.community_id)
    return db.session.scalar(select(Community).order_by(Community.number).limit(1))


def _community_zone() -> tzinfo | None:
    community = reader_community()
    return community.zone_info if community else None


def here_with(**changes: object) -> str:
    """Return the present page's address with other arguments."""
    arguments = {**request.args.to_dict(), **(request.view_args or {}), **changes}
    return url_for(request.endpoint or "public.board", **arguments)


def init_app(app: Flask) -> None:
    """Give templates their filters and globals."""
    app.jinja_env.filters.update(
        plate=shown_plate,
        local_time=local_time,
        local_day=local_day,
        count=lambda number: format_decimal(number or 0),
        name_of=name_of,
    )
    app.jinja_env.globals.update(
        words=words,
        both=both,
        Right=Right,
        LANGUAGES=LANGUAGES,
        PALETTE=PALETTE,
        now=context.now,
        svg_points=svg_points,
        here_with=here_with,
    )

    @app.context_processor
    def reader() -> dict[str, object]:
        community = reader_community()
        return {
            "site_name": name_of(community) if community else _("Parking permits"),
            "tabs": tabs(),
            "language": chosen_language(),
            "is_english": is_english(),
            "may": lambda right: current_user.is_authenticated and has_right(current_user, right),
            "here": request.full_path.rstrip("?") if request else "/",
        }

    @app.url_defaults
    def break_caches_by_content(endpoint: str, values: dict[str, Any]) -> None:
        # A changed file gets a new address, so that browsers may keep the old one for good.
        if endpoint == "static" and "filename" in values and "v" not in values:
            path = Path(app.static_folder or "") / values["filename"]
            if path.is_file() and VENDOR not in path.parents:
                values["v"] = f"{path.stat().st_mtime_ns:x}"[-8:]
