"""Visits: registered by a representative or a guard, shown as a pass, cancelled."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app import context
from app.config import VENDOR
from app.extensions import db
from app.forms import ActForm, SearchForm, trimmed
from app.languages import name_of
from app.look import shown_plate
from app.pages import done, page_of
from app.rights import Right, needs, own, own_community, own_scope
from app.words import VISIT_KINDS, error_words, row_reason
from permits.inside import overstays
from permits.plates import PlateError
from permits.printing.symbols import single_svg
from permits.visiting import (
    HostMissing,
    PassNotNeeded,
    VisitEnded,
    VisitHoursWrong,
    VisitQuotaUsedUp,
    VisitTooFarAhead,
    VisitTooLong,
    cancel_visit,
    register_drop_off,
    register_visit,
    visits_in_month,
)
from permits.visitor_pass import VisitKind, VisitorPass
from permits.visitor_slip import Slip, visitor_slip
from permits.visits import VisitTime, pass_url, visits_query
from records.errors import DomainError
from zones.communities import Community, Compound

blueprint = Blueprint("visits", __name__, url_prefix="/visits")

USUAL_STAY = timedelta(hours=4)
"""What the form offers."""


class PlateForm(FlaskForm):
    """The plate of who visits."""

    plate = StringField(
        _l("Plate"), filters=[trimmed], validators=[InputRequired(), Length(max=30)]
    )


class VisitForm(PlateForm):
    """Who visits whom, and when."""

    kind = RadioField(
        _l("Who comes"),
        choices=[
            (kind, words) for kind, words in VISIT_KINDS.items() if kind is not VisitKind.DROP_OFF
        ],
        default=VisitKind.VISITOR,
    )
    compound = SelectField(_l("Compound"), coerce=int)
    household = StringField(
        _l("Flat that is visited"),
        description=_l("Such as 3-2-501. Whoever has no flat is named by a word."),
        filters=[trimmed],
        validators=[Length(max=60)],
    )
    valid_from = DateTimeLocalField(
        _l("From"), format="%Y-%m-%dT%H:%M", validators=[InputRequired()]
    )
    valid_to = DateTimeLocalField(
        _l("Until"), format="%Y-%m-%dT%H:%M", validators=[InputRequired()]
    )

    def __init__(self, compounds: list[Compound], now: datetime) -> None:
        begins = now.replace(second=0, microsecond=0, tzinfo=None)
        super().__init__(data={"valid_from": begins, "valid_to": begins + USUAL_STAY})
        self.compound.choices = [(one.id, f"{one.letter}  {name_of(one)}") for one in compounds]

    def blame(self, error: DomainError) -> None:
        """Say what is wrong at the field that it is about."""
        field = self.valid_to
        if isinstance(error, PlateError | PassNotNeeded):
            field = self.plate
        elif isinstance(error, HostMissing | VisitQuotaUsedUp):
            field = self.household
        field.errors = [_words(error)]


AT_A_FIELD = (
    PlateError,
    PassNotNeeded,
    HostMissing,
    VisitQuotaUsedUp,
    VisitHoursWrong,
    VisitTooLong,
    VisitTooFarAhead,
)
"""Refusals that a field of the form can mend."""


def _words(error: DomainError) -> str:
    if isinstance(error, PlateError):
        return row_reason(error.facts["reason"], error.facts)
    return error_words(error)


@blueprint.route("/", methods=["GET", "POST"])
@needs(Right.SEE_VISITS)
def all_visits() -> str:
    """Show visits: whom to expect, who stays too long, and those of the past; search by plate."""
    community, form, now = own_community(), SearchForm(), context.now()
    compound = own_scope(request.args.get("compound", type=int))
    asked = request.args.get("when")
    when = VisitTime(asked) if asked in set(VisitTime) else VisitTime.AHEAD
    late = [
        one
        for one in overstays(db.session, community, now)
        if compound is None or one.visit.compound_id == compound.id
    ]
    return render_template(
        "visits/visits.html",
        page=page_of(visits_query(community, compound, when, form.text.data or "", now)),
        overstays=late,
        form=form,
        when=when,
        compound=compound,
        compounds=community.compounds,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.REGISTER_VISIT)
def new_visit() -> str | Response | tuple[str, int]:
    """Register a visit, and show its pass."""
    community, now = own_community(), context.now()
    limited_to = own_scope()
    choices = [limited_to] if limited_to else community.compounds
    form = VisitForm(choices, now.astimezone(community.zone_info))
    if limited_to is not None and form.is_submitted():
        form.compound.data = limited_to.id
    if not form.validate_on_submit():
        return _new(form, limited_to), 422 if form.is_submitted() else 200
    try:
        visit = register_visit(
            db.session,
            own(Compound, form.compound.data),
            household=form.household.data or "",
            plate=form.plate.data or "",
            kind=VisitKind(form.kind.data),
            valid_from=_moment(form.valid_from, community),
            valid_to=_moment(form.valid_to, community),
            actor=current_user.actor,
            at=now,
        )
    except AT_A_FIELD as error:
        db.session.rollback()
        form.blame(error)
        return _new(form, limited_to), error.status
    db.session.commit()
    return redirect(url_for(".visit", visit_id=visit.id))


def _moment(field: DateTimeLocalField, community: Community) -> datetime:
    local: datetime = field.data
    return local.replace(tzinfo=community.zone_info)


def _new(form: VisitForm, compound: Compound | None) -> str:
    return render_template("visits/new.html", form=form, compound=compound)


@blueprint.route("/drop-off", methods=["GET", "POST"])
@needs(Right.GUARD_GATE)
def drop_off() -> str | Response | tuple[str, int]:
    """Let a delivery or a taxi in for half an hour: nothing is asked but the plate."""
    form = PlateForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            visit = register_drop_off(
                db.session,
                own_community(),
                plate=form.plate.data or "",
                actor=current_user.actor,
                at=context.now(),
            )
        except (PlateError, PassNotNeeded) as error:
            db.session.rollback()
            form.plate.errors = [_words(error)]
            status = error.status
        else:
            db.session.commit()
            minutes = (visit.valid_to - visit.valid_from) // timedelta(minutes=1)
            plate = shown_plate(visit.plate)
            done(_("%(plate)s may come in for %(minutes)s minutes.", plate=plate, minutes=minutes))
            return redirect(url_for(".all_visits"))
    return render_template("visits/drop_off.html", form=form), status


@blueprint.get("/<int:visit_id>")
@needs(Right.SEE_VISITS)
def visit(visit_id: int) -> str:
    """Show one visit, with its pass for the visitor's phone."""
    one, community = own(VisitorPass, visit_id), own_community()
    address = _pass_url(one, community)
    return render_template(
        "visits/visit.html",
        visit=one,
        address=address,
        # Drawn here of the office's own token: nothing in it comes from a reader.
        symbol=Markup(single_svg(address)) if address else None,  # noqa: S704
        this_month=visits_in_month(db.session, community, one.household, one.valid_from)
        if one.household
        else 0,
        form=ActForm(),
    )


