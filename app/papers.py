"""Papers of the community: public notices, and joint meetings with the votes given on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app import context, wall_papers
from app.extensions import db, limiter
from app.forms import ActForm, trimmed
from app.pages import done, page_of
from app.progress import run
from app.rights import Right, needs, own, own_community, own_scope
from app.words import error_words
from permits.meeting_papers import draw_meeting_papers
from permits.notice import PublicNotice
from permits.noticing import notices_query
from permits.printing.meeting import Invitation
from permits.proposals import proposal_of
from permits.public_facts import facts_under_head
from records.errors import DomainError
from zones.areas import zones_of
from zones.communities import Compound
from zones.joint_meetings import (
    JointMeeting,
    PaperVote,
    SheetVote,
    answer_sheet,
    meetings_query,
    record_meeting,
)
from zones.plans import PlanState, ZonePlan, plan_in_force, plans_of

blueprint = Blueprint("papers", __name__, url_prefix="/papers")

MEETING_BEFORE = (PlanState.DRAFT, PlanState.PROPOSED)
"""States of the plans on which a meeting can decide."""


class PapersForm(FlaskForm):
    """When and where the next meeting is; both may stay empty on the paper."""

    held_on = DateField(_l("Day of the meeting"), validators=[Optional()])
    place = StringField(_l("Place"), filters=[trimmed], validators=[Optional(), Length(max=80)])


class MeetingForm(FlaskForm):
    """What a meeting decided; the compounds' votes are read beside it."""

    held_on = DateField(_l("Day of the meeting"), validators=[InputRequired()])
    attended = IntegerField(
        _l("How many people came"), validators=[InputRequired(), NumberRange(1, 10_000)]
    )
    first_day = DateField(
        _l("First day of the plan"),
        description=_l("For a draft: it is put to the vote with this day."),
        validators=[InputRequired()],
    )
    note = TextAreaField(
        _l("What was said"),
        description=_l("All representatives can read it. Name nobody."),
        filters=[trimmed],
        validators=[Length(max=2000)],
    )


def _open_plans() -> list[ZonePlan]:
    plans = plans_of(db.session, own_community().id)
    return [one for one in plans if one.state in MEETING_BEFORE]


@blueprint.get("/")
@needs(Right.PRINT_NOTICE)
def home() -> str:
    """Show the notices that were printed and the meetings that were held."""
    return _home(PapersForm(formdata=None))


def _home(form: PapersForm) -> str:
    community = own_community()
    return render_template(
        "papers/home.html",
        page=page_of(notices_query(community), 12),
        meetings=db.session.scalars(meetings_query(community).limit(20)).all(),
        plans=_open_plans(),
        form=form,
        compounds=community.compounds,
        zones=zones_of(db.session, community.id),
    )


@blueprint.post("/notices")
@needs(Right.PRINT_NOTICE)
@limiter.limit("10 per minute")
def print_notice() -> AnyResponse:
    """Print a public notice under a signed head: the community's, or one compound's own."""
    asked = request.form.get("compound", type=int)
    compound = own(Compound, asked) if asked else None
    return run(
        "notice",
        community_id=own_community().id,
        compound_id=compound.id if compound else None,
    )


blueprint.post("/zone-signs.pdf")(limiter.limit("10 per minute")(wall_papers.print_zone_signs))


@blueprint.get("/notices/<int:notice_id>/notice.pdf")
@needs(Right.PRINT_NOTICE)
def notice(notice_id: int) -> Response:
    """Give a notice as it was printed."""
    one = own(PublicNotice, notice_id)
    return _file(one.file_sha256, "application/pdf", f"notice-{one.head_number}.pdf")


def _file(sha256: str, media_type: str, name: str) -> Response:
    try:
        content = context.files().read(sha256)
    except FileNotFoundError:
        abort(404)
    return _attached(content, media_type, name)


