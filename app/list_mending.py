"""A representative's list before it is handed in: rows are mended where they stand, or left out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app import context, words
from app.extensions import db
from app.forms import ActForm, MessageForm, trimmed
from app.lists_shown import list_page, where_shown
from app.pages import done
from app.rights import Right, needs, own
from permits.mending import Mended, keep_car, leave_out, mend_row, take_in
from permits.plate_list import OPEN_TO_CHANGES, PlateList, PlateListRow
from permits.plates import canonical
from permits.row_talk import answer


class RowForm(FlaskForm):
    """One row put right. Name and number are not shown, only written anew."""

    plate = StringField(
        _l("Plate"), filters=[trimmed], validators=[DataRequired(), Length(max=200)]
    )
    building = StringField(_l("Building"), filters=[trimmed], validators=[Length(max=20)])
    unit = StringField(_l("Unit"), filters=[trimmed], validators=[Length(max=20)])
    room = StringField(_l("Room"), filters=[trimmed], validators=[Length(max=20)])
    owner = StringField(_l("Owner"), filters=[trimmed], validators=[Length(max=60)])
    phone = StringField(_l("Phone"), filters=[trimmed], validators=[Length(max=40)])

    def __init__(self, row: PlateListRow) -> None:
        super().__init__(
            data={
                "plate": row.facts.get("suggestion") or _as_shown(row),
                "building": row.building,
                "unit": row.unit,
                "room": row.room,
            }
        )
        if row.facts.get("suggestion"):
            self.plate.description = _("In the list stands %(raw)s.", raw=row.raw)
        for field, sealed in ((self.owner, row.owner_sealed), (self.phone, row.phone_sealed)):
            if sealed:
                field.description = _("Kept as it is, unless you write another.")

    def mended(self) -> Mended:
        """Return what was sent; a name or number that was not written stays."""
        return Mended(
            plate=self.plate.data or "",
            building=self.building.data or "",
            unit=self.unit.data or "",
            room=self.room.data or "",
            owner=self.owner.data or None,
            phone=self.phone.data or None,
        )


def _as_shown(row: PlateListRow) -> str:
    return canonical(row.plate).shown if row.plate else row.raw


@needs(Right.HAND_IN_LIST)
def plate_list(list_id: int) -> str:
    """Show a list's outcomes row by row."""
    return _list(own(PlateList, list_id))


def _list(
    one: PlateList,
    mending: PlateListRow | None = None,
    row_form: RowForm | None = None,
    talking: PlateListRow | None = None,
    talk_form: MessageForm | None = None,
) -> str:
    return render_template(
        "representative/plate_list.html",
        page=list_page(one),
        form=ActForm(),
        mending=mending,
        row_form=row_form,
        talking=talking,
        talk_form=talk_form,
        fresh_talk_form=MessageForm(formdata=None),
    )


@needs(Right.HAND_IN_LIST)
def mend(row_id: int) -> str | Response | tuple[str, int]:
    """Show the list with one row open to be mended where it stands, and mend it."""
    row = own(PlateListRow, row_id)
    form = RowForm(row)
    if row.plate_list.state not in OPEN_TO_CHANGES and not form.is_submitted():
        return _list(row.plate_list)
    if not form.validate_on_submit():
        page = _list(row.plate_list, mending=row, row_form=form)
        return page, 422 if form.is_submitted() else 200
    mend_row(db.session, row, form.mended(), context.sealer(), at=context.now())
    return _back_to(row)


@needs(Right.HAND_IN_LIST)
def answer_row(row_id: int) -> str | Response | tuple[str, int]:
    """Show the list with what the office asks about one row, and answer it."""
    row, form = own(PlateListRow, row_id), MessageForm()
    if not form.validate_on_submit():
        page = _list(row.plate_list, talking=row, talk_form=form)
        return page, 422 if form.is_submitted() else 200
    number, text = row.row, form.text.data or ""
    answer(db.session, row, text, context.sealer(), actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Row %(row)s: your answer is with the office.", row=number))
    return redirect(_address_of(row))


@needs(Right.HAND_IN_LIST)
def leave_row_out(row_id: int) -> Response:
    """Leave a row out of what is handed in."""
    row = own(PlateListRow, row_id)
    leave_out(db.session, row, context.sealer())
    return _back_to(row)


@needs(Right.HAND_IN_LIST)
def take_row_in(row_id: int) -> Response:
    """Take a row in again that was left out."""
    row = own(PlateListRow, row_id)
    take_in(db.session, row, context.sealer())
    return _back_to(row)


@needs(Right.HAND_IN_LIST)
def keep_forgotten_car(list_id: int) -> Response:
    """Keep a car that the whole list forgot."""
    one, plate = own(PlateList, list_id), request.form.get("plate", "")
    keep_car(db.session, one, plate, context.sealer(), at=context.now())
    shown = canonical(plate).shown
    db.session.commit()
    done(_("%(plate)s stays: it has a row of its own now.", plate=shown))
    return redirect(url_for("representative.plate_list", list_id=list_id, _anchor="removals"))


def _back_to(row: PlateListRow) -> Response:
    """End the act and lead back to where the row stands, saying what became of it."""
    number, outcome = row.row, words.OUTCOMES[row.outcome]
    db.session.commit()
    done(_("Row %(row)s: %(outcome)s.", row=number, outcome=outcome))
    return redirect(_address_of(row))


def _address_of(row: PlateListRow) -> str:
    return url_for(
        "representative.plate_list",
        list_id=row.list_id,
        _anchor=f"row-{row.id}",
        **where_shown(row, request.args.get("outcome"), request.args.get("page")),
    )
