"""Renewal: what ends soon in each compound, and one run that makes the next permits."""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, ValidationError

from app import context
from app.extensions import db
from app.progress import run
from app.rights import Right, needs, own, own_community
from app.words import error_words
from permits.renewing import WINDOW, CompoundRenewal, RenewalTooShort, renewals, usual_end
from zones.communities import Compound


class RenewalForm(FlaskForm):
    """Whose permits are renewed, and how long the next ones last."""

    compound = IntegerField(_l("Compound"), validators=[InputRequired()])
    until = DateField(
        _l("Last day of the new permits"),
        description=_l("The same for all that are renewed in one run."),
        validators=[InputRequired()],
    )

    def __init__(self, planned: list[CompoundRenewal], usual: date) -> None:
        super().__init__(data={"until": usual})
        self._ends = {one.compound.id: one.last_end for one in planned}

    def validate_until(self, field: DateField) -> None:
        """Refuse a day on which permits that are to be renewed would still be good."""
        last_end = self._ends.get(self.compound.data or 0)
        if field.data and last_end and field.data <= last_end:
            raise ValidationError(error_words(RenewalTooShort(until=field.data.isoformat())))


@needs(Right.ISSUE_PERMITS)
def renewal() -> str | Response | tuple[str, int]:
    """Show what a renewal would do to each compound, and start one."""
    community, at = own_community(), context.now()
    planned = renewals(db.session, community, at)
    form = RenewalForm(planned, usual_end(community, at))
    if form.validate_on_submit():
        compound = own(Compound, form.compound.data)
        return run("renew", compound_id=compound.id, until=form.until.data.isoformat())
    page = render_template(
        "office/renewal.html", form=form, planned=planned, window_days=WINDOW.days
    )
    return page, 422 if form.is_submitted() else 200
