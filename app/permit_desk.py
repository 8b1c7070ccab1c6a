"""The office's pages for permits: issue, print, hand over, replace and revoke."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, send_from_directory, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectField

from app import context
from app.extensions import db
from app.forms import ActForm, ReasonForm, SearchForm
from app.languages import name_of
from app.pages import done, page_of
from app.permits_shown import permits_query
from app.progress import run
from app.rights import Right, needs, own, own_community, own_scope
from app.words import LAYOUTS
from permits.counts import counts_of
from permits.ending import revoke
from permits.issuing import hand_over, replace
from permits.permit import Permit
from permits.print_run import PrintRun
from zones.communities import Compound
from zones.plans import plan_in_force

blueprint = Blueprint("permits", __name__, url_prefix="/office/permits")

ALL_COMPOUNDS = 0
"""The choice for every compound."""


class PrintForm(FlaskForm):
    """What to print, and on what."""

    compound = SelectField(_l("Compound"), coerce=int)
    layout = RadioField(_l("Layout"), choices=list(LAYOUTS.items()), default="card")
    only_new = BooleanField(_l("Only permits that were never printed"), default=True)

    def __init__(self, compounds: list[Compound]) -> None:
        super().__init__()
        self.compound.choices = [
            (ALL_COMPOUNDS, _("All compounds")),
            *((one.id, f"{one.letter}  {name_of(one)}") for one in compounds),
        ]


@blueprint.route("/", methods=["GET", "POST"])
@needs(Right.ISSUE_PERMITS)
def all_permits() -> str:
    """Find permits by plate, serial, household, state and compound."""
    community, form = own_community(), SearchForm()
    compound = own_scope(request.args.get("compound", type=int))
    state = request.args.get("state")
    return render_template(
        "office/permits.html",
        page=page_of(permits_query(community, compound, form.text.data, state)),
        form=form,
        act_form=ActForm(),
        compound=compound,
        compounds=community.compounds,
        state=state,
    )


@blueprint.get("/<int:permit_id>")
@needs(Right.ISSUE_PERMITS)
def permit(permit_id: int) -> str:
    """Show one permit and what can be done with it."""
    return _permit(own(Permit, permit_id), ReasonForm())


def _permit(one: Permit, form: ReasonForm) -> str:
    return render_template("office/permit.html", permit=one, form=form, act_form=ActForm())


@blueprint.post("/issue")
@needs(Right.ISSUE_PERMITS)
def issue_permits() -> Response:
    """Issue permits for every vehicle that has none."""
    # A compound that cannot be read must not stand for all of them.
    asked = request.form.get("compound") or None
    compound = own(Compound, int(asked) if asked.isdecimal() else None) if asked else None
    return run(
        "issue",
        community_id=current_user.community_id,
        compound_id=compound.id if compound else None,
    )


@blueprint.post("/<int:permit_id>/revoke")
@needs(Right.END_PERMIT)
def revoke_permit(permit_id: int) -> Response | tuple[str, int]:
    """End a permit: every gate refuses it from now on."""
    one, form = own(Permit, permit_id), ReasonForm()
    if not form.validate_on_submit():
        return _permit(one, form), 422
    revoke(db.session, one, form.reason.data or "", actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Permit %(serial)s is revoked. Every gate refuses it from now on.", serial=one.serial))
    return redirect(url_for(".permit", permit_id=permit_id))


@blueprint.post("/<int:permit_id>/replace")
@needs(Right.END_PERMIT)
def replace_permit(permit_id: int) -> Response | tuple[str, int]:
    """Issue a new permit for a lost or spoiled one, which is refused from now on."""
    one, form = own(Permit, permit_id), ReasonForm()
    if not form.validate_on_submit():
        return _permit(one, form), 422
    new = replace(
        db.session,
        one,
        form.reason.data or "",
        keys=context.keys(),
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    words = _("%(old)s is replaced by %(new)s. Print the new one.", old=one.serial, new=new.serial)
    done(words)
    return redirect(url_for(".permit", permit_id=new.id))


@blueprint.post("/hand-over")
@needs(Right.ISSUE_PERMITS)
def hand_over_permits() -> Response:
    """Mark the chosen permits as handed over to their owners."""
    chosen = [own(Permit, key) for key in request.form.getlist("permit", type=int)]
    count = hand_over(db.session, chosen, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(
        ngettext("%(num)s permit is handed over.", "%(num)s permits are handed over.", count)
        if count
        else _("Choose the permits that were handed over.")
    )
    if len(chosen) == 1:
        return redirect(url_for(".permit", permit_id=chosen[0].id))
    return redirect(url_for(".all_permits", state="printed"))


@blueprint.route("/print", methods=["GET", "POST"])
@needs(Right.PRINT_PERMITS)
def print_permits() -> str | Response | tuple[str, int]:
    """Ask what to print, and show what was printed before."""
    community = own_community()
    form = PrintForm(community.compounds)
    if form.validate_on_submit():
        return run(
            "print",
            community_id=community.id,
            compound_id=form.compound.data or None,
            layout=form.layout.data,
            only_new=form.only_new.data,
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
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/<int:permit_id>/print")
@needs(Right.PRINT_PERMITS)
def print_one(permit_id: int) -> Response:
    """Print one permit, on a sheet of its own."""
    one = own(Permit, permit_id)
    layout = request.form.get("layout", "card")
    return run(
        "print",
        community_id=one.community_id,
        compound_id=one.compound_id,
        layout=layout,
        only_new=False,
        permit_ids=[one.id],
    )


@blueprint.get("/print-runs/<int:run_id>")
@needs(Right.PRINT_PERMITS)
def print_run(run_id: int) -> str:
    """Show a print run and how to print its file."""
    one = own(PrintRun, run_id)
    # A run of the command line leaves its file where the command said.
    is_here = (context.settings().home.prints / one.file_name).is_file()
    return render_template("office/print_run.html", run=one, is_here=is_here)


@blueprint.get("/print-runs/<int:run_id>/permits.pdf")
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
