"""A car that moves to another compound on a day, entered by the office."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app import context
from app.extensions import db
from app.forms import trimmed
from app.languages import name_of
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import error_words
from permits.granting import FlatFull
from permits.relocating import MoveDayWrong, MovesAlready, move_car
from permits.requesting import FlatMissing
from permits.vehicles import Vehicle
from permits.waiting import NoPlaceFree
from records.errors import DomainError
from zones.communities import Compound

blueprint = Blueprint("moves", __name__, url_prefix="/office/vehicles")


class MoveForm(FlaskForm):
    """Where a car moves, and when."""

    compound = SelectField(_l("New compound"), coerce=int)
    household = StringField(
        _l("New flat"),
        description=_l("Such as 3-2-501."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=60)],
    )
    day = DateField(
        _l("First day there"),
        description=_l("Until the day before, the old permit is good; from this day on, the new."),
        validators=[InputRequired()],
    )

    def __init__(self, others: list[Compound], today: date) -> None:
        super().__init__(data={"day": today})
        self.compound.choices = [(one.id, f"{one.letter}  {name_of(one)}") for one in others]

    def blame(self, error: DomainError) -> None:
        """Say what is wrong at the field that it is about."""
        field = self.household
        if isinstance(error, MoveDayWrong):
            field = self.day
        elif isinstance(error, MovesAlready):
            field = self.compound
        field.errors = [error_words(error)]


@blueprint.route("/<int:vehicle_id>/move", methods=["GET", "POST"])
@needs(Right.MOVE_CAR)
def move(vehicle_id: int) -> str | Response | tuple[str, int]:
    """Ask where a car moves and when, and enter it."""
    one, community, at = own(Vehicle, vehicle_id), own_community(), context.now()
    others = [two for two in community.compounds if two.id != one.compound_id]
    form = MoveForm(others, community.local_day(at))
    if not form.validate_on_submit():
        return _move(one, form), 422 if form.is_submitted() else 200
    try:
        made = move_car(
            db.session,
            one,
            own(Compound, form.compound.data),
            household=form.household.data or "",
            day=form.day.data,
            keys=context.keys(),
            actor=current_user.actor,
            at=at,
        )
    except (FlatFull, FlatMissing, MoveDayWrong, MovesAlready, NoPlaceFree) as error:
        form.blame(error)
        return _move(one, form), error.status
    db.session.commit()
    done(_("The move is entered. Print the new permit %(serial)s ahead.", serial=made.serial))
    return redirect(url_for("permits.permit", permit_id=made.id))


def _move(one: Vehicle, form: MoveForm) -> str:
    return render_template("office/move.html", vehicle=one, form=form)
