"""The administrator's pages for zones, and for gates and who guards them."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.set_up_community import CODE, NamesForm
from app.words import error_words
from records.people import Role, users_of
from zones.areas import Zone, ZoneCodeTaken
from zones.communities import Gate
from zones.setting_up import (
    CodeTaken,
    add_gate,
    change_gate,
    change_zone,
    guards_at,
    open_zone,
    post_guards,
)


class ZoneForm(NamesForm):
    """A zone's names and spaces."""

    spaces = IntegerField(_l("Spaces"), validators=[InputRequired(), NumberRange(0, 100_000)])


class NewZoneForm(ZoneForm):
    """A new zone: its code, and what can be changed later."""

    code = StringField(
        _l("Code"),
        description=_l("As painted at the entrance, such as A1. It stays."),
        validators=[InputRequired(), Length(max=12), CODE],
    )


class NewGateForm(NamesForm):
    """A new gate: its code and names."""

    code = StringField(
        _l("Code"),
        description=_l("A short word such as east. It stays."),
        validators=[InputRequired(), Length(max=20), CODE],
    )


class GuardsForm(FlaskForm):
    """Who works at a gate."""

    guards = SelectMultipleField(
        _l("Guards at this gate"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, gate: Gate) -> None:
        posted = guards_at(db.session, gate)
        super().__init__(data={"guards": sorted(posted)})
        self.guards.choices = [
            (one.id, f"{one.shown_name} ({one.name})")
            for one in users_of(db.session, gate.community_id, Role.GUARD)
            if one.active or one.id in posted
        ]


@needs(Right.SET_UP_COMMUNITY)
def new_zone() -> str | Response | tuple[str, int]:
    """Add a zone."""
    form = NewZoneForm()
    if not form.validate_on_submit():
        return _zone(form), 422 if form.is_submitted() else 200
    try:
        open_zone(
            db.session,
            own_community(),
            code=form.code.data or "",
            name=form.name.data or "",
            name_en=form.name_en.data or "",
            spaces=form.spaces.data or 0,
            actor=current_user.actor,
            at=context.now(),
        )
    except ZoneCodeTaken as error:
        form.code.errors = [error_words(error)]
        return _zone(form), error.status
    db.session.commit()
    done(_("The zone is added. It stays closed until a zone plan opens it."))
    return redirect(url_for(".home"))


@needs(Right.SET_UP_COMMUNITY)
def zone(zone_id: int) -> str | Response | tuple[str, int]:
    """Change a zone's names or spaces."""
    one = own(Zone, zone_id)
    form = ZoneForm(obj=one)
    if not form.validate_on_submit():
        return _zone(form, one), 422 if form.is_submitted() else 200
    change_zone(
        db.session,
        one,
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        spaces=form.spaces.data or 0,
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".home"))


def _zone(form: ZoneForm, one: Zone | None = None) -> str:
    return render_template("set_up/zone.html", zone=one, form=form)


@needs(Right.SET_UP_COMMUNITY)
def new_gate() -> str | Response | tuple[str, int]:
    """Add a gate, and go on to post its guards."""
    form = NewGateForm()
    if not form.validate_on_submit():
        return _gate(form), 422 if form.is_submitted() else 200
    try:
        one = add_gate(
            db.session,
            own_community(),
            code=form.code.data or "",
            name=form.name.data or "",
            name_en=form.name_en.data or "",
            actor=current_user.actor,
            at=context.now(),
        )
    except CodeTaken as error:
        form.code.errors = [error_words(error)]
        return _gate(form), error.status
    db.session.commit()
    done(_("The gate is added. Say who guards it."))
    return redirect(url_for(".gate", gate_id=one.id))


@needs(Right.SET_UP_COMMUNITY)
def gate(gate_id: int) -> str | Response | tuple[str, int]:
    """Show a gate with its guards, and change its names."""
    one = own(Gate, gate_id)
    form = NamesForm(obj=one)
    if not form.validate_on_submit():
        return _gate(form, one, GuardsForm(one)), 422 if form.is_submitted() else 200
    change_gate(
        db.session,
        one,
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".home"))


@needs(Right.SET_UP_COMMUNITY)
def guards(gate_id: int) -> Response | tuple[str, int]:
    """Say which guards work at a gate from now on."""
    one = own(Gate, gate_id)
    form = GuardsForm(one)
    if not form.validate_on_submit():
        return _gate(NamesForm(formdata=None, obj=one), one, form), 422
    post_guards(db.session, one, form.guards.data or [], actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The guards are posted."))
    return redirect(url_for(".home"))


def _gate(form: NamesForm, one: Gate | None = None, guards_form: GuardsForm | None = None) -> str:
    return render_template("set_up/gate.html", gate=one, form=form, guards_form=guards_form)
