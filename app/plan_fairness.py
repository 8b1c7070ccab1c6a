"""A fair plan, computed: asked for, explained, drafted in one click, compared with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.fair_words import Explanation, refusal_words
from app.forms import ActForm
from app.pages import done
from app.plans_shown import plan_now
from app.rights import LAST_ID, Right, needs, own_community
from permits.demand import demand_of
from zones.areas import Zone, zones_of
from zones.communities import Community
from zones.drafting import ProposedOpening, draft_plan
from zones.fair_proposal import FairProposal, Need, NoFairProposal, propose_fairly
from zones.fairness import Fairness, fairness_of, held_all_day
from zones.plans import PlanState, ZonePlan, plans_of
from zones.walking import LONGEST_METRES, all_ways, measured_ways

MOST_COMPARED = 6
"""Plans side by side: more would not be read."""


@dataclass(frozen=True)
class Question:
    """What a fair plan is asked to do, as it stands in an address or a form.

    Attributes:
        zones: those whose spaces are given out; the others stay as they are.
        longest_metres: the longest way, None for any.
    """

    community: Community
    in_force: ZonePlan | None
    all_zones: list[Zone]
    zones: set[int]
    longest_metres: int | None

    @classmethod
    def of_values(cls, values: Mapping[str, str], chosen: list[str]) -> Question:
        """Return the question; without a choice all zones that one compound has for itself."""
        community = own_community()
        in_force = plan_now(community)
        all_zones = zones_of(db.session, community.id)
        zones = {int(one) for one in chosen if one.isdecimal() and int(one) <= LAST_ID}
        if not zones:
            shared = {one.zone_id for one in in_force.openings if one.starts} if in_force else set()
            zones = {one.id for one in all_zones if one.id not in shared}
        text = values.get("longest", "").strip()
        limit = int(text) if text.isdecimal() and 0 < int(text[:6]) <= LONGEST_METRES else None
        return cls(community, in_force, all_zones, zones, limit)

    def kept(self) -> dict[tuple[int, int], Fraction]:
        """Return the spaces held all day in zones that are not given out."""
        held = held_all_day(self.in_force.openings) if self.in_force else {}
        return {key: part for key, part in held.items() if key[1] not in self.zones}

    def need(self) -> Need:
        """Return what the plan is to serve."""
        held = held_all_day(self.in_force.openings) if self.in_force else {}
        kept: dict[int, Fraction] = {}
        for (compound, _zone), part in self.kept().items():
            kept[compound] = kept.get(compound, Fraction()) + part
        return Need(
            demand=demand_of(db.session, self.community),
            capacity={one.id: one.spaces for one in self.all_zones if one.id in self.zones},
            metres=all_ways(db.session, self.community),
            longest_metres=self.longest_metres,
            present={key: int(part) for key, part in held.items()},
            held={compound: int(part) for compound, part in kept.items()},
        )

    def openings(self, found: FairProposal) -> list[ProposedOpening]:
        """Return the openings of a plan by which the zones are given out as computed."""
        spaces = {one.id: one.spaces for one in self.all_zones}
        # A zone in nobody's reach is not given out, and stays as it is.
        given = {zone for _compound, zone in found.share}
        kept = [
            ProposedOpening(one.zone_id, one.compound_id, one.starts, one.ends, one.spaces)
            for one in (self.in_force.openings if self.in_force else ())
            if one.zone_id not in given
        ]
        return kept + [
            ProposedOpening(zone, compound, spaces=None if part == spaces[zone] else part)
            for (compound, zone), part in found.share.items()
        ]

    def explained(self, need: Need, found: FairProposal) -> Explanation:
        """Return the computed plan in words."""
        return Explanation(
            found=found,
            compounds={one.id: one for one in self.community.compounds},
            zones={one.id: one for one in self.all_zones},
            longest_metres=self.longest_metres,
            demand=need.demand,
        )


@needs(Right.SEE_PLANS)
def fair() -> str:
    """Compute a fair plan and show it with its reasons."""
    question = Question.of_values(request.args, request.args.getlist("zone"))
    need = question.need()
    shown = {
        "question": question,
        "demand": need.demand,
        "cars": sum(need.demand.values()),
        "spaces": sum(need.capacity.values()),
        "measured": len(measured_ways(db.session, question.community)),
        "form": ActForm(),
    }
    try:
        found = propose_fairly(need)
    except NoFairProposal as error:
        return render_template("plans/fair.html", refusal=refusal_words(error), **shown)
    compounds = question.community.compounds
    now = held_all_day(question.in_force.openings) if question.in_force else {}
    then = {**question.kept(), **found.share}
    return render_template(
        "plans/fair.html",
        found=found,
        explanation=question.explained(need, found),
        fairness=fairness_of(then, compounds, need.demand, need.metres),
        now=fairness_of(now, compounds, need.demand, need.metres),
        **shown,
    )


@needs(Right.DRAFT_PLAN)
def draft_fair() -> Response:
    """Keep the computed plan as a draft whose words are its reasons."""
    question = Question.of_values(request.form, request.form.getlist("zone"))
    need = question.need()
    found = propose_fairly(need)
    one = draft_plan(
        db.session,
        question.community,
        question.openings(found),
        question.explained(need, found).note(),
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The computed plan is kept as a draft. Change it as you like, then propose it."))
    return redirect(url_for("plans.plan", plan_id=one.id))


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: a plan, or what the computation can reach."""

    plan: ZonePlan | None
    fairness: Fairness


@needs(Right.SEE_PLANS)
def compare() -> str:
    """Show plans side by side by the same figures, with the best that can be reached."""
    community = own_community()
    plans = plans_of(db.session, community.id)
    in_force = plan_now(community)
    asked = {int(one) for one in request.args.getlist("plan") if one.isdecimal()}
    chosen = [one for one in plans if one.id in asked][:MOST_COMPARED]
    if not chosen:
        open_ones = (PlanState.DRAFT, PlanState.PROPOSED)
        chosen = [one for one in plans if one is in_force or one.state in open_ones]
        chosen = sorted(chosen[:MOST_COMPARED], key=lambda one: one is not in_force)
    question = Question.of_values({}, [])
    need = question.need()
    lines = [
        Compared(
            one,
            fairness_of(held_all_day(one.openings), community.compounds, need.demand, need.metres),
        )
        for one in chosen
    ]
    try:
        found = propose_fairly(need)
    except NoFairProposal:
        pass
    else:
        best = fairness_of(
            {**question.kept(), **found.share}, community.compounds, need.demand, need.metres
        )
        lines.append(Compared(None, best))
    return render_template(
        "plans/compare.html",
        lines=lines,
        plans=plans,
        chosen=chosen,
        in_force=in_force,
        compounds=community.compounds,
        demand=need.demand,
        measured=len(measured_ways(db.session, community)),
    )
