"""What every template can use: names in the reader's language, words for codes, local times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select

from app import context, words
from app.config import VENDOR
from app.effect_words import hours_words, sentences, shift_words
from app.extensions import db
from app.fair_words import ratio_words
from app.form_faults import form_faults
from app.languages import LANGUAGES, both, chosen_language, is_english, name_of, written_day
from app.ledger_words import FAULTS
from app.limit_words import compound_limits, limit_words
from app.lists_shown import row_words
from app.navigation import tabs
from app.own_term import own_term
from app.permits_shown import ENDING
from app.rights import Right, has_right
from permits.gate import Decision
from permits.own_layout import OWN, OwnLayout
from permits.plates import Plate, parse
from permits.reporting import reports_waiting
from records.seen_heads import seen_by
from records.telling import unread
from zones.areas import Zone
from zones.colours import BY_KEY, PALETTE
from zones.communities import Community, Compound
from zones.joint_meetings import meetings_on
from zones.map_scene import KindLine, MapScene
from zones.map_svg import map_svg, sign_svg
from zones.openings_text import window_text, windows_line
from zones.plans import Opening, ZonePlan
from zones.shapes import svg_points


def shown_plate(text: str | None) -> str:
    """Return a canonical plate as people read it, `粤E·12345`."""
    plate = parse(text or "")
    return plate.shown if isinstance(plate, Plate) else (text or "")


def local_time(at: datetime | None) -> str:
    """Return a moment in the community's time: `2026-12-01 16:30`, or `1 Dec 2026, 16:30`."""
    if at is None:
        return ""
    local = at.astimezone(_community_zone())
    day = written_day(local.date(), chosen_language())
    return f"{day}{', ' if is_english() else ' '}{local:%H:%M}"


def local_day(day: date | datetime | None) -> str:
    """Return a day in the community's time: `2026-12-01`, or `1 Dec 2026`."""
    if isinstance(day, datetime):
        day = day.astimezone(_community_zone()).date()
    return written_day(day, chosen_language()) if day else ""


def reader_community() -> Community | None:
    """Return the community that the reader belongs to; a visitor sees the first one."""
    if current_user and current_user.is_authenticated:
        return db.session.get_one(Community, current_user.community_id)
    return db.session.scalar(select(Community).order_by(Community.number).limit(1))


def _community_zone() -> tzinfo | None:
    community = reader_community()
    return community.zone_info if community else None


def openings_of(plan: ZonePlan, zone: Zone) -> list[Opening]:
    """Return whom a plan lets park in a zone: those who may all day first, by letter."""
    found = [one for one in plan.openings if one.zone_id == zone.id]
    return sorted(found, key=lambda one: (one.starts is not None, one.compound.letter))


def zones_of_decision(decision: Decision) -> str:
    """Return the zones that a gate decision names, such as `C1 C2 · S1 20:00–07:00`."""
    return windows_line([(one.zone, one.starts, one.ends) for one in decision.zones])


def compound_filters(compounds: Sequence[Compound]) -> list[tuple[int | None, str, str]]:
    """Return a list's choices of compound: key, words and address."""
    each = [(one.id, name_of(one), here_with(compound=one.id, page=1)) for one in compounds]
    return [(None, _("All compounds"), here_with(compound=None, page=1)), *each]


def state_filters(endpoint: str) -> list[tuple[str | None, str, str]]:
    """Return a list's choices of permit state: key, words and address."""
    compound = request.args.get("compound")
    each = [
        (str(state), str(label), url_for(endpoint, state=state, compound=compound))
        for state, label in words.PERMIT_STATES.items()
    ]
    ending = (ENDING, _("Ends soon"), url_for(endpoint, state=ENDING, compound=compound))
    return [(None, _("All"), url_for(endpoint, compound=compound)), *each, ending]


def visit_filters() -> list[tuple[str, str, str]]:
    """Return a list's choices of visits: key, words and address."""
    return [
        (str(when), str(label), here_with(when=when, page=1))
        for when, label in words.VISIT_TIMES.items()
    ]


def report_filters() -> list[tuple[str, str, str]]:
    """Return a list's choices of reports: key, words and address."""
    return [
        (str(state), str(label), here_with(state=state, page=1))
        for state, label in words.REPORT_STATES.items()
    ]


def request_filters() -> list[tuple[str, str, str]]:
    """Return a list's choices of requests: key, words and address."""
    return [
        (str(state), str(label), here_with(state=state, page=1))
        for state, label in words.REQUEST_STATES.items()
    ]


def fire_lanes_open() -> int:
    """Return how many reports of blocked fire lanes nobody has answered; shown to who may."""
    if not has_right(current_user, Right.ANSWER_REPORT):
        return 0
    return reports_waiting(db.session, current_user.community_id, context.now()).fire_lanes


def unread_messages() -> int:
    """Return how many messages the reader has not read."""
    return unread(db.session, current_user.id)


def map_drawing(scene: MapScene, backdrop_url: str | None = None) -> Markup:
    """Return a map as an `svg` element in the reader's language."""
    return Markup(map_svg(scene, chosen_language(), backdrop_url))  # noqa: S704 - escaped there


def map_sign(line: KindLine) -> Markup:
    """Return the sign of a legend's line."""
    return Markup(sign_svg(line.sign))  # noqa: S704 - numbers and colours only


def layout_name(code: str) -> str:
    """Return what a layout is called; an own one that is gone has only its code."""
    if code in words.LAYOUT_NAMES:
        return str(words.LAYOUT_NAMES[code])
    number = code.removeprefix(OWN)
    one = db.session.get(OwnLayout, int(number)) if number.isdecimal() else None
    return one.name if one else code


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
        ratio=ratio_words,
        limit_words=limit_words,
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
        layout_name=layout_name,
        compound_limits=compound_limits,
        map_drawing=map_drawing,
        map_sign=map_sign,
        openings_of=openings_of,
        window_text=lambda opening: window_text(opening.starts, opening.ends),
        zones_of_decision=zones_of_decision,
        colour_of=lambda sign: BY_KEY[sign.colour],
        compound_filters=compound_filters,
        form_faults=form_faults,
        printed_at=lambda: local_time(context.now()),
        state_filters=state_filters,
        visit_filters=visit_filters,
        report_filters=report_filters,
        request_filters=request_filters,
        fire_lanes_open=fire_lanes_open,
        unread_messages=unread_messages,
        row_words=row_words,
        hours_words=hours_words,
        shift_words=shift_words,
        effect_sentences=sentences,
        own_term=own_term,
        seen_ledger=lambda: seen_by(db.session, current_user.id),
        ledger_faults=FAULTS,
        meetings_on=lambda plan: meetings_on(db.session, plan),
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
