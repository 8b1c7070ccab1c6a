"""Who is inside: per colour against the spaces, who stays too long, and what a shift hands over."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from app import context
from app.extensions import db
from app.forms import trimmed
from app.languages import name_of
from app.pages import done
from app.rights import Right, needs, own, own_community, own_scope
from permits.inside import cars_without_permit, overstays, who_is_inside
from permits.shift_note import ShiftNote
from permits.shift_notes import LONGEST_NOTE, notes_query, write_note
from records.people import Role
from zones.communities import Gate, gates_of
from zones.plans import plan_in_force

blueprint = Blueprint("inside", __name__, url_prefix="/inside")

LAST_NOTES = 10


class NoteForm(FlaskForm):
    """What the next shift should know."""

    gate = SelectField(_l("Gate"), coerce=int)
    text = TextAreaField(
        _l("Note for the next shift"),
        filters=[trimmed],
        validators=[DataRequired(), Length(max=LONGEST_NOTE)],
    )

    def __init__(self, gates: list[Gate]) -> None:
        super().__init__()
        self.gate.choices = [(one.id, name_of(one)) for one in gates]


@blueprint.get("/")
@needs(Right.SEE_INSIDE)
def now() -> str:
    """Show who is inside; a representative sees the own compound's numbers and nothing else."""
    return _now()


def _now(form: NoteForm | None = None) -> str:
    community, at = own_community(), context.now()
    plan = plan_in_force(db.session, community.id, community.local_day(at))
    inside = who_is_inside(db.session, community, plan, at)
    compound = own_scope()
    if compound is not None:
        own_numbers = next(one for one in inside.compounds if one.compound.id == compound.id)
        return render_template("inside/compound.html", numbers=own_numbers, at=at)
    is_guard = current_user.role == Role.GUARD
    gates = gates_of(db.session, current_user.id) if is_guard else community.gates
    return render_template(
        "inside/now.html",
        inside=inside,
        overstays=overstays(db.session, community, at),
        seen=cars_without_permit(db.session, community, at),
        notes=_last_notes(gates),
        form=(form or NoteForm(gates)) if is_guard and gates else None,
        at=at,
    )


def _last_notes(gates: list[Gate]) -> list[ShiftNote]:
    return list(db.session.scalars(notes_query(gates).limit(LAST_NOTES)))


@blueprint.post("/notes")
@needs(Right.GUARD_GATE)
def write() -> Response | tuple[str, int]:
    """Keep a note for the next shift at one of the guard's gates."""
    form = NoteForm(gates_of(db.session, current_user.id))
    if not form.validate_on_submit():
        return _now(form), 422
    gate = own(Gate, form.gate.data)
    write_note(db.session, gate, form.text.data or "", guard_id=current_user.id, at=context.now())
    db.session.commit()
    done(_("The next shift will read it."))
    return redirect(url_for(".now"))
