"""The map: seen by everybody who signs in, drawn by the office."""

from __future__ import annotations

import json
from collections.abc import Iterable

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField
from wtforms.validators import NumberRange

from app import context
from app.errors import problem
from app.extensions import db
from app.languages import chosen_language, name_of
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import error_words
from records.errors import DomainError
from zones.areas import Zone, zones_of
from zones.communities import Community, Compound, Gate
from zones.drawing_maps import MapRefused, lay_site_plan, save_map
from zones.map_area import KINDS, PLAN_WIDTH, AreaKind, MapContent
from zones.map_geojson import (
    map_as_geojson,
    map_from_text,
)
from zones.map_scene import map_of, scene_of
from zones.plans import plan_in_force
from zones.site_map import SitePlan, latest_map
from zones.site_picture import MAX_PDF_PAGES

blueprint = Blueprint("map", __name__, url_prefix="/map")


class SitePlanForm(FlaskForm):
    """A picture to lay under the map."""

    picture = FileField(
        _l("Site plan"),
        description=_l("PNG, JPEG, SVG or PDF, 10 MB at most. Only its pixels are kept."),
        validators=[FileRequired()],
    )
    page = IntegerField(
        _l("Page of a PDF"), default=1, validators=[NumberRange(min=1, max=MAX_PDF_PAGES)]
    )


class ImportForm(FlaskForm):
    """A map as a file."""

    map_file = FileField(
        _l("GeoJSON file"),
        description=_l("As exported here. It takes the place of the whole map."),
        validators=[FileRequired()],
    )


@blueprint.get("/")
@needs(Right.SEE_MAP)
def shown() -> str:
    """Show the map of the plan in force, and the latest one where it differs."""
    community = own_community()
    plan = plan_in_force(db.session, community.id, community.local_day(context.now()))
    latest = latest_map(db.session, community.id)
    drawn_since = latest is not None and latest is not map_of(db.session, community, plan)
    return render_template(
        "map/shown.html",
        plan=plan,
        scene=scene_of(db.session, community, plan),
        latest=latest,
        latest_scene=scene_of(db.session, community, None) if plan and drawn_since else None,
    )


@blueprint.get("/edit")
@needs(Right.DRAW_MAP)
def edit() -> str:
    """Show the editor."""
    return _edit(SitePlanForm(formdata=None), ImportForm(formdata=None))


def _edit(picture_form: SitePlanForm, import_form: ImportForm) -> str:
    community = own_community()
    latest = latest_map(db.session, community.id)
    return render_template(
        "map/edit.html",
        given=_given(community),
        latest=latest,
        content=latest.content if latest else MapContent([]),
        picture_form=picture_form,
        import_form=import_form,
    )


def _given(community: Community) -> dict[str, object]:
    """Return what the editor's script begins with."""
    latest = latest_map(db.session, community.id)
    site_plan = latest.site_plan if latest else None
    return {
        "map": latest.features if latest else map_as_geojson(MapContent([])),
        "number": latest.number if latest else 0,
        "picture": url_for(".picture", site_plan_id=site_plan.id) if site_plan else None,
        "width": PLAN_WIDTH,
        "kinds": [
            {
                "key": kind,
                "words": facts.words.in_language(chosen_language()),
                "point": facts.is_point,
                "coded": facts.has_code,
                "counted": facts.has_capacity,
            }
            for kind, facts in KINDS.items()
        ],
        "words": {
            "none": _("Choose an area on the map to name it, or show all areas as a table."),
            "outline": _("Click each corner, then the first one again. Escape ends it."),
            "rectangle": _("Click one corner, then the one across."),
            "corners": _("Drag a corner. A small dot between two corners makes a new one."),
            "drag": _("Drag an area to its place."),
            "remove": _("Click what is to go. Nothing is lost before you save."),
            "unreached": _("The server did not answer. Nothing is saved; try again."),
        },
        "codes": {
            AreaKind.ZONE: _choices(zones_of(db.session, community.id)),
            AreaKind.GATE: _choices(community.gates),
            AreaKind.GROUND: _choices(community.compounds),
        },
    }