def _pass_url(one: VisitorPass, community: Community) -> str | None:
    """Return what the pass's symbol holds, None where the visit has none or is over."""
    if one.key_id is None or one.cancelled_at is not None or one.valid_to <= context.now():
        return None
    return pass_url(one, community, context.keys(), context.settings().public_url)


@blueprint.get("/<int:visit_id>/slip.pdf")
@needs(Right.SEE_VISITS)
def slip(visit_id: int) -> Response:
    """Give the pass as a PDF for a 58 mm receipt printer."""
    one, community = own(VisitorPass, visit_id), own_community()
    address = _pass_url(one, community)
    if address is None or one.compound is None:
        raise VisitEnded(number=one.number)
    content = visitor_slip(
        Slip(
            pass_url=address,
            plate=shown_plate(one.plate),
            letter=one.compound.letter,
            shape=one.compound.colour.shape,
            compound=one.compound.name,
            compound_en=one.compound.name_en,
            community=community.name,
            number=one.number,
            valid_from=one.valid_from.astimezone(community.zone_info),
            valid_to=one.valid_to.astimezone(community.zone_info),
        ),
        VENDOR / "fonts",
    )
    return send_file(
        io.BytesIO(content), mimetype="application/pdf", download_name=f"visit-{one.number}.pdf"
    )


@blueprint.post("/<int:visit_id>/cancel")
@needs(Right.CANCEL_VISIT)
def cancel(visit_id: int) -> Response:
    """Cancel a visit: every gate refuses it from now on."""
    one = own(VisitorPass, visit_id)
    cancel_visit(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The visit is cancelled. Every gate refuses it from now on."))
    return redirect(url_for(".all_visits"))
