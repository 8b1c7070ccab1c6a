"""The administrator's page for look-backs, the warning ladder and contests."""

from __future__ import annotations

from dataclasses import asdict

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own_community
from app.words import error_words
from permits.suspending import LONGEST_DAYS
from permits.watch_rules import StepsDoNotRise, WatchRules, change_rules, rules_of


class WatchRulesForm(FlaskForm):
    """What the community has agreed on."""

    look_back_hours = IntegerField(
        _l("Hours from the answer to the look-back"),
        validators=[InputRequired(), NumberRange(1, 24 * 31)],
    )
    fire_lane_hours = IntegerField(
        _l("The same for a fire lane"), validators=[InputRequired(), NumberRange(1, 24 * 31)]
    )
    warning_at = IntegerField(
        _l("Warning at confirmed report number"),
        description=_l("The first one brings a reminder."),
        validators=[InputRequired(), NumberRange(2, 98)],
    )
    suspension_at = IntegerField(
        _l("Suspension proposed at confirmed report number"),
        description=_l("It is only proposed: the office decides."),
        validators=[InputRequired(), NumberRange(3, 99)],
    )
    within_days = IntegerField(
        _l("Reports count together within days"), validators=[InputRequired(), NumberRange(1, 730)]
    )
    suspension_days = IntegerField(
        _l("Days of a suspension"),
        description=_l("The office may choose another number."),
        validators=[InputRequired(), NumberRange(1, LONGEST_DAYS)],
    )
    contest_pauses = BooleanField(
        _l("A contested suspension is paused until the office has decided"),
    )


@needs(Right.SET_UP_COMMUNITY)
def watch() -> str | Response | tuple[str, int]:
    """Change the rules."""
    community = own_community()
    form = WatchRulesForm(data=asdict(rules_of(db.session, community.id)))
    if not form.validate_on_submit():
        page = render_template("set_up/watch.html", form=form)
        return page, 422 if form.is_submitted() else 200
    given = {name: form[name].data for name in WatchRules.__dataclass_fields__}
    try:
        change_rules(
            db.session,
            community,
            WatchRules(**given),
            actor=current_user.actor,
            at=context.now(),
        )
    except StepsDoNotRise as error:
        form.suspension_at.errors = [error_words(error)]
        return render_template("set_up/watch.html", form=form), error.status
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".home"))
