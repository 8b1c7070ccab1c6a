"""The administrator's pages for the community and its compounds."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from app import context
from app.extensions import db
from app.forms import AS_WRITTEN
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import error_words
from permits.plates import PROVINCES
from records.people import Role, users_of
from zones.areas import zones_of
from zones.colours import BY_KEY, PALETTE
from zones.communities import ColourTaken, Community, Compound
from zones.setting_up import (
    CodeTaken,
    add_compound,
    change_community,
    change_compound,
    free_colours,
    guards_at,
)

CODE = Regexp(r"^[A-Za-z0-9-]+$", message=_l("Only letters a to z, digits and hyphens."))


class NamesForm(FlaskForm):
    """A name in Chinese, and one for those who read English."""

    name = StringField(_l("Name"), validators=[InputRequired(), Length(max=60)])
    name_en = StringField(_l("English name"), validators=[Length(max=80)])


class CommunityForm(NamesForm):
    """What holds for the whole community."""

    province = SelectField(
        _l("Province"),
        description=_l("Suggested where a plate comes without its first character."),
        choices=list(PROVINCES),
        render_kw=AS_WRITTEN,
    )
    time_zone = SelectField(_l("Time zone"), render_kw=AS_WRITTEN)
    permit_days = IntegerField(
        _l("Days of a permit"),
        description=_l("For permits issued from now on."),
        validators=[InputRequired(), NumberRange(1, 3650)],
    )
    temporary_days = IntegerField(
        _l("Days of a temporary permit"),
        description=_l("On paper, until the card is handed over."),
        validators=[InputRequired(), NumberRange(1, 60)],
    )

    def __init__(self, community: Community) -> None:
        super().__init__(obj=community)
        self.time_zone.choices = sorted(
            {community.time_zone} | {one for one in available_timezones() if "/" in one}
        )


class CompoundForm(NamesForm):
    """A compound's names, colour and visits."""

    colour_key = RadioField(_l("Colour"), validators=[InputRequired()])
    visits_per_month = IntegerField(
        _l("Visits per household and month"),
        description=_l("Passes for visitors, deliveries and tradesmen. Leave empty for no limit."),
        validators=[Optional(), NumberRange(1, 999)],
    )

    def __init__(self, community: Community, compound: Compound | None = None) -> None:
        super().__init__(obj=compound)
        free = {*free_colours(community), *([compound.colour_key] if compound else [])}
        self.colour_key.choices = [
            (one.key, f"{one.letter} {one.sign} {one.name_zh} {one.name_en}")
            for one in PALETTE
            if one.key in free
        ]


class NewCompoundForm(CompoundForm):
    """A new compound: its code, and what can be changed later."""

    code = StringField(
        _l("Code"),
        description=_l("A short word for commands and file names. It stays."),
        validators=[InputRequired(), Length(max=20), CODE],
    )
    vehicles_per_household = IntegerField(
        _l("Cars per household"),
        description=_l("Leave empty for no limit. More rules can be set later."),
        validators=[Optional(), NumberRange(1, 99)],
    )


@needs(Right.SET_UP_COMMUNITY)
def home() -> str:
    """Show the community with its compounds, zones and gates."""
    community = own_community()
    guards = users_of(db.session, community.id, Role.GUARD)
    posts = {gate.id: guards_at(db.session, gate) for gate in community.gates}
    return render_template(
        "set_up/home.html",
        community=community,
        zones=zones_of(db.session, community.id),
        guards={key: [one for one in guards if one.id in ids] for key, ids in posts.items()},
    )


@needs(Right.SET_UP_COMMUNITY)
def community() -> str | Response | tuple[str, int]:
    """Change the community."""
    one = own_community()
    form = CommunityForm(one)
    if not form.validate_on_submit():
        page = render_template("set_up/community.html", community=one, form=form)
        return page, 422 if form.is_submitted() else 200
    change_community(
        db.session,
        one,
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        province=form.province.data,
        time_zone=form.time_zone.data,
        permit_days=form.permit_days.data or 0,
        temporary_days=form.temporary_days.data or 0,
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".home"))


@needs(Right.SET_UP_COMMUNITY)
def new_compound() -> str | Response | tuple[str, int]:
    """Add a compound."""
    community = own_community()
    form = NewCompoundForm(community)
    if not form.validate_on_submit():
        return _compound(form), 422 if form.is_submitted() else 200
    try:
        add_compound(
            db.session,
            community,
            code=form.code.data or "",
            name=form.name.data or "",
            name_en=form.name_en.data or "",
            colour_key=form.colour_key.data,
            vehicles_per_household=form.vehicles_per_household.data,
            visits_per_month=form.visits_per_month.data,
            actor=current_user.actor,
            at=context.now(),
        )
    except CodeTaken as error:
        form.code.errors = [error_words(error)]
        return _compound(form), error.status
    db.session.commit()
    done(_("The compound is added. A zone plan must open zones to it before cars may park."))
    return redirect(url_for(".home"))


@needs(Right.SET_UP_COMMUNITY)
def compound(compound_id: int) -> str | Response | tuple[str, int]:
    """Change a compound."""
    one = own(Compound, compound_id)
    form = CompoundForm(own_community(), one)
    if not form.validate_on_submit():
        return _compound(form, one), 422 if form.is_submitted() else 200
    try:
        change_compound(
            db.session,
            one,
            name=form.name.data or "",
            name_en=form.name_en.data or "",
            colour_key=form.colour_key.data,
            visits_per_month=form.visits_per_month.data,
            actor=current_user.actor,
            at=context.now(),
        )
    except ColourTaken as error:
        form.colour_key.errors = [error_words(error)]
        return _compound(form, one), error.status
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".home"))


def _compound(form: CompoundForm, one: Compound | None = None) -> str:
    return render_template("set_up/compound.html", compound=one, form=form, colours=BY_KEY)
