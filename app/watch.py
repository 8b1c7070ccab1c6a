"""Residents watch together, without signing in: look up a car, report one, follow the report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import context, words
from app.caps import Cap
from app.errors import answer
from app.extensions import db, limiter
from app.forms import trimmed
from app.languages import both, name_of
from app.rights import open_to_all
from app.words import INFRINGEMENT_KINDS, error_words, row_reason
from permits.answering import PhotoMissing
from permits.infringement import InfringementKind
from permits.looking import Look, MayPark, look_at_plate, look_at_symbol
from permits.passes import new_uuid
from permits.plates import PlateError, canonical
from permits.printing.symbols import single_svg
from permits.reporting import LONGEST_TEXT
from permits.watching import LONGEST_CONTACT, followed, grouped, report_as_resident
from records.photo import NotAPhoto, PhotoTooLarge, TooManyPixels
from zones.areas import Zone, zones_of
from zones.communities import Community
from zones.map_scene import scene_of
from zones.plans import plan_in_force

blueprint = Blueprint("watch", __name__)

NO_ZONE = 0
"""The choice for a place that is in no zone."""

LONGEST_SCAN = 600
"""Characters of a symbol that are looked at; a permit's has about 230."""

LOOKS = "10 per minute; 40 per hour; 100 per day"
"""Typed plates of one visitor: a walk around the block, but no list of all cars."""

LOOKS_IN_ZONE = Cap("look-zone", "240 per hour")
LOOKS_AT_PLATE = Cap("look-plate", "6 per hour; 20 per day")
"""Typed plates of all visitors together: many machines gain no more than one."""

SCANS = "60 per minute"

REPORTS = "3 per minute; 10 per hour; 20 per day"
ALL_REPORTS = Cap("reports", "60 per hour; 400 per day")
"""Of one visitor, and of all together: photos fill a disk."""

FOLLOWS = "20 per minute"

_PAGE_WORDS = (
    "camera_refused",
    "key_clear",
    "key_close",
    "key_delete",
    "key_letters",
    "needs_https",
    "no_camera",
    "no_camera_in_app",
    "photo_broken",
    "photo_no_code",
    "suggested",
)
"""What the scripts of these pages say, of the words of the gate's page."""

_CODE = "follow-code"


class LookForm(FlaskForm):
    """The zone first, then the car."""

    zone = RadioField(_l("Which zone is the car in?"), coerce=int, validators=[InputRequired()])
    plate = StringField(_l("Plate"), filters=[trimmed], validators=[Length(max=30)])
    scanned = HiddenField()

    def __init__(self, zones: list[Zone]) -> None:
        super().__init__()
        self.zone.choices = [(one.id, f"{one.code}  {name_of(one)}") for one in zones]


class ResidentReportForm(FlaskForm):
    """What is wrong, where, and the proof; a name only for those who want an answer in person."""

    kind = RadioField(
        _l("What is wrong"),
        choices=[
            (kind, INFRINGEMENT_KINDS[kind])
            for kind in sorted(InfringementKind, key=lambda one: one != InfringementKind.FIRE_LANE)
        ],
        default=InfringementKind.FIRE_LANE,
    )
    zone = RadioField(_l("Where"), coerce=int, validators=[InputRequired()])
    photo = FileField(_l("Photo"))
    plate = StringField(
        _l("Plate"),
        description=_l("If you can read it."),
        filters=[trimmed],
        validators=[Length(max=30)],
    )
    note = TextAreaField(_l("Note"), filters=[trimmed], validators=[Length(max=LONGEST_TEXT)])
    contact = StringField(
        _l("Your phone number"),
        description=_l(
            "Not needed. Only the community office can see it, and each look stands in the ledger."
        ),
        filters=[trimmed],
        validators=[Length(max=LONGEST_CONTACT)],
    )
    key = HiddenField()
    website = StringField(_l("Leave this field empty"))

    def __init__(self, zones: list[Zone]) -> None:
        super().__init__()
        self.zone.choices = [
            *((one.id, f"{one.code}  {name_of(one)}") for one in zones),
            (NO_ZONE, _("Somewhere else")),
        ]


class FollowForm(FlaskForm):
    """The code that came with a report."""

    code = StringField(_l("Code"), filters=[trimmed], validators=[InputRequired(), Length(max=40)])


def _community() -> Community | None:
    return db.session.scalar(select(Community).order_by(Community.number))


def _shown(community: Community) -> dict[str, Any]:
    """Return what these pages show and what their scripts begin with."""
    plan = plan_in_force(db.session, community.id, community.local_day(context.now()))
    said = {key: both(words.GATE_PAGE[key]) for key in _PAGE_WORDS}
    worker = url_for("static", filename="js/scan-worker.js")
    return {
        "page_words": said,
        "scene": scene_of(db.session, community, plan),
        "facts": {"data-province": community.province, "data-worker": worker},
    }


def _has_symbol() -> bool:
    return bool(request.form.get("scanned"))


