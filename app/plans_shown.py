"""Zone plans as they are read: all of them, one with what it changes, and whom it touches."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user
from flask_wtf import FlaskForm

from app import context
from app.extensions import db
from app.forms import ActForm
from app.pages import page_of
from app.plan_forms import PaperForm, ProposeForm, VoteForm
from app.rights import Right, has_right, needs, own, own_community
from permits.moving import CompoundMove, moves_of, touched_query
from zones.areas import zones_of
from zones.communities import Community, Compound
from zones.effects import CompoundEffect, effects_of
from zones.map_scene import scene_of
from zones.meeting_papers import papers_of
from zones.plan_matrix import plan_matrix
from zones.plans import PlanPhase, PlanState, ZonePlan, phase_of, plan_in_force, plans_of
from zones.voting_rule import VotingRule, open_change, rule_of


def plan_now(community: Community) -> ZonePlan | None:
    """Return the plan in force at this moment."""
    return plan_in_force(db.session, community.id, community.local_day(context.now()))


def base_of(one: ZonePlan, in_force: ZonePlan | None) -> ZonePlan | None:
    """Return the plan with which one is compared: what it would follow, or did follow."""
    if one.state in (PlanState.DRAFT, PlanState.PROPOSED):
        return one.base or in_force
    return one.base


@needs(Right.SEE_PLANS)
def all_plans() -> str:
    """Show every version of the plan, the newest first, and how plans are decided."""
    community = own_community()
    in_force, today = plan_now(community), community.local_day(context.now())
    plans = plans_of(db.session, community.id)
    return render_template(
        "plans/all_plans.html",
        plans=[(one, phase_of(one, in_force, today)) for one in plans],
        compounds=community.compounds,
        rule=rule_of(db.session, community.id),
        change=open_change(db.session, community.id),
    )


@needs(Right.SEE_PLANS)
def plan(plan_id: int) -> str:
    """Show a plan, what it changes and who has voted how."""
    return show_plan(own(ZonePlan, plan_id))


def show_plan(one: ZonePlan, form: FlaskForm | None = None) -> str:
    """Return a plan's page.

    Args:
        form: a form that was sent and refused, in the place of the fresh one.
    """
    community = own_community()
    in_force, today = plan_now(community), community.local_day(context.now())
    base, phase = base_of(one, in_force), phase_of(one, in_force, today)
    moves = moves_of(db.session, community, _effects(one, base, community))
    forms = {type(own_form): own_form for own_form in (*_forms_of(one), form) if own_form}
    return render_template(
        "plans/plan.html",
        plan=one,
        phase=phase,
        base=base,
        moves=moves,
        own_move=next(
            (move for move in moves if move.effect.compound.id == current_user.compound_id), None
        ),
        most_spaces=_most_spaces(moves),
        scene=scene_of(db.session, community, one),
        base_scene=scene_of(db.session, community, base) if base else None,
        rows=plan_matrix(zones_of(db.session, community.id), community.compounds, one, base),
        rule=VotingRule(one.voting_rule or rule_of(db.session, community.id)),
        needed=_needed(one, moves),
        votes={vote.compound_id: vote for vote in one.votes},
        papers=papers_of(db.session, one),
        propose_form=forms.get(ProposeForm),
        vote_form=forms.get(VoteForm),
        paper_form=forms.get(PaperForm),
        may_withdraw=phase is PlanPhase.PROPOSED and one.proposed_by == current_user.actor,
        may_close=phase is PlanPhase.PROPOSED
        and has_right(current_user, Right.DRAFT_PLAN)
        and one.first_day is not None
        and one.first_day <= today,
    )


def _effects(one: ZonePlan, base: ZonePlan | None, community: Community) -> list[CompoundEffect]:
    return effects_of(one, base, community.compounds)


def _most_spaces(moves: list[CompoundMove]) -> int:
    """Return the most spaces of any compound at any hour: how long the longest bar is."""
    return max(
        (
            held.spaces
            for move in moves
            for shift in move.effect.shifts
            for held in (shift.before, shift.after)
        ),
        default=0,
    )


def _needed(one: ZonePlan, moves: list[CompoundMove]) -> set[int]:
    """Return the compounds whose consent a plan needs, where it needs not everybody's.

    Of a draft they are those whose consent it would need.
    """
    if (one.voting_rule or rule_of(db.session, one.community_id)) == VotingRule.ALL:
        return set()
    if one.state == PlanState.DRAFT:
        return {move.effect.compound.id for move in moves if move.effect.loses}
    return {consent.compound_id for consent in one.needed_consents}


def _forms_of(one: ZonePlan) -> list[FlaskForm]:
    """Return the forms of what can be done next: propose a draft, or vote on a proposal."""
    forms: list[FlaskForm] = [PaperForm(formdata=None)]
    if one.state == PlanState.DRAFT:
        forms.append(ProposeForm.for_days_ahead(one.community.local_day(context.now())))
    if one.state == PlanState.PROPOSED:
        votes = {vote.compound_id: vote for vote in one.votes}
        forms.append(VoteForm.of_vote(votes.get(current_user.compound_id)))
    return forms


@needs(Right.SEE_PEOPLE)
def moves(plan_id: int, compound_id: int) -> str:
    """Show the permits that a plan touches in one compound."""
    one, compound, community = own(ZonePlan, plan_id), own(Compound, compound_id), own_community()
    base = base_of(one, plan_now(community))
    found = moves_of(db.session, community, _effects(one, base, community))
    return render_template(
        "plans/moves.html",
        plan=one,
        move=next(move for move in found if move.effect.compound is compound),
        page=page_of(touched_query(compound)),
        detail=has_right(current_user, Right.END_PERMIT),
        form=ActForm(),
    )
