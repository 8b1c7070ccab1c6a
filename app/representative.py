"""The representative's pages: hand in lists, see and mend their outcomes, see the own permits."""

from __future__ import annotations

import io

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length, ValidationError

from app import conflict_pages, context, list_mending, list_templates, list_typing, words
from app.extensions import db, limiter
from app.forms import SearchForm
from app.lists_shown import row_words, waiting_lists
from app.pages import done, page_of
from app.permits_shown import permits_query
from app.progress import run
from app.rights import Right, needs, own, own_community, own_scope
from app.words import MEANINGS, error_words
from permits.conflicts import conflicts_query
from permits.counts import counts_of
from permits.ending_soon import endings
from permits.plate_list import (
    REFUSED,
    ListMeaning,
    ListState,
    PlateList,
    PlateListRow,
    lists_query,
)
from permits.reading import MAX_FILE_BYTES
from permits.refused_rows import refused_workbook
from permits.request import open_requests
from permits.row_talk import open_questions_by_list
from permits.submitting import draft_from_file, submit, withdraw
from records import ledger
from records.errors import DomainError
from zones.areas import zones_of
from zones.communities import Compound
from zones.joint_meetings import waiting_query
from zones.plans import PlanState, plan_in_force, plans_of

blueprint = Blueprint("representative", __name__, url_prefix="/compound")

AT_ONCE_BYTES = 300_000
"""Larger files are read as a job: a request should not last over two seconds."""


LONGEST_PASTE = 1_000_000
"""Characters that may be pasted: 50,000 rows of a plate and a flat. More is sent as a file."""


class HandInForm(FlaskForm):
    """A file or pasted text, and what the list means."""

    file = FileField(_l("File"), description=_l("Excel, ods or csv, 10 MB at most"))
    text = TextAreaField(
        _l("Or paste the list"),
        description=_l("Cells copied from Excel, or one plate a line"),
        validators=[Length(max=LONGEST_PASTE)],
    )
    typed = HiddenField()
    meaning = RadioField(
        _l("What this list means"),
        choices=[(meaning, MEANINGS[meaning]) for meaning in ListMeaning],
        default=ListMeaning.ADD,
    )

    def validate_file(self, field: FileField) -> None:
        """Refuse nothing at all, and two lists at once."""
        pasted = bool((self.text.data or "").strip())
        if not field.data and not pasted and not self.typed.data:
            raise ValidationError(_("Choose a file, or paste the list below."))
        if field.data and pasted:
            raise ValidationError(_("Choose a file or paste the list, not both."))

    def validate_typed(self, field: HiddenField) -> None:
        """Refuse an empty table."""
        if field.data and not (self.text.data or "").strip():
            raise ValidationError(_("There is nothing in the table yet."))


def _own_compound() -> Compound:
    compound = own_scope()
    if compound is None:
        abort(404)
    return compound


@blueprint.get("/")
@needs(Right.HAND_IN_LIST)
def home() -> str:
    """Show the own compound's numbers, lists and what waits for a vote."""
    compound, community = _own_compound(), own_community()
    plan = plan_in_force(db.session, community.id, community.local_day(context.now()))
    all_counts = counts_of(db.session, community, plan)
    own_counts = next(one for one in all_counts if one.compound.id == compound.id)
    decided = lists_query(community, compound, [ListState.APPROVED])
    conflicts = db.session.scalars(conflicts_query(community, compound).limit(50)).all()
    open_plans = [
        one for one in plans_of(db.session, community.id) if one.state == PlanState.PROPOSED
    ]
    return render_template(
        "representative/home.html",
        compound=compound,
        counts=own_counts,
        all_counts=all_counts,
        all_spaces=sum(zone.spaces for zone in zones_of(db.session, community.id)),
        waiting=waiting_lists(community, compound),
        decided=db.session.scalars(decided.limit(5)).all(),
        conflicts=conflicts,
        open_questions=open_questions_by_list(db.session, community, compound),
        open_plans=open_plans,
        endings=endings(db.session, community, context.now(), compound),
        requests_open=open_requests(db.session, community, compound),
        sheets=db.session.scalars(waiting_query(community, compound.id)).all(),
    )