@blueprint.route("/look", methods=["GET", "POST"])
@open_to_all
@limiter.limit(LOOKS, methods=["POST"], exempt_when=_has_symbol)
@limiter.limit(SCANS, methods=["POST"])
def look() -> str | tuple[str, int]:
    """Tell whether a car may park in a zone now, and nothing of whose it is.

    It is posted, so that no plate stands in an address.
    """
    community = _community()
    if community is None:
        return render_template("public/empty.html"), 404
    zones = zones_of(db.session, community.id)
    form = LookForm(zones)
    if not form.validate_on_submit():
        return _look(community, form), 422 if form.is_submitted() else 200
    zone = next(one for one in zones if one.id == form.zone.data)
    try:
        found = _found(community, zone, form)
    except PlateError as error:
        form.plate.errors = [row_reason(error.facts["reason"], error.facts)]
        return _look(community, form), error.status
    # Typed once, forgotten at once: the next car of the same zone.
    asked, form.plate.data, form.scanned.data = form.plate.data, "", ""
    return _look(community, form, zone=zone, found=found, asked=asked)


def _found(community: Community, zone: Zone, form: LookForm) -> Look:
    at = context.now()
    if form.scanned.data:
        scanned = form.scanned.data[:LONGEST_SCAN]
        return look_at_symbol(db.session, community, zone, scanned, at=at)
    plate = canonical(form.plate.data or "").text
    # A digest, so that the store of tries holds no plate. Asked before anything is looked up.
    key = context.sealer().digest("look", plate).hex()
    rooms = [LOOKS_IN_ZONE.has_room(str(zone.id)), LOOKS_AT_PLATE.has_room(key)]
    if not all(rooms):
        return Look(MayPark.NOT_KNOWN)
    return look_at_plate(db.session, community, zone, plate, at=at)


def _look(community: Community, form: LookForm, **shown: Any) -> str:
    return render_template(
        "watch/look.html", community=community, form=form, **shown, **_shown(community)
    )


@blueprint.route("/report", methods=["GET", "POST"])
@open_to_all
@limiter.limit(REPORTS, methods=["POST"])
def report() -> str | Response | tuple[str, int]:
    """Report a wrongly parked car or a blocked fire lane, with a photo."""
    community = _community()
    if community is None:
        return render_template("public/empty.html"), 404
    zones = zones_of(db.session, community.id)
    form = ResidentReportForm(zones)
    if form.website.data:
        form.website.errors = [_("Leave this field empty: it is there for machines.")]
    if not form.validate_on_submit() or form.website.data:
        if not form.is_submitted():
            form.key.data = new_uuid()
        return _report(community, form), 422 if form.is_submitted() else 200
    if not ALL_REPORTS.has_room(str(community.id)):
        said = _("Too many reports at this hour. Tell the guard at the gate.")
        return answer(429, "too_many_reports", said)
    try:
        _made, code = report_as_resident(
            db.session,
            community,
            zone=next((one for one in zones if one.id == form.zone.data), None),
            plate=form.plate.data or "",
            kind=InfringementKind(form.kind.data),
            note=form.note.data or "",
            photo=form.photo.data.read() if form.photo.data else None,
            contact=form.contact.data or "",
            form_key=form.key.data or new_uuid(),
            files=context.files(),
            sealer=context.sealer(),
            at=context.now(),
        )
    except PlateError as error:
        form.plate.errors = [row_reason(error.facts["reason"], error.facts)]
        return _report(community, form), error.status
    except (PhotoMissing, PhotoTooLarge, TooManyPixels, NotAPhoto) as error:
        form.photo.errors = [error_words(error)]
        return _report(community, form), error.status
    db.session.commit()
    session[_CODE] = code
    return redirect(url_for(".reported"))


def _report(community: Community, form: ResidentReportForm) -> str:
    return render_template("watch/report.html", community=community, form=form, **_shown(community))


@blueprint.get("/report/done")
@open_to_all
def reported() -> str | Response:
    """Show the code of the report just made, this once."""
    code = session.pop(_CODE, None)
    if code is None:
        return redirect(url_for(".follow"))
    address = context.settings().public_url + url_for(".followed_report", follow_code=code)
    return render_template(
        "watch/reported.html",
        code=grouped(code),
        address=address,
        # Drawn of an address of our own: nothing in it comes from a reader.
        symbol=Markup(single_svg(address)),  # noqa: S704
    )


@blueprint.route("/follow", methods=["GET", "POST"])
@open_to_all
@limiter.limit(FOLLOWS, methods=["POST"])
def follow() -> str | Response | tuple[str, int]:
    """Ask for the code of a report."""
    form = FollowForm()
    if not form.validate_on_submit():
        return render_template("watch/follow.html", form=form), 422 if form.is_submitted() else 200
    found = followed(db.session, form.code.data or "")
    if found is None:
        form.code.errors = [_("No report has this code. Compare each character.")]
        return render_template("watch/follow.html", form=form), 404
    return redirect(url_for(".followed_report", follow_code=form.code.data))


@blueprint.get("/follow/<follow_code>")
@open_to_all
@limiter.limit(FOLLOWS)
def followed_report(follow_code: str) -> str | tuple[str, int]:
    """Show what became of a report, and nothing of anybody."""
    found = followed(db.session, follow_code)
    if found is None:
        form = FollowForm()
        form.code.errors = [_("No report has this code. Compare each character.")]
        return render_template("watch/follow.html", form=form), 404
    return render_template("watch/followed.html", report=found)
