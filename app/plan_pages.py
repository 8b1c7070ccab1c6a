"""Zone plans: who may park where, in versions that every compound's representative votes on."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import context
from app.extensions import db
from app.pages import done
from app.plan_form import PlanMatrix
from app.rights import Right, needs, own, own_community
from app.words import error_words
from permits.counts import counts_of, spaces_by_compound
from records.errors import DomainError
from zones.areas import zones_of
from zones.drafting import PlanNotDraft, draft_plan, redraft_plan
from zones.plan_matrix import plan_matrix, timed_spaces
from zones.plans import PlanState, ZonePlan, plan_in_force, plans_of
from zones.voting import propose_plan, vote_on_plan

blueprint = Blueprint("plans", __name__, url_prefix="/plans")

DAYS_TO_VOTE = timedelta(days=7)
"""How far ahead a proposal's first day is suggested."""


class DraftForm(FlaskForm):
    """What a draft changes and why; its matrix is read by `PlanMatrix`."""

    note = TextAreaField(
        _l("What changes, and why"),
        description=_l("Every representative reads it before the vote."),
        validators=[InputRequired(), Length(max=2000)],
    )


class ProposeForm(FlaskForm):
    """From when on the plan is to be in force."""

    first_day = DateField(_l("First day"), validators=[InputRequired()])


class VoteForm(FlaskForm):
    """One compound's say."""

    consents = RadioField(
        _l("Our vote"),
        choices=[("yes", _l("We consent")), ("no", _l("We refuse"))],
        validators=[InputRequired()],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The other compounds and the office will read it."),
        validators=[InputRequired(), Length(max=500)],
    )


def _plan_in_force() -> ZonePlan | None:
    community = own_community()
    return plan_in_force(db.session, community.id, community.local_day(context.now()))


@blueprint.get("/")
@needs(Right.SEE_PLANS)
def all_plans() -> str:
    """Show every version of the plan, the newest first."""
    community = own_community()
    in_force = _plan_in_force()
    return render_template(
        "plans/all_plans.html",
        plans=plans_of(db.session, community.id),
        in_force=in_force,
        compounds=community.compounds,
        today=community.local_day(context.now()),
    )


@blueprint.get("/<int:plan_id>")
@needs(Right.SEE_PLANS)
def plan(plan_id: int) -> str:
    """Show a plan, what it changes and who has voted how."""
    return _plan(own(ZonePlan, plan_id))


def _plan(one: ZonePlan, form: FlaskForm | None = None) -> str:
    community, in_force = own_community(), _plan_in_force()
    base = in_force if in_force is not one else None
    if form is None:
        form = _form_of(one)
    return render_template(
        "plans/plan.html",
        plan=one,
        base=base,
        in_force=in_force,
        rows=plan_matrix(zones_of(db.session, community.id), community.compounds, one, base),
        counts=counts_of(db.session, community, one),
        spaces_now=spaces_by_compound(base),
        timed=timed_spaces(one),
        timed_now=timed_spaces(base),
        votes={vote.compound_id: vote for vote in one.votes},
        form=form,
        today=community.local_day(context.now()),
    )


def _form_of(one: ZonePlan) -> FlaskForm:
    """Return the form of what can be done next: propose a draft, or vote on a proposal."""
    if one.state == PlanState.DRAFT:
        first_day = one.community.local_day(context.now()) + DAYS_TO_VOTE
        return ProposeForm(formdata=None, first_day=first_day)
    vote = next((vote for vote in one.votes if vote.compound_id == current_user.compound_id), None)
    if vote is None:
        return VoteForm(formdata=None)
    return VoteForm(formdata=None, consents="yes" if vote.consents else "no", reason=vote.reason)


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.DRAFT_PLAN)
def new_plan() -> str | Response | tuple[str, int]:
    """Draft a plan, beginning with the one in force or with the one that `from` names."""
    source = request.args.get("from", type=int)
    base = own(ZonePlan, source) if source is not None else _plan_in_force()
    community = own_community()
    zones = zones_of(db.session, community.id)
    form = DraftForm()
    if not form.is_submitted():
        matrix = PlanMatrix.of_plan(zones, community.compounds, base.openings if base else [])
        return render_template("plans/draft.html", matrix=matrix, form=form, base=base)
    matrix = PlanMatrix.of_form(zones, community.compounds, request.form)
    openings = matrix.openings()
    if not form.validate() or matrix.faults():
        return render_template("plans/draft.html", matrix=matrix, form=form, base=base), 422
    one = draft_plan(
        db.session,
        community,
        openings,
        (form.note.data or "").strip(),
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The draft is kept. Nothing changes at the gates until it is proposed and agreed."))
    return redirect(url_for(".plan", plan_id=one.id))


@blueprint.route("/<int:plan_id>/edit", methods=["GET", "POST"])
@needs(Right.DRAFT_PLAN)
def edit_plan(plan_id: int) -> str | Response | tuple[str, int]:
    """Change a draft."""
    one, community = own(ZonePlan, plan_id), own_community()
    if one.state != PlanState.DRAFT:
        raise PlanNotDraft(plan=one.number, state=one.state)
    zones = zones_of(db.session, community.id)
    form = DraftForm(obj=one)
    if not form.is_submitted():
        matrix = PlanMatrix.of_plan(zones, community.compounds, one.openings)
        return render_template("plans/draft.html", matrix=matrix, form=form, plan=one)
    matrix = PlanMatrix.of_form(zones, community.compounds, request.form)
    openings = matrix.openings()
    if not form.validate() or matrix.faults():
        return render_template("plans/draft.html", matrix=matrix, form=form, plan=one), 422
    redraft_plan(
        db.session,
        one,
        openings,
        (form.note.data or "").strip(),
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The draft is changed."))
    return redirect(url_for(".plan", plan_id=one.id))


@blueprint.post("/<int:plan_id>/propose")
@needs(Right.DRAFT_PLAN)
def propose(plan_id: int) -> Response | tuple[str, int]:
    """Put a draft to the vote."""
    one, form = own(ZonePlan, plan_id), ProposeForm()
    if not form.validate_on_submit() or form.first_day.data is None:
        return _plan(one, form), 422
    try:
        propose_plan(
            db.session, one, form.first_day.data, actor=current_user.actor, at=context.now()
        )
    except DomainError as error:
        if one.state != PlanState.DRAFT:
            raise
        form.first_day.errors = [error_words(error)]
        return _plan(one, form), error.status
    db.session.commit()
    done(_("Plan %(number)s is up for the vote.", number=one.number))
    return redirect(url_for(".plan", plan_id=one.id))


@blueprint.post("/<int:plan_id>/vote")
@needs(Right.VOTE_ON_PLAN)
def vote(plan_id: int) -> Response | tuple[str, int]:
    """Enter or change the own compound's vote."""
    one, form = own(ZonePlan, plan_id), VoteForm()
    if not form.validate_on_submit():
        return _plan(one, form), 422
    vote_on_plan(
        db.session,
        one,
        compound_id=current_user.compound_id,
        user_id=current_user.id,
        consents=form.consents.data == "yes",
        reason=form.reason.data or "",
        at=context.now(),
    )
    db.session.commit()
    done(
        {
            PlanState.RATIFIED: _("Every compound consents: the plan is ratified."),
            PlanState.REJECTED: _("Every compound has voted: the plan is rejected."),
        }.get(PlanState(one.state), _("Your vote is entered. You may change it until all voted."))
    )
    return redirect(url_for(".plan", plan_id=one.id))