@blueprint.route("/lists/new", methods=["GET", "POST"])
@needs(Right.HAND_IN_LIST)
@limiter.limit("30 per minute", methods=["POST"])
def hand_in() -> str | Response | tuple[str, int]:
    """Take a list, review it and show what would become of each row."""
    form = HandInForm()
    if not form.validate_on_submit():
        return _hand_in(form), 422 if form.is_submitted() else 200
    upload = form.file.data
    if upload:
        content, name = upload.read(MAX_FILE_BYTES + 1), upload.filename or ""
    else:
        name = _("typed list") if form.typed.data else _("pasted list")
        content, name = (form.text.data or "").encode(), name + ".txt"
    if len(content) > AT_ONCE_BYTES:
        return run(
            "review",
            compound_id=_own_compound().id,
            sha256=context.files().keep(content),
            file_name=name,
            meaning=form.meaning.data,
        )
    try:
        plate_list = draft_from_file(
            db.session,
            _own_compound(),
            content=content,
            file_name=name,
            meaning=ListMeaning(form.meaning.data),
            files=context.files(),
            sealer=context.sealer(),
            actor=current_user.actor,
            at=context.now(),
        )
    except DomainError as error:
        field = form.file if upload else form.text
        field.errors = [error_words(error)]
        return _hand_in(form), error.status
    db.session.commit()
    return redirect(url_for(".plate_list", list_id=plate_list.id))


def _hand_in(form: HandInForm) -> str:
    if form.typed.data:
        return list_typing.typing_page(form)
    return render_template("representative/hand_in.html", form=form)


@blueprint.get("/lists/table")
@needs(Right.HAND_IN_LIST)
def type_list() -> str:
    """Show the table in which a list is typed; it is sent to `hand_in` as pasted text."""
    return list_typing.typing_page(HandInForm())


blueprint.get("/lists/template.xlsx")(list_templates.template)
blueprint.post("/lists/check-plates")(list_typing.check_plates)
blueprint.get("/lists/<int:list_id>")(list_mending.plate_list)
blueprint.route("/rows/<int:row_id>/mend", methods=["GET", "POST"])(list_mending.mend)
blueprint.route("/rows/<int:row_id>/answer", methods=["GET", "POST"])(list_mending.answer_row)
blueprint.post("/lists/<int:list_id>/keep")(list_mending.keep_forgotten_car)
blueprint.post("/rows/<int:row_id>/leave-out")(list_mending.leave_row_out)
blueprint.post("/rows/<int:row_id>/take-in")(list_mending.take_row_in)


@blueprint.post("/lists/<int:list_id>/submit")
@needs(Right.HAND_IN_LIST)
def submit_list(list_id: int) -> Response:
    """Hand the reviewed list to the office."""
    one = own(PlateList, list_id)
    submit(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The list is with the office now."))
    return redirect(url_for(".plate_list", list_id=list_id))


@blueprint.post("/lists/<int:list_id>/withdraw")
@needs(Right.HAND_IN_LIST)
def withdraw_list(list_id: int) -> Response:
    """Take the list back."""
    one = own(PlateList, list_id)
    withdraw(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The list is taken back. Nothing was changed."))
    return redirect(url_for(".home"))


@blueprint.post("/lists/<int:list_id>/refused.xlsx")
@needs(Right.HAND_IN_LIST)
def refused(list_id: int) -> Response:
    """Give the refused rows as a workbook with reasons; personal data shown is in the ledger."""
    one = own(PlateList, list_id)
    rows = db.session.scalars(
        select(PlateListRow)
        .where(PlateListRow.list_id == one.id, PlateListRow.outcome.in_(REFUSED))
        .order_by(PlateListRow.id)
    ).all()
    header = [*list_templates.header(), _("Reason")]
    content = refused_workbook(
        rows,
        context.sealer(),
        header=header,
        reason=lambda row: f"{words.OUTCOMES[row.outcome]}{_(': ')}{row_words(row)}",
    )
    act = ledger.Act("list.refused_rows_given", f"list:{one.id}", {"rows": len(rows)})
    ledger.append(db.session, current_user.actor, [act], context.now())
    db.session.commit()
    stem = secure_filename(one.file_name.rsplit(".", 1)[0]) or f"list-{one.id}"
    return send_file(
        io.BytesIO(content),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"{stem}-refused.xlsx",
    )


@blueprint.route("/permits", methods=["GET", "POST"])
@needs(Right.HAND_IN_LIST)
def permits() -> str:
    """Show the own compound's permits."""
    compound = _own_compound()
    form, state = SearchForm(), request.args.get("state")
    query = permits_query(own_community(), compound, form.text.data, state)
    return render_template(
        "representative/permits.html",
        page=page_of(query),
        form=form,
        compound=compound,
        state=state,
    )


blueprint.route("/conflicts/<int:row_id>", methods=["GET", "POST"], endpoint="conflict")(
    conflict_pages.own_conflict
)
