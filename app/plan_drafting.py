"""Drafting a plan, putting it to the vote, and taking it back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.pages import done
from app.plan_form import PlanMatrix
from app.plan_forms import DraftForm, ProposeForm
from app.plans_shown import plan_now, show_plan
from app.rights import Right, needs, own, own_community
from app.words import error_words
from records.errors import DomainError
from zones.areas import zones_of
from zones.drafting import PlanNotDraft, amend_plan, draft_plan, redraft_plan
from zones.plans import PlanState, ZonePlan
from zones.voting import propose_plan, withdraw_plan


@needs(Right.DRAFT_PLAN)
def new_plan() -> str | Response | tuple[str, int]:
    """Draft a plan, beginning with the one in force or with the one that `from` names."""
    source = request.args.get("from", type=int)
    community = own_community()
    base = own(ZonePlan, source) if source is not None else plan_now(community)
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
    return redirect(url_for("plans.plan", plan_id=one.id))


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
    return redirect(url_for("plans.plan", plan_id=one.id))


@needs(Right.DRAFT_PLAN)
def amend(plan_id: int) -> Response:
    """Draft a further version of a plan that was proposed, and go on to change it."""
    one = own(ZonePlan, plan_id)
    draft = amend_plan(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(
        _(
            "Plan %(number)s begins as plan %(amended)s is. Change it here; the other one stays.",
            number=draft.number,
            amended=one.number,
        )
    )
    return redirect(url_for("plans.edit_plan", plan_id=draft.id))


@needs(Right.DRAFT_PLAN)
def propose(plan_id: int) -> Response | tuple[str, int]:
    """Put a draft to the vote."""
    one, form = own(ZonePlan, plan_id), ProposeForm()
    if not form.validate_on_submit() or form.first_day.data is None:
        return show_plan(one, form), 422
    try:
        propose_plan(
            db.session, one, form.first_day.data, actor=current_user.actor, at=context.now()
        )
    except DomainError as error:
        if one.state != PlanState.DRAFT:
            raise
        form.first_day.errors = [error_words(error)]
        return show_plan(one, form), error.status
    db.session.commit()
    done(_("Plan %(number)s is up for the vote.", number=one.number))
    return redirect(url_for("plans.plan", plan_id=one.id))


@needs(Right.DRAFT_PLAN)
def withdraw(plan_id: int) -> Response:
    """Take the own proposal back."""
    one = own(ZonePlan, plan_id)
    withdraw_plan(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Plan %(number)s is withdrawn. The vote on it has ended.", number=one.number))
    return redirect(url_for("plans.plan", plan_id=one.id))
