"""The office's pages for print runs: choose, see beforehand, print, and print one again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, render_template, request, send_from_directory
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from app import context
from app.extensions import db
from app.languages import name_of
from app.pages import page_of
from app.progress import run
from app.rights import Right, needs, own, own_community
from app.words import FLIPS, INKS, LAYOUTS, WHY_AGAIN, error_words
from permits.counts import counts_of
from permits.own_layout import layout_named, own_layouts
from permits.permit import Permit, PermitState
from permits.print_batch import Batch, choose
from permits.print_run import PrintRun, times_printed
from permits.printer import printers_of
from permits.printing import Flip, Ink, PrintOptions
from permits.printing.options import PlaceNotOnSheet
from permits.printing.preview import Part, preview_png
from records.errors import DomainError
from zones.communities import Community, Compound
from zones.plans import plan_in_force

ALL_COMPOUNDS = 0
"""The choice for every compound."""

PREVIEWED = 12
"""Permits on a previewed sheet at most."""

NO_PRINTER = 0
"""The choice for a printer that was not measured."""


class PaperForm(FlaskForm):
    """On what it is printed, and how."""

    layout = RadioField(_l("Layout"), default="card")
    ink = RadioField(_l("Ink"), choices=list(INKS.items()), default=Ink.COLOUR)
    flip = SelectField(
        _l("Sides"),
        description=_l("Stickers have no back."),
        choices=list(FLIPS.items()),
        default=Flip.LONG,
    )
    first_place = IntegerField(
        _l("First free place"),
        description=_l(
            "On a used sheet, count from the upper left, row by row. 1 for a fresh sheet."
        ),
        default=1,
        validators=[InputRequired()],
    )
    printer = SelectField(_l("Printer"), coerce=int, default=NO_PRINTER)

    def __init__(self, community: Community, **given: Any) -> None:
        super().__init__(**given)
        self.community = community
        self.layout.choices = [
            *LAYOUTS.items(),
            *((one.code, one.name) for one in own_layouts(db.session, community.id)),
        ]
        self.printer.choices = [
            (NO_PRINTER, _("Any printer")),
            *((one.id, one.name) for one in printers_of(db.session, community.id)),
        ]

    def validate_first_place(self, field: IntegerField) -> None:
        """Accept a place that is on the chosen layout's sheet."""
        if self.layout.data not in dict(self.layout.choices) or field.data is None:
            return
        try:
            options = PrintOptions(first_place=field.data)
            options.require_place(layout_named(db.session, self.community.id, self.layout.data))
        except PlaceNotOnSheet as error:
            raise ValidationError(error_words(error)) from None

    @property
    def options(self) -> PrintOptions:
        """What was chosen beside the layout."""
        return PrintOptions(Ink(self.ink.data), Flip(self.flip.data), self.first_place.data or 1)

    @property
    def arguments(self) -> dict[str, Any]:
        """What was chosen, as a job takes it."""
        return {
            "layout": self.layout.data,
            "ink": self.ink.data,
            "flip": self.flip.data,
            "first_place": self.first_place.data,
            "printer_id": self.printer.data or None,
        }


class PrintForm(PaperForm):
    """What to print, and on what."""

    compound = SelectField(_l("Compound"), coerce=int)
    only_new = BooleanField(_l("Only permits that were never printed"), default=True)

    def __init__(self, community: Community, **given: Any) -> None:
        super().__init__(community, **given)
        self.compound.choices = [
            (ALL_COMPOUNDS, _("All compounds")),
            *((one.id, f"{one.letter}  {name_of(one)}") for one in community.compounds),
        ]


class PrintOneForm(PaperForm):
    """One permit; a reason where it was printed before."""

    why_again = RadioField(
        _l("Why is it printed again?"),
        description=_l("It stands in the ledger. The number and the code stay the same."),
        choices=list(WHY_AGAIN.items()),
        validators=[InputRequired()],
    )


@needs(Right.PRINT_PERMITS)
def print_permits() -> str | AnyResponse | tuple[str, int]:
    """Ask what to print, and show what was printed before."""
    community = own_community()
    form = PrintForm(community)
    if form.validate_on_submit():
        return run(
            "print",
            community_id=community.id,
            compound_id=form.compound.data or None,
            only_new=form.only_new.data,
            **form.arguments,
        )
    if not form.is_submitted():
        form.compound.data = request.args.get("compound", ALL_COMPOUNDS, type=int)
    plan = plan_in_force(db.session, community.id, community.local_day(context.now()))
    runs = select(PrintRun).where(PrintRun.community_id == community.id)
    page = render_template(
        "office/print.html",
        form=form,
        counts=counts_of(db.session, community, plan),
        page=page_of(runs.order_by(PrintRun.id.desc()), size=20),
        shown=_shown_parts(form, None),
    )
    return page, 422 if form.is_submitted() else 200


