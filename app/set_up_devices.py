"""The administrator's pages for machines at the gates.

A token is shown once, in the answer to the post that asked for it: it stands in no address, no
cookie and no log.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app import context
from app.extensions import db
from app.languages import name_of
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import DIRECTIONS
from permits.devices import DEFAULT_CONFIDENCE, add_device, close_device, devices_at
from permits.gate_device import GateDevice
from permits.passes import Direction
from permits.webhooks import webhooks_of
from zones.communities import Community, Gate

BOTH_WAYS = "both"
"""The choice for a machine that says itself which way a car goes."""


class DeviceForm(FlaskForm):
    """A machine at a gate, and how far it is trusted."""

    name = StringField(
        _l("Name"),
        description=_l("Such as: camera at the entry."),
        validators=[InputRequired(), Length(max=60)],
    )
    gate = SelectField(_l("Gate"), coerce=int)
    direction = RadioField(
        _l("Which way cars pass it"),
        choices=[
            (Direction.IN, DIRECTIONS[Direction.IN]),
            (Direction.OUT, DIRECTIONS[Direction.OUT]),
            (BOTH_WAYS, _l("Both: the machine says which")),
        ],
        default=Direction.IN,
        validators=[InputRequired()],
    )
    least_confidence = IntegerField(
        _l("Least confidence, per cent"),
        description=_l("What it reads less surely is checked by a guard, never admitted."),
        default=round(DEFAULT_CONFIDENCE * 100),
        validators=[InputRequired(), NumberRange(0, 100)],
    )

    def __init__(self, community: Community) -> None:
        super().__init__(data={"gate": request.args.get("gate", type=int)})
        self.gate.choices = [(one.id, name_of(one)) for one in community.gates]


@needs(Right.SET_UP_COMMUNITY)
def machines() -> str:
    """Show the devices of each gate, and who is called."""
    community = own_community()
    return render_template(
        "set_up/machines.html",
        devices=[(gate, devices_at(db.session, gate)) for gate in community.gates],
        webhooks=webhooks_of(db.session, community),
    )


@needs(Right.SET_UP_COMMUNITY)
def new_device() -> str | tuple[str, int]:
    """Add a device, and show its token once."""
    form = DeviceForm(own_community())
    if not form.validate_on_submit():
        page = render_template("set_up/new_device.html", form=form)
        return page, 422 if form.is_submitted() else 200
    direction = form.direction.data
    device, token = add_device(
        db.session,
        own(Gate, form.gate.data),
        name=form.name.data or "",
        direction=None if direction == BOTH_WAYS else Direction(direction),
        least_confidence=(form.least_confidence.data or 0) / 100,
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    return render_template("set_up/token.html", device=device, token=token)


@needs(Right.SET_UP_COMMUNITY)
def close(device_id: int) -> Response:
    """Let a device's token be good for nothing from now on."""
    one = own(GateDevice, device_id)
    close_device(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The device is closed. Its token opens nothing any more."))
    return redirect(url_for(".machines"))
