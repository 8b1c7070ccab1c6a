"""Reports of wrongly parked cars: made, answered, looked back at, confirmed; passes to look at."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app import context
from app.extensions import db, limiter
from app.forms import ActForm, trimmed
from app.languages import name_of
from app.pages import done, page_of
from app.rights import Right, needs, own, own_community, own_scope
from app.words import INFRINGEMENT_KINDS, REPORT_STEPS, error_words, row_reason
from permits.answering import (
    PhotoMissing,
    answer_report,
    confirm_report,
    look_back,
    reported_vehicle,
)
from permits.infringement import (
    InfringementKind,
    InfringementReport,
    ReportState,
    ReportStep,
    StepKind,
)
from permits.passes import GateEvent, differing_query, mark_seen
from permits.plates import PlateError
from permits.reporting import LONGEST_TEXT, NothingToSee, report_car, reports_query
from permits.warning import CarWarning
from records import ledger
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


class LookBackForm(FlaskForm):
    """What a second visit finds, and the proof."""

    found = RadioField(
        _l("What you find"),
        choices=[(one, REPORT_STEPS[one]) for one in (StepKind.GONE, StepKind.UNCHANGED)],
        validators=[InputRequired()],
    )
    photo = FileField(
        _l("Photo of the place now"),
        description=_l("JPEG, PNG or WebP, 8 MB at most. Place and time in the file are not kept."),
    )
    note = TextAreaField(_l("Note"), filters=[trimmed], validators=[Length(max=LONGEST_TEXT)])


@blueprint.get("/")
@needs(Right.SEE_REPORTS)
def all_reports() -> str:
    """Show reports, fire lanes first; a representative sees those about the own compound's cars."""
    asked = request.args.get("state")
    state = ReportState(asked) if asked in set(ReportState) else ReportState.OPEN
    query = reports_query(own_community(), state, own_scope())
    return render_template(
        "reports/reports.html", page=page_of(query), state=state, at=context.now()
    )


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
    """Show one report, what was done about it, and what can be done."""
    return _report(own(InfringementReport, report_id))


def _report(
    one: InfringementReport,
    *,
    answer_form: AnswerForm | None = None,
    look_form: LookBackForm | None = None,
    contact: str | None = None,
) -> str:
    return render_template(
        "reports/report.html",
        report=one,
        is_due=one.look_back_due is not None and one.look_back_due <= context.now(),
        vehicle=reported_vehicle(db.session, one),
        warning=db.session.scalar(select(CarWarning).where(CarWarning.report_id == one.id)),
        answer_form=answer_form or AnswerForm(formdata=None),
        look_form=look_form or LookBackForm(formdata=None),
        contact=contact,
    )


@blueprint.post("/<int:report_id>/answer")
@needs(Right.ANSWER_REPORT)
def answer(report_id: int) -> Response | tuple[str, int]:
    """Answer a report, which is then looked back at."""
    one, form = own(InfringementReport, report_id), AnswerForm()
    if not form.validate_on_submit():
        return _report(one, answer_form=form), 422
    words = form.answer.data or ""
    answer_report(db.session, one, words, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Answered. The report closes after the look-back."))
    return redirect(url_for(".report", report_id=report_id))


@blueprint.post("/<int:report_id>/look-back")
@needs(Right.ANSWER_REPORT)
def enter_look_back(report_id: int) -> Response | tuple[str, int]:
    """Enter a second visit, with a photo: the report closes or opens again."""
    one, form = own(InfringementReport, report_id), LookBackForm()
    if not form.validate_on_submit():
        return _report(one, look_form=form), 422
    try:
        look_back(
            db.session,
            one,
            StepKind(form.found.data),
            form.note.data or "",
            photo=form.photo.data.read() if form.photo.data else None,
            files=context.files(),
            actor=current_user.actor,
            at=context.now(),
        )
    except (PhotoMissing, PhotoTooLarge, TooManyPixels, NotAPhoto) as error:
        form.photo.errors = [error_words(error)]
        return _report(one, look_form=form), error.status
    db.session.commit()
    is_closed = one.state == ReportState.CLOSED
    done(_("The report is closed.") if is_closed else _("Nothing has changed: it is open again."))
    return redirect(url_for(".report", report_id=report_id))


@blueprint.post("/<int:report_id>/confirm")
@needs(Right.CONFIRM_REPORT)
def confirm(report_id: int) -> Response:
    """Let a report count for its car."""
    one = own(InfringementReport, report_id)
    step = confirm_report(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    if step is None:
        done(_("Confirmed. Another report of that day has counted already, so no step is added."))
        return redirect(url_for(".report", report_id=report_id))
    done(_("Confirmed. It counts for the car."))
    return redirect(url_for("warnings.warning", warning_id=step.id))


@blueprint.post("/<int:report_id>/contact")
@needs(Right.SEE_REPORTER)
def contact(report_id: int) -> str:
    """Show how to reach who reported; that it was shown is in the ledger."""
    one = own(InfringementReport, report_id)
    shown = context.sealer().open(one.contact_sealed) if one.contact_sealed else ""
    act = ledger.Act("personal_data.shown", f"report:{one.id}", {})
    ledger.append(db.session, current_user.actor, [act], context.now())
    db.session.commit()
    return _report(one, contact=shown)


@blueprint.get("/<int:report_id>/photo")
@needs(Right.SEE_REPORTS)
def photo(report_id: int) -> Response:
    """Give a report's photo."""
    return _photo(own(InfringementReport, report_id).photo_sha256)


@blueprint.get("/look-backs/<int:step_id>/photo")
@needs(Right.SEE_REPORTS)
def look_back_photo(step_id: int) -> Response:
    """Give a look-back's photo."""
    return _photo(own(ReportStep, step_id).photo_sha256)


def _photo(sha256: str | None) -> Response:
    if sha256 is None:
        abort(404)
    try:
        content = context.files().read(sha256)
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
