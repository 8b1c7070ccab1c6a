"""The office's page for a car's space of its own."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app import context
from app.extensions import db
from app.forms import trimmed
from app.pages import done
from app.rights import Right, needs, own
from app.words import SPACE_PAPERS, TENURES, error_words
from permits.binding import LeaseDaysWrong, SpaceFacts, SpaceTaken, bind, release
from permits.own_space import PaperKind, Tenure, space_of
from permits.vehicles import Vehicle
from records.errors import DomainError

blueprint = Blueprint("own_spaces", __name__, url_prefix="/office/vehicles")


class SpaceForm(FlaskForm):
    """What the paper of the space says."""

    garage = StringField(
        _l("Garage"),
        description=_l("Such as B1. Empty for a space in the open."),
        filters=[trimmed],
        validators=[Length(max=20)],
    )
    number = StringField(
        _l("Space number"),
        description=_l("As painted on the ground."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=12)],
    )
    tenure = RadioField(
        _l("Right to the space"), choices=list(TENURES.items()), default=Tenure.OWNED
    )
    paper_kind = SelectField(_l("Document"), choices=list(SPACE_PAPERS.items()))
    paper_number = StringField(
        _l("Number of the document"),
        description=_l("It is kept sealed, and erased when the car no longer has the space."),
        filters=[trimmed],
        validators=[Length(max=60)],
    )
    first_day = DateField(_l("Lease from"), validators=[Optional()])
    last_day = DateField(
        _l("Lease until"),
        description=_l("Needed for a lease. After this day the car counts for the limits again."),
        validators=[Optional()],
    )
    cars = IntegerField(
        _l("Cars that take turns on it"),
        description=_l("One car, unless the paper says more."),
        default=1,
        validators=[InputRequired(), NumberRange(1, 9)],
    )

    @property
    def facts(self) -> SpaceFacts:
        """What was entered."""
        return SpaceFacts(
            garage=self.garage.data or "",
            number=self.number.data or "",
            tenure=Tenure(self.tenure.data),
            paper_kind=PaperKind(self.paper_kind.data),
            paper_number=self.paper_number.data or "",
            cars=self.cars.data or 1,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
        )

    def blame(self, error: DomainError) -> None:
        """Say what is wrong at the field that it is about."""
        field = self.last_day if isinstance(error, LeaseDaysWrong) else self.number
        field.errors = [error_words(error)]


@blueprint.route("/<int:vehicle_id>/space", methods=["GET", "POST"])
@needs(Right.DECIDE_LIST)
def space(vehicle_id: int) -> str | Response | tuple[str, int]:
    """Bind a car to a space of its own."""
    vehicle, form = own(Vehicle, vehicle_id), SpaceForm()
    if not form.validate_on_submit():
        page = render_template("office/own_space.html", vehicle=vehicle, form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        bind(
            db.session,
            vehicle,
            form.facts,
            sealer=context.sealer(),
            actor=current_user.actor,
            at=context.now(),
        )
    except (LeaseDaysWrong, SpaceTaken) as error:
        form.blame(error)
        page = render_template("office/own_space.html", vehicle=vehicle, form=form)
        return page, error.status
    db.session.commit()
    done(_("The car has a space of its own now. Print its permit again: it names the space."))
    return redirect(url_for("office.vehicle", vehicle_id=vehicle_id))


@blueprint.post("/<int:vehicle_id>/space/end")
@needs(Right.DECIDE_LIST)
def end_space(vehicle_id: int) -> Response:
    """Let a car go back to the shared zones."""
    one = space_of(db.session, own(Vehicle, vehicle_id))
    if one is None:
        abort(409)
    release(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The car counts for its compound's limits again. Print its permit again."))
    return redirect(url_for("office.vehicle", vehicle_id=vehicle_id))
