"""The office's pages for its own layouts and its printers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import (
    DecimalField,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app import context
from app.extensions import db
from app.forms import trimmed
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import CALIBRATION_SIDES, LAYOUT_NAMES, PERMIT_FIELDS, error_words
from permits.own_layout import (
    LONGEST_NAME,
    LayoutDescription,
    LayoutNameTaken,
    LayoutTooHigh,
    LayoutTooWide,
    OwnLayout,
    own_layouts,
    remove_layout,
    save_layout,
)
from permits.printer import (
    FARTHEST_MM,
    SIDES,
    CrossTooFarOff,
    Measured,
    Printer,
    PrinterNameTaken,
    printers_of,
    remove_printer,
    save_printer,
)
from permits.printing.calibration import CROSS_MM, calibration_pages
from permits.printing.layouts import LAYOUTS, PAPERS_MM
from permits.printing.typefaces import register
from records.errors import DomainError

MOST_CELLS = 20
LONGEST_LENGTH_MM = 200

_PAPERS = [
    (name, f"{name.upper()}  {width:g} × {height:g} mm")
    for name, (width, height) in PAPERS_MM.items()
]
_WAYS = {"landscape": _l("Landscape"), "portrait": _l("Portrait")}


def _length(label: Any, hint: Any = "") -> DecimalField:
    return DecimalField(
        label,
        description=hint,
        places=1,
        default=0,
        validators=[InputRequired(), NumberRange(0, LONGEST_LENGTH_MM)],
    )


class LayoutForm(FlaskForm):
    """A layout of one's own."""

    name = StringField(
        _l("Name"), filters=[trimmed], validators=[InputRequired(), Length(max=LONGEST_NAME)]
    )
    design = RadioField(_l("Permit"), choices=list(LAYOUT_NAMES.items()), default="sticker")
    paper = SelectField(_l("Paper"), choices=_PAPERS, default="a4")
    way = RadioField(_l("Way round"), choices=list(_WAYS.items()), default="portrait")
    columns = IntegerField(
        _l("Columns"), default=2, validators=[InputRequired(), NumberRange(1, MOST_CELLS)]
    )
    rows = IntegerField(
        _l("Rows"), default=4, validators=[InputRequired(), NumberRange(1, MOST_CELLS)]
    )
    left_mm = _length(_l("From the left edge, mm"), _l("To the first permit."))
    top_mm = _length(_l("From the upper edge, mm"), _l("To the first permit."))
    across_mm = _length(_l("Gap between columns, mm"))
    down_mm = _length(_l("Gap between rows, mm"))
    shown = SelectMultipleField(
        _l("Shown on it"),
        description=_l("Colour, letter, shape, plate and code are always there."),
        choices=list(PERMIT_FIELDS.items()),
        default=list(PERMIT_FIELDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def description(self) -> LayoutDescription:
        """What was filled in."""
        return LayoutDescription(
            name=self.name.data or "",
            design=self.design.data,
            paper=self.paper.data,
            is_landscape=self.way.data == "landscape",
            columns=self.columns.data or 0,
            rows=self.rows.data or 0,
            left_mm=float(self.left_mm.data or 0),
            top_mm=float(self.top_mm.data or 0),
            across_mm=float(self.across_mm.data or 0),
            down_mm=float(self.down_mm.data or 0),
            hidden=frozenset(PERMIT_FIELDS) - set(self.shown.data or ()),
        )


def _as_form(description: LayoutDescription) -> Mapping[str, Any]:
    """Return a description as the form shows it."""
    return {
        **{name: getattr(description, name) for name in LayoutDescription.__dataclass_fields__},
        "way": "landscape" if description.is_landscape else "portrait",
        "shown": [field for field in PERMIT_FIELDS if field not in description.hidden],
    }


class _CrossForm(FlaskForm):
    """Where the cross of one side was found."""

    class Meta(FlaskForm.Meta):
        """It stands inside a form that is protected already."""

        csrf = False

    left_mm = DecimalField(_l("From the left edge, mm"), places=1, validators=[InputRequired()])
    top_mm = DecimalField(_l("From the upper edge, mm"), places=1, validators=[InputRequired()])


class PrinterForm(FlaskForm):
    """A printer and what was measured on its calibration pages."""

    name = StringField(
        _l("Name"),
        description=_l("As the office calls it, such as “HP by the window”."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=LONGEST_NAME)],
    )
    portrait_front = FormField(_CrossForm, CALIBRATION_SIDES["portrait_front"])
    portrait_back = FormField(_CrossForm, CALIBRATION_SIDES["portrait_back"])
    landscape_front = FormField(_CrossForm, CALIBRATION_SIDES["landscape_front"])
    landscape_back = FormField(_CrossForm, CALIBRATION_SIDES["landscape_back"])

    @property
    def measured(self) -> dict[str, Measured]:
        """What was filled in, by side."""
        return {
            side: Measured(float(self[side].left_mm.data), float(self[side].top_mm.data))
            for side in SIDES
        }


@needs(Right.PRINT_PERMITS)
def home() -> str:
    """Show the layouts and the printers."""
    community = own_community()
    return render_template(
        "office/print_setup.html",
        layouts=own_layouts(db.session, community.id),
        built_in=LAYOUTS.values(),
        printers=printers_of(db.session, community.id),
    )


@needs(Right.PRINT_PERMITS)
def new_layout() -> str | AnyResponse | tuple[str, int]:
    """Add a layout."""
    return _layout(None)


@needs(Right.PRINT_PERMITS)
def layout(layout_id: int) -> str | AnyResponse | tuple[str, int]:
    """Change a layout."""
    return _layout(own(OwnLayout, layout_id))


def _layout(one: OwnLayout | None) -> str | AnyResponse | tuple[str, int]:
    form = LayoutForm(data=_as_form(one.description) if one else None)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            save_layout(db.session, own_community().id, form.description, one)
        except DomainError as error:
            wrong = {LayoutTooWide: "columns", LayoutTooHigh: "rows", LayoutNameTaken: "name"}
            form[wrong[type(error)]].errors = [error_words(error)]
            status = error.status
        else:
            db.session.commit()
            done(_("The layout is saved. It is there to choose where permits are printed."))
            return redirect(url_for(".print_setup"))
    return render_template("office/layout.html", layout=one, form=form), status


@needs(Right.PRINT_PERMITS)
def take_layout_away(layout_id: int) -> AnyResponse:
    """Take a layout away."""
    remove_layout(db.session, own(OwnLayout, layout_id))
    db.session.commit()
    done(_("The layout is gone. What was printed with it stays."))
    return redirect(url_for(".print_setup"))


@needs(Right.PRINT_PERMITS)
def new_printer() -> str | AnyResponse | tuple[str, int]:
    """Add a printer."""
    return _printer(None)


@needs(Right.PRINT_PERMITS)
def printer(printer_id: int) -> str | AnyResponse | tuple[str, int]:
    """Change a printer."""
    return _printer(own(Printer, printer_id))


def _printer(one: Printer | None) -> str | AnyResponse | tuple[str, int]:
    measured = one.measured() if one else dict.fromkeys(SIDES, Measured())
    given = {
        side: {"left_mm": cross.left_mm, "top_mm": cross.top_mm} for side, cross in measured.items()
    }
    form = PrinterForm(data={"name": one.name if one else "", **given})
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            save_printer(db.session, own_community().id, form.name.data or "", form.measured, one)
        except PrinterNameTaken as error:
            form.name.errors, status = [error_words(error)], error.status
        except CrossTooFarOff as error:
            form[error.facts["side"]].left_mm.errors = [error_words(error)]
            status = error.status
        else:
            db.session.commit()
            done(_("The printer is saved. Choose it where permits are printed."))
            return redirect(url_for(".print_setup"))
    page = render_template(
        "office/printer.html", printer=one, form=form, sides=SIDES, cross=CROSS_MM, most=FARTHEST_MM
    )
    return page, status


@needs(Right.PRINT_PERMITS)
def take_printer_away(printer_id: int) -> AnyResponse:
    """Take a printer away."""
    remove_printer(db.session, own(Printer, printer_id))
    db.session.commit()
    done(_("The printer is gone."))
    return redirect(url_for(".print_setup"))


@needs(Right.PRINT_PERMITS)
def calibration() -> Response:
    """Give the pages on which a printer is measured."""
    register(context.print_settings().fonts)
    response = Response(calibration_pages(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="calibration.pdf"'
    return response
