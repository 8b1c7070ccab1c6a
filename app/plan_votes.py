"""Voting on a plan, and the rule by which the votes are counted."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.forms import ActForm
from app.pages import done
from app.plan_forms import RuleForm, VoteForm
from app.plans_shown import show_plan
from app.rights import Right, needs, own, own_community
from app.words import error_words
from zones.plans import PlanState, ZonePlan
from zones.voting import close_vote, vote_on_plan
from zones.voting_rule import (
    RuleChangeDecided,
    RuleHoldsAlready,
    VotingRule,
    answer_rule_change,
    open_change,
    rule_of,
    suggest_rule,
)


@needs(Right.VOTE_ON_PLAN)
def vote(plan_id: int) -> Response | tuple[str, int]:
    """Enter or change the own compound's vote."""
    one, form = own(ZonePlan, plan_id), VoteForm()
    if not form.validate_on_submit():
        return show_plan(one, form), 422
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
    done(_outcome(one))
    return redirect(url_for("plans.plan", plan_id=one.id))


def _outcome(one: ZonePlan) -> str:
    return {
        PlanState.RATIFIED: _("The votes are enough: the plan is ratified."),
        PlanState.REJECTED: _("The votes are not enough: the plan is rejected."),
    }.get(PlanState(one.state), _("Your vote is entered. You may change it until all voted."))


@needs(Right.DRAFT_PLAN)
def close(plan_id: int) -> Response:
    """Count the votes that there are, once the first day has come."""
    one = own(ZonePlan, plan_id)
    close_vote(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_outcome(one))
    return redirect(url_for("plans.plan", plan_id=one.id))


@needs(Right.SEE_PLANS)
def rule() -> str:
    """Show how plans are decided, and a change of that which waits for answers."""
    return _rule(RuleForm(formdata=None))


def _rule(form: RuleForm) -> str:
    community = own_community()
    change = open_change(db.session, community.id)
    return render_template(
        "plans/rule.html",
        rule=rule_of(db.session, community.id),
        change=change,
        answers={one.compound_id: one for one in change.answers} if change else {},
        compounds=community.compounds,
        form=form,
        act_form=ActForm(),
    )


@needs(Right.SET_UP_COMMUNITY)
def suggest() -> Response | tuple[str, int]:
    """Suggest another rule to all compounds."""
    form = RuleForm()
    if not form.validate_on_submit():
        return _rule(form), 422
    try:
        suggest_rule(
            db.session,
            own_community(),
            VotingRule(form.rule.data),
            actor=current_user.actor,
            at=context.now(),
        )
    except RuleHoldsAlready as error:
        form.rule.errors = [error_words(error)]
        return _rule(form), error.status
    db.session.commit()
    done(_("Every compound is asked. The old rule holds until all have consented."))
    return redirect(url_for("plans.rule"))


@needs(Right.VOTE_ON_PLAN)
def answer() -> Response:
    """Enter the own compound's answer to the change of the rule."""
    change = open_change(db.session, own_community().id)
    if change is None:
        raise RuleChangeDecided
    consents = request.form.get("consents") == "yes"
    answer_rule_change(db.session, change, current_user, consents=consents, at=context.now())
    db.session.commit()
    done(_("Your answer is entered."))
    return redirect(url_for("plans.rule"))
