"""Reports of wrongly parked cars, and passes that would have been decided differently."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app import context
from app.extensions import db, limiter
from app.forms import ActForm, trimmed
from app.languages import name_of
from app.pages import done, page_of
from app.rights import Right, has_right, needs, own, own_community
from app.words import INFRINGEMENT_KINDS, error_words, row_reason
from permits.infringement import InfringementKind, InfringementReport, ReportState
from permits.passes import GateEvent, differing_query, mark_seen
from permits.plates import PlateError
from permits.reporting import (
    LONGEST_TEXT,
    NothingToSee,
    close_report,
    report_car,
    reports_query,
)
from records.photo import NotAPhoto, PhotoTooLarge, TooManyPixels
from zones.areas import Zone, zones_of

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

NO_ZONE = 0
"""The choice for a place that is in no zone."""


class ReportForm(FlaskForm):
    """What is wrong, where, and the proof."""

    zone = SelectField(_l("Zone"), coerce=int)
    plate = StringField(_l("Plate"), filters=[trimmed], validators=[Length(max=30)])
    kind = RadioField(
        _l("What is wrong"),
        choices=list(INFRINGEMENT_KINDS.items()),
        default=InfringementKind.WRONG_ZONE,
    )
    note = TextAreaField(_l("Note"), filters=[trimmed], validators=[Length(max=LONGEST_TEXT)])
    photo = FileField(
        _l("Photo"),
        description=_l("JPEG, PNG or WebP, 8 MB at most. Place and time in the file are not kept."),
    )

    def __init__(self, zones: list[Zone]) -> None:
        super().__init__()
        self.zone.choices = [
            (NO_ZONE, _("Outside of all zones")),
            *((one.id, f"{one.code}  {name_of(one)}") for one in zones),
        ]


class AnswerForm(FlaskForm):
    """What was done about a report."""

    answer = TextAreaField(
        _l("Answer"),
        description=_l("Who reported the car will read it."),
        filters=[trimmed],
        validators=[DataRequired(), Length(max=LONGEST_TEXT)],
    )


@blueprint.get("/")
@needs(Right.SEE_REPORTS)
def all_reports() -> str:
    """Show reports, the open ones the oldest first; a guard sees the own ones."""
    asked = request.args.get("state")
    state = ReportState(asked) if asked in set(ReportState) else ReportState.OPEN
    of_all = has_right(current_user, Right.ANSWER_REPORT)
    query = reports_query(own_community(), state, None if of_all else current_user.actor)
    return render_template("reports/reports.html", page=page_of(query), state=state)


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.REPORT_CAR)
@limiter.limit("60 per minute", methods=["POST"])
def new_report() -> str | Response | tuple[str, int]:
    """Report a parked car."""
    community = own_community()
    form = ReportForm(zones_of(db.session, community.id))
    if not form.validate_on_submit():
        return _new(form), 422 if form.is_submitted() else 200
    try:
        report = report_car(
            db.session,
            community,
            zone=own(Zone, form.zone.data) if form.zone.data != NO_ZONE else None,
            plate=form.plate.data or "",
            kind=InfringementKind(form.kind.data),
            note=form.note.data or "",
            photo=form.photo.data.read() if form.photo.data else None,
            files=context.files(),
            actor=current_user.actor,
            at=context.now(),
        )
    except PlateError as error:
        form.plate.errors = [row_reason(error.facts["reason"], error.facts)]
        return _new(form), error.status
    except (NothingToSee, PhotoTooLarge, TooManyPixels, NotAPhoto) as error:
        form.photo.errors = [error_words(error)]
        return _new(form), error.status
    db.session.commit()
    done(_("The office has your report."))
    return redirect(url_for(".report", report_id=report.id))


def _new(form: ReportForm) -> str:
    return render_template("reports/new.html", form=form)


@blueprint.get("/<int:report_id>")
@needs(Right.SEE_REPORTS)
def report(report_id: int) -> str:
    """Show one report."""
    return _report(own(InfringementReport, report_id), AnswerForm())


def _report(one: InfringementReport, form: AnswerForm) -> str:
    return render_template("reports/report.html", report=one, form=form)


@blueprint.post("/<int:report_id>/close")
@needs(Right.ANSWER_REPORT)
def close(report_id: int) -> Response | tuple[str, int]:
    """Answer a report and close it."""
    one, form = own(InfringementReport, report_id), AnswerForm()
    if not form.validate_on_submit():
        return _report(one, form), 422
    close_report(
        db.session, one, form.answer.data or "", actor=current_user.actor, at=context.now()
    )
    db.session.commit()
    done(_("The report is closed."))
    return redirect(url_for(".all_reports"))


@blueprint.get("/<int:report_id>/photo")
@needs(Right.SEE_REPORTS)
def photo(report_id: int) -> Response:
    """Give a report's photo."""
    one = own(InfringementReport, report_id)
    if one.photo_sha256 is None:
        abort(404)
    try:
        content = context.files().read(one.photo_sha256)
    except FileNotFoundError:
        abort(404)
    return Response(content, mimetype="image/jpeg")


@blueprint.get("/passes")
@needs(Right.REVIEW_PASSES)
def passes() -> str:
    """Show the passes that the register would have decided differently, the oldest first."""
    query = differing_query(own_community())
    return render_template("reports/passes.html", page=page_of(query), form=ActForm())


@blueprint.post("/passes/<int:event_id>/seen")
@needs(Right.REVIEW_PASSES)
def seen(event_id: int) -> Response:
    """Take a pass off the list."""
    mark_seen(db.session, own(GateEvent, event_id), actor=current_user.actor, at=context.now())
    db.session.commit()
    return redirect(url_for(".passes"))
