"""One conflict: both claims with evidence for the office, the own side for a representative."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app import context
from app.extensions import db, limiter
from app.forms import ActForm, trimmed
from app.languages import name_of
from app.pages import done
from app.rights import Right, needs, own, own_claim, own_scope
from app.words import error_words
from permits.approving import NoConflict, settle_conflict
from permits.conflicts import claims_of, is_open
from permits.evidence import (
    KEPT_AFTER_DECISION,
    MAX_BYTES,
    MOST_EACH_SIDE,
    ShownEvidence,
    evidence_of,
    hand_in_evidence,
    show_evidence,
)
from permits.plate_list import ConflictDecision, ListState, Outcome, PlateListRow
from records.errors import DomainError
from records.people import users_of
from zones.communities import Compound


class ConflictForm(FlaskForm):
    """Who keeps the plate, and why."""

    decision = RadioField(
        _l("Decision"),
        validators=[InputRequired()],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Both representatives will read it."),
        filters=[trimmed],
        validators=[DataRequired(), Length(max=500)],
    )

    def __init__(self, row: PlateListRow) -> None:
        super().__init__()
        rival, claimant = name_of(row.claimed_by), name_of(row.plate_list.compound)
        self.decision.choices = [
            (ConflictDecision.KEEP, _("It stays with %(compound)s", compound=rival)),
            (ConflictDecision.MOVE, _("It moves to %(compound)s", compound=claimant)),
        ]


class EvidenceForm(FlaskForm):
    """A picture of a registration certificate."""

    file = FileField(
        _l("Photo or scan of the registration certificate"),
        description=_l("JPEG, PNG, WebP or PDF, 10 MB at most. Of a PDF the first page is kept."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class SideEvidenceForm(EvidenceForm):
    """The same, and for which side the office hands it in."""

    side = RadioField(_l("For"), coerce=int, validators=[InputRequired()])

    def __init__(self, row: PlateListRow) -> None:
        super().__init__()
        self.side.choices = [
            (one.id, name_of(one)) for one in (row.claimed_by, row.plate_list.compound) if one
        ]


def _conflict_row(row: PlateListRow) -> PlateListRow:
    if row.plate_list.state == ListState.REVIEWED:
        abort(404)
    if row.outcome != Outcome.CONFLICT or row.plate_list.state == ListState.WITHDRAWN:
        raise NoConflict(row=row.row)
    return row


@needs(Right.DECIDE_LIST)
def conflict(row_id: int) -> str | Response | tuple[str, int]:
    """Show both claims on a plate, and take the decision."""
    row = _conflict_row(own(PlateListRow, row_id))
    form = ConflictForm(row)
    if not form.validate_on_submit():
        return _page(row, form=form), 422 if form.is_submitted() else 200
    settle_conflict(
        db.session,
        row,
        ConflictDecision(form.decision.data),
        form.reason.data or "",
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The conflict is settled. Both representatives see your reason."))
    return redirect(url_for("office.plate_list", list_id=row.list_id))


def _page(
    row: PlateListRow,
    *,
    form: ConflictForm | None = None,
    evidence_form: SideEvidenceForm | None = None,
    shown: Sequence[ShownEvidence] | None = None,
) -> str:
    users = users_of(db.session, row.plate_list.compound.community_id)
    return render_template(
        "office/conflict.html",
        row=row,
        is_open=is_open(row),
        claims=claims_of(db.session, row),
        people={one.actor: one for one in users},
        evidence=evidence_of(db.session, row),
        shown=shown,
        form=form or ConflictForm(row),
        evidence_form=evidence_form or SideEvidenceForm(row),
        act_form=ActForm(),
        kept_days=KEPT_AFTER_DECISION.days,
    )


@needs(Right.DECIDE_LIST)
@limiter.limit("60 per minute")
def add_evidence(row_id: int) -> Response | tuple[str, int]:
    """Hand in evidence for one side, as it was brought to the office."""
    row = _conflict_row(own(PlateListRow, row_id))
    form = SideEvidenceForm(row)
    if not form.validate_on_submit():
        return _page(row, evidence_form=form), 422
    refused = _hand_in(row, own(Compound, form.side.data), form)
    if refused:
        return _page(row, evidence_form=form), refused.status
    return redirect(url_for("office.conflict", row_id=row.id))


def _hand_in(row: PlateListRow, compound: Compound, form: EvidenceForm) -> DomainError | None:
    """Keep what was sent; return the refusal, which then stands beside the field."""
    try:
        hand_in_evidence(
            db.session,
            row,
            compound,
            form.file.data.read(MAX_BYTES + 1),
            files=context.files(),
            sealer=context.sealer(),
            actor=current_user.actor,
            at=context.now(),
        )
    except DomainError as error:
        db.session.rollback()
        form.file.errors = [error_words(error)]
        return error
    db.session.commit()
    done(_("Received. Only the office sees it."))
    return None


@needs(Right.DECIDE_LIST)
def see_evidence(row_id: int) -> str:
    """Show the evidence of both sides; that somebody looked is in the ledger."""
    row = _conflict_row(own(PlateListRow, row_id))
    shown = show_evidence(
        db.session,
        row,
        files=context.files(),
        sealer=context.sealer(),
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    return _page(row, shown=shown)


@needs(Right.HAND_IN_LIST)
@limiter.limit("60 per minute", methods=["POST"])
def own_conflict(row_id: int) -> str | Response | tuple[str, int]:
    """Show a conflict to a representative of one side, and take that side's evidence."""
    row, form = _conflict_row(own_claim(row_id)), EvidenceForm()
    compound = own_scope()
    if compound is None:
        abort(404)
    status = 200
    if form.validate_on_submit():
        refused = _hand_in(row, compound, form)
        if refused is None:
            return redirect(url_for("representative.conflict", row_id=row.id))
        status = refused.status
    elif form.is_submitted():
        status = 422
    page = render_template(
        "representative/conflict.html",
        row=row,
        is_open=is_open(row),
        claim=next(one for one in claims_of(db.session, row) if one.compound is compound),
        evidence=evidence_of(db.session, row, compound),
        most=MOST_EACH_SIDE,
        kept_days=KEPT_AFTER_DECISION.days,
        form=form,
    )
    return page, status