def _choices(things: Iterable[Zone | Gate | Compound]) -> list[tuple[str, str]]:
    return [(one.code, f"{one.code}  {name_of(one)}") for one in things]


@blueprint.post("/save")
@needs(Right.DRAW_MAP)
def save() -> Response | tuple[Response, int]:
    """Save the whole map that the editor sends; answer where to go, or with every fault."""
    base = request.args.get("base", 0, type=int)
    try:
        site_map = save_map(
            db.session,
            own_community(),
            map_from_text(request.get_data()),
            base=base,
            actor=current_user.actor,
            at=context.now(),
        )
    except MapRefused as error:
        db.session.rollback()
        faults = [{"place": one.facts["place"], "words": error_words(one)} for one in error.faults]
        return problem(error.status, error.code, error_words(error), faults=faults)
    except DomainError as error:
        db.session.rollback()
        return problem(error.status, error.code, error_words(error), faults=[])
    db.session.commit()
    done(_("Map %(number)s is saved.", number=site_map.number))
    return jsonify(number=site_map.number, address=url_for(".shown"))


@blueprint.post("/site-plan")
@needs(Right.DRAW_MAP)
def lay_picture() -> str | AnyResponse | tuple[str, int]:
    """Lay a picture under the map."""
    form, other = SitePlanForm(), ImportForm(formdata=None)
    if not form.validate_on_submit() or form.picture.data is None:
        return _edit(form, other), 422
    try:
        lay_site_plan(
            db.session,
            own_community(),
            form.picture.data.read(),
            page=form.page.data or 1,
            files=context.files(),
            actor=current_user.actor,
            at=context.now(),
        )
    except DomainError as error:
        db.session.rollback()
        form.picture.errors = [error_words(error)]
        return _edit(form, other), error.status
    db.session.commit()
    done(_("The site plan lies under the map now. Draw the zones over it."))
    return redirect(url_for(".edit"))


@blueprint.post("/import")
@needs(Right.DRAW_MAP)
def import_map() -> str | AnyResponse | tuple[str, int]:
    """Take the map of a GeoJSON file in place of the present one."""
    form, other = ImportForm(), SitePlanForm(formdata=None)
    if not form.validate_on_submit() or form.map_file.data is None:
        return _edit(other, form), 422
    try:
        site_map = save_map(
            db.session,
            own_community(),
            map_from_text(form.map_file.data.read()),
            actor=current_user.actor,
            at=context.now(),
        )
    except DomainError as error:
        db.session.rollback()
        form.map_file.errors = fault_lines(error)
        return _edit(other, form), error.status
    db.session.commit()
    done(_("Map %(number)s is saved.", number=site_map.number))
    return redirect(url_for(".shown"))


def fault_lines(error: DomainError) -> list[str]:
    """Return a refusal's sentences, one for each fault of a map."""
    if isinstance(error, MapRefused):
        return [error_words(one) for one in error.faults]
    return [error_words(error)]


@blueprint.get("/map.geojson")
@needs(Right.SEE_MAP)
def export() -> Response:
    """Give the latest map as a GeoJSON file."""
    latest = latest_map(db.session, own_community().id)
    if latest is None:
        abort(404)
    return Response(
        json.dumps(latest.features, ensure_ascii=False, indent=1),
        mimetype="application/geo+json",
        headers={"Content-Disposition": f'attachment; filename="map-{latest.number}.geojson"'},
    )


@blueprint.get("/site-plan/<int:site_plan_id>")
@needs(Right.SEE_MAP)
def picture(site_plan_id: int) -> Response:
    """Give a site plan's picture."""
    site_plan = own(SitePlan, site_plan_id)
    try:
        content = context.files().read(site_plan.sha256)
    except FileNotFoundError:
        abort(404)
    return Response(content, mimetype="image/png")
