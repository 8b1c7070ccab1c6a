"""The office's page for handing permits out: scan or type each one, and who signed for it."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app import context
from app.extensions import db
from app.forms import ActForm, trimmed
from app.languages import both
from app.pages import done
from app.rights import Right, needs, own, own_community, own_scope
from app.words import GATE_PAGE, error_words
from permits.handing_out import (
    hand_out,
    handed_out_lately,
    last_handed_out,
    left_to_hand_out,
    take_back,
    to_sign_for,
)
from permits.permit import Permit
from permits.plates import canonical
from permits.printing.signature_sheet import SignatureRow, signature_sheet
from records.errors import DomainError

LONGEST_SCAN = 600
"""Characters of a symbol that are looked at; a permit's has about 230."""

_CAMERA_WORDS = (
    "camera_refused",
    "needs_https",
    "no_camera",
    "no_camera_in_app",
    "photo_no_code",
)


class HandOutForm(FlaskForm):
    """A scanned code, or a serial that is typed."""

    text = StringField(
        _l("Scanned code or serial"),
        filters=[trimmed],
        validators=[DataRequired(), Length(max=LONGEST_SCAN)],
    )


@needs(Right.ISSUE_PERMITS)
def hand_out_permits() -> str | tuple[str, int]:
    """Show what is left to hand out, and mark what is scanned or typed."""
    form, permit, status = HandOutForm(), None, 200
    if form.validate_on_submit():
        try:
            permit = hand_out(
                db.session,
                own_community(),
                form.text.data or "",
                actor=current_user.actor,
                at=context.now(),
            )
            db.session.commit()
        except DomainError as error:
            status, sentence = error.status, error_words(error)
            db.session.rollback()
            form.text.errors = [sentence]
    elif form.is_submitted():
        status = 422
    faults = list(form.text.errors)
    form.text.data = ""
    is_part = "HX-Request" in request.headers
    community = own_community()
    left = left_to_hand_out(db.session, community)
    page = render_template(
        "office/_handed_out.html" if is_part else "office/hand_out.html",
        form=form,
        act_form=ActForm(),
        permit=permit,
        faults=faults,
        compounds=community.compounds,
        left=left,
        lately=handed_out_lately(db.session, community),
        undoable=last_handed_out(db.session, community, current_user.actor),
        page_words={key: both(GATE_PAGE[key]) for key in _CAMERA_WORDS},
    )
    # A part is put into the page whatever it says.
    return page, 200 if is_part else status


@needs(Right.ISSUE_PERMITS)
def take_permit_back(permit_id: int) -> AnyResponse:
    """Undo the last hand-over."""
    one = own(Permit, permit_id)
    take_back(db.session, own_community(), one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("%(serial)s waits for its owner again.", serial=one.serial))
    return redirect(url_for(".hand_out_permits"))


@needs(Right.ISSUE_PERMITS)
def signatures() -> Response:
    """Give the sheet on which owners sign; it names flats and is kept nowhere."""
    community = own_community()
    compound = own_scope(request.args.get("compound", type=int))
    rows = [row_of(one) for one in to_sign_for(db.session, community, compound)]
    settings, day = context.print_settings(), community.local_day(context.now())
    content = signature_sheet(
        rows,
        community=community.name,
        community_en=community.name_en,
        day=day,
        fonts=settings.fonts,
    )
    response = Response(content, mimetype="application/pdf")
    name = f"signatures-{compound.letter if compound else 'all'}-{day}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def row_of(permit: Permit) -> SignatureRow:
    """Return the row in which a permit's owner signs."""
    compound, household = permit.compound, permit.vehicle.household
    return SignatureRow(
        letter=compound.letter,
        colour=compound.colour,
        compound=compound.name,
        compound_en=compound.name_en,
        household="-".join(part for part in household.key if part) if household else "",
        plate=canonical(permit.plate).shown,
        serial=permit.serial,
    )