def _attached(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/meeting.pdf")
@needs(Right.PRINT_NOTICE)
@limiter.limit("10 per minute")
def meeting_papers() -> Response | tuple[str, int]:
    """Give the papers of the next meeting, with the chosen plans and under a signed head."""
    community, form = own_community(), PapersForm()
    if not form.validate():
        return _home(form), 422
    facts = facts_under_head(db.session, community, context.keys(), at=context.now())
    base = plan_in_force(db.session, community.id, facts.day)
    zones = zones_of(db.session, community.id)
    chosen = set(request.form.getlist("plan", type=int))
    proposals = [
        proposal_of(db.session, one, base, community, zones)
        for one in reversed(_open_plans())
        if one.id in chosen
    ]
    # Drawing takes a while: no transaction is open meanwhile.
    db.session.commit()
    printing = context.print_settings()
    content = draw_meeting_papers(
        facts,
        proposals,
        Invitation(form.held_on.data, form.place.data or ""),
        fonts=printing.fonts,
        address=printing.public_url,
    )
    return _attached(content, "application/pdf", f"meeting-{form.held_on.data or facts.day}.pdf")


@blueprint.route("/plans/<int:plan_id>/meetings/new", methods=["GET", "POST"])
@needs(Right.RECORD_MEETING)
@limiter.limit("10 per minute", methods=["POST"])
def new_meeting(plan_id: int) -> str | AnyResponse | tuple[str, int]:
    """Enter what a meeting decided on a plan, with a photo of each compound's sheet."""
    plan = own(ZonePlan, plan_id)
    today = plan.community.local_day(context.now())
    form = MeetingForm(held_on=today, first_day=plan.first_day or today)
    if not form.validate_on_submit():
        return _new_meeting(plan, form), 422 if form.is_submitted() else 200
    votes, wrong = _votes_sent(plan)
    if wrong:
        return _new_meeting(plan, form, wrong), 422
    try:
        meeting = record_meeting(
            db.session,
            plan,
            votes,
            held_on=form.held_on.data or today,
            attended=form.attended.data or 0,
            note=form.note.data or "",
            first_day=form.first_day.data or date.min,
            files=context.files(),
            actor=current_user.actor,
            at=context.now(),
        )
    except DomainError as error:
        status, sentence = error.status, error_words(error)
        db.session.rollback()
        plan = own(ZonePlan, plan_id)
        return _new_meeting(plan, form, {0: sentence}), status
    db.session.commit()
    done(_("The meeting is recorded. Each representative now confirms the own compound's vote."))
    return redirect(url_for(".meeting", meeting_id=meeting.id))


def _new_meeting(plan: ZonePlan, form: MeetingForm, wrong: dict[int, str] | None = None) -> str:
    return render_template(
        "papers/new_meeting.html",
        plan=plan,
        compounds=plan.community.compounds,
        form=form,
        wrong=wrong or {},
        sent=request.form,
    )


def _votes_sent(plan: ZonePlan) -> tuple[list[SheetVote], dict[int, str]]:
    """Return the votes as they were filled in, and by compound id what is wrong with one."""
    votes, wrong = [], {}
    for compound in plan.community.compounds:
        vote = request.form.get(f"vote-{compound.id}", "")
        reason = request.form.get(f"reason-{compound.id}", "").strip()[:500]
        sheet = request.files.get(f"sheet-{compound.id}")
        content = sheet.read() if sheet else b""
        if vote not in ("yes", "no"):
            if content or reason:
                wrong[compound.id] = _("Say whether the compound consents or refuses.")
            continue
        if not content:
            wrong[compound.id] = _("Add a photo of the signed sheet.")
        elif not reason:
            wrong[compound.id] = _("Write the reason as it stands on the sheet.")
        votes.append(SheetVote(compound.id, vote == "yes", reason, content))
    return votes, wrong


@blueprint.get("/meetings/<int:meeting_id>")
@needs(Right.SEE_PLANS)
def meeting(meeting_id: int) -> str:
    """Show a meeting and what became of each compound's vote."""
    one = own(JointMeeting, meeting_id)
    compound = own_scope()
    return render_template(
        "papers/meeting.html",
        meeting=one,
        own_vote=next(
            (vote for vote in one.votes if compound and vote.compound_id == compound.id), None
        ),
        form=ActForm(),
    )


@blueprint.get("/votes/<int:vote_id>/sheet")
@needs(Right.SEE_SHEET)
def sheet(vote_id: int) -> Response:
    """Give the photo of a compound's signed sheet: to its representative and to the office."""
    one = own(PaperVote, vote_id)
    try:
        return Response(context.files().read(one.sheet_sha256), mimetype="image/jpeg")
    except FileNotFoundError:
        abort(404)


@blueprint.post("/votes/<int:vote_id>/confirm")
@needs(Right.VOTE_ON_PLAN)
def confirm(vote_id: int) -> AnyResponse:
    """Confirm the own compound's sheet: from now on its vote counts."""
    return _answer(vote_id, is_right=True)


@blueprint.post("/votes/<int:vote_id>/deny")
@needs(Right.VOTE_ON_PLAN)
def deny(vote_id: int) -> AnyResponse:
    """Say that the own compound did not vote so."""
    return _answer(vote_id, is_right=False)


def _answer(vote_id: int, *, is_right: bool) -> AnyResponse:
    one = own(PaperVote, vote_id)
    answer_sheet(
        db.session,
        one,
        is_right=is_right,
        user_id=current_user.id,
        compound_id=current_user.compound_id,
        at=context.now(),
    )
    db.session.commit()
    words: dict[bool, Any] = {
        True: _("Confirmed: your compound's vote counts."),
        False: _("Denied: this vote does not count."),
    }
    done(words[is_right])
    return redirect(url_for(".meeting", meeting_id=one.meeting_id))
