"""The office's pages for permits: issue, print, hand over, replace and revoke."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context, hand_out, print_desk, print_setup, renewal_pages
from app.extensions import db
from app.forms import ActForm, ReasonForm, SearchForm
from app.pages import done, page_of
from app.permits_shown import permits_query
from app.progress import run
from app.rights import Right, needs, own, own_community, own_scope
from permits.ending import revoke
from permits.issuing import hand_over, replace
from permits.permit import Permit
from permits.temporary import issue_temporary, temporary_of
from zones.communities import Compound

blueprint = Blueprint("permits", __name__, url_prefix="/office/permits")


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
    return render_template(
        "office/permit.html",
        permit=one,
        temporary=temporary_of(db.session, one),
        form=form,
        act_form=ActForm(),
    )


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


@blueprint.post("/<int:permit_id>/temporary")
@needs(Right.ISSUE_PERMITS)
def issue_temporary_permit(permit_id: int) -> Response:
    """Issue a sheet of paper that stands in for a card, and lead on to printing it."""
    paper = issue_temporary(
        db.session,
        own(Permit, permit_id),
        keys=context.keys(),
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    return redirect(url_for(".print_one", permit_id=paper.id))


@blueprint.post("/<int:permit_id>/hand-over")
@needs(Right.ISSUE_PERMITS)
def hand_over_permit(permit_id: int) -> Response:
    """Mark a permit as handed over to its owner."""
    one = own(Permit, permit_id)
    if hand_over(db.session, [one], actor=current_user.actor, at=context.now()):
        done(_("%(serial)s is handed over.", serial=one.serial))
    db.session.commit()
    return redirect(url_for(".permit", permit_id=permit_id))


_BOTH = ("GET", "POST")

blueprint.route("/renewal", methods=_BOTH)(renewal_pages.renewal)

blueprint.route("/print", methods=_BOTH)(print_desk.print_permits)
blueprint.route("/<int:permit_id>/print", methods=_BOTH)(print_desk.print_one)
blueprint.get("/print/preview")(print_desk.preview)
blueprint.get("/print/preview.png")(print_desk.preview_picture)
blueprint.get("/print-runs/<int:run_id>")(print_desk.print_run)
blueprint.get("/print-runs/<int:run_id>/permits.pdf")(print_desk.printed_file)

blueprint.route("/layouts/new", methods=_BOTH)(print_setup.new_layout)
blueprint.route("/layouts/<int:layout_id>", methods=_BOTH)(print_setup.layout)
blueprint.post("/layouts/<int:layout_id>/remove", endpoint="remove_layout")(
    print_setup.take_layout_away
)
blueprint.get("/print-setup", endpoint="print_setup")(print_setup.home)
blueprint.route("/printers/new", methods=_BOTH)(print_setup.new_printer)
blueprint.route("/printers/<int:printer_id>", methods=_BOTH)(print_setup.printer)
blueprint.post("/printers/<int:printer_id>/remove", endpoint="remove_printer")(
    print_setup.take_printer_away
)
blueprint.get("/calibration.pdf")(print_setup.calibration)

blueprint.route("/hand-out", methods=_BOTH)(hand_out.hand_out_permits)
blueprint.post("/<int:permit_id>/take-back")(hand_out.take_permit_back)
blueprint.get("/hand-out/signatures.pdf")(hand_out.signatures)
