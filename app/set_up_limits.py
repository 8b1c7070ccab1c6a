"""The administrator's page for a compound's limits."""

from __future__ import annotations

from dataclasses import asdict

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own
from app.words import COUNTS_BY, error_words
from permits.allotting import CountsBy, Limits
from permits.limits import FirstCarsNeedPlaces, change_limits, limits_of
from zones.communities import Compound


class LimitsForm(FlaskForm):
    """What a compound has agreed on."""

    cars = IntegerField(
        _l("Cars at most"),
        description=_l("For each household or resident. Leave empty for no limit."),
        validators=[Optional(), NumberRange(1, 99)],
    )
    counts_by = RadioField(
        _l("Whose cars count together"),
        description=_l(
            "A resident is known by name and phone. Where a list gives no name or no phone, "
            "the car counts for its household."
        ),
        choices=list(COUNTS_BY.items()),
        validators=[InputRequired()],
    )
    places = IntegerField(
        _l("Places in all"),
        description=_l("How many cars of the compound may have a permit. Empty for no limit."),
        validators=[Optional(), NumberRange(1, 99_999)],
    )
    first_cars_first = BooleanField(
        _l("First cars before second cars"),
        description=_l("While a first car waits for a place, no second car gets one."),
    )


@needs(Right.SET_UP_COMMUNITY)
def limits(compound_id: int) -> str | Response | tuple[str, int]:
    """Change a compound's limits."""
    compound = own(Compound, compound_id)
    form = LimitsForm(data=asdict(limits_of(db.session, compound)))
    if not form.validate_on_submit():
        return _page(form, compound), 422 if form.is_submitted() else 200
    try:
        change_limits(
            db.session,
            compound,
            Limits(
                form.cars.data,
                CountsBy(form.counts_by.data),
                form.first_cars_first.data,
                form.places.data,
            ),
            actor=current_user.actor,
            at=context.now(),
        )
    except FirstCarsNeedPlaces as error:
        form.places.errors = [error_words(error)]
        return _page(form, compound), error.status
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".home"))


def _page(form: LimitsForm, compound: Compound) -> str:
    return render_template("set_up/limits.html", form=form, compound=compound)