@needs(Right.PRINT_PERMITS)
def print_one(permit_id: int) -> str | AnyResponse | tuple[str, int]:
    """Print one permit, on a sheet of its own or at the free place of a used one."""
    one = own(Permit, permit_id)
    usual = {"layout": "a5"} if one.is_temporary else {}
    form = PrintOneForm(own_community(), data=usual)
    if one.state == PermitState.ISSUED:
        del form.why_again
    if form.validate_on_submit():
        return run(
            "print",
            community_id=one.community_id,
            compound_id=one.compound_id,
            only_new=False,
            permit_ids=[one.id],
            why_again=form.why_again.data if form.why_again else None,
            **form.arguments,
        )
    page = render_template(
        "office/print_one.html",
        permit=one,
        form=form,
        times=times_printed(db.session, one),
        shown=_shown_parts(form, one),
    )
    return page, 422 if form.is_submitted() else 200


def _shown_parts(form: PaperForm, permit: Permit | None) -> dict[str, Any]:
    """Return what the preview shows: its parts, its pictures' arguments, and what is wrong."""
    layout_name = form.layout.data
    if layout_name not in dict(form.layout.choices):
        return {}
    layout = layout_named(db.session, form.community.id, layout_name)
    arguments: dict[str, Any] = {
        "layout": layout_name,
        "ink": form.ink.data,
        "flip": form.flip.data,
        "first_place": 1 if form.first_place.errors else form.first_place.data or 1,
    }
    if permit is not None:
        arguments["permit"] = permit.id
    if isinstance(form, PrintForm) and form.compound.data:
        arguments["compound"] = form.compound.data
    faults = list(form.first_place.errors)
    try:
        _few(arguments, most=1)
    except DomainError as error:
        return {"layout": layout, "faults": [error_words(error)]}
    parts = [Part.PERMIT, Part.SHEET]
    if layout.has_back and form.flip.data != Flip.NONE:
        parts.insert(1, Part.BACK)
    return {"layout": layout, "arguments": arguments, "parts": parts, "faults": faults}


@needs(Right.PRINT_PERMITS)
def preview() -> str:
    """Give the part of the page that shows what would be printed."""
    permit = own(Permit, request.args.get("permit", type=int)) if "permit" in request.args else None
    form_class = PaperForm if permit else PrintForm
    form = form_class(own_community(), formdata=request.args, meta={"csrf": False})
    form.validate()
    return render_template("office/_preview.html", shown=_shown_parts(form, permit))


@needs(Right.PRINT_PERMITS)
def preview_picture() -> Response:
    """Give a picture of the first permit of a run, its back or its sheet."""
    try:
        batch = _few(request.args.to_dict(), most=PREVIEWED)
    except DomainError:
        abort(404)
    part = request.args.get("part")
    settings = context.print_settings()
    # Drawing takes a moment: no transaction is open meanwhile.
    db.session.rollback()
    content = preview_png(
        batch.printed,
        batch.layout,
        batch.options,
        Part(part) if part in set(Part) else Part.PERMIT,
        fonts=settings.fonts,
        report_url=settings.public_url,
    )
    return Response(content, mimetype="image/png")


def _few(arguments: Mapping[str, Any], *, most: int) -> Batch:
    """Return the first permits in force of what was chosen, whether printed before or not."""
    compound, permit = _number(arguments.get("compound")), _number(arguments.get("permit"))
    ink, flip = arguments.get("ink"), arguments.get("flip")
    return choose(
        db.session,
        own_community(),
        context.print_settings(),
        layout=arguments.get("layout", "card"),
        at=context.now(),
        compound=own(Compound, compound) if compound else None,
        permit_ids=[own(Permit, permit).id] if permit else None,
        options=PrintOptions(
            Ink(ink) if ink in set(Ink) else Ink.COLOUR,
            Flip(flip) if flip in set(Flip) else Flip.LONG,
            _number(arguments.get("first_place")) or 1,
        ),
        most=most,
    )


def _number(text: object) -> int | None:
    return int(str(text)) if str(text).isascii() and str(text).isdecimal() else None


@needs(Right.PRINT_PERMITS)
def print_run(run_id: int) -> str:
    """Show a print run and how to print its file."""
    one = own(PrintRun, run_id)
    # A run of the command line leaves its file where the command said.
    is_here = (context.settings().home.prints / one.file_name).is_file()
    return render_template("office/print_run.html", run=one, is_here=is_here)


@needs(Right.PRINT_PERMITS)
def printed_file(run_id: int) -> Response:
    """Give the printed PDF."""
    one = own(PrintRun, run_id)
    return send_from_directory(
        context.settings().home.prints,
        one.file_name,
        mimetype="application/pdf",
        as_attachment=True,
        download_name=one.file_name,
    )
