"""The pages of zone plans: which there are, and where."""

from __future__ import annotations

from flask import Blueprint

from app import plan_drafting, plan_fairness, plan_papers, plan_votes, plan_ways, plans_shown

blueprint = Blueprint("plans", __name__, url_prefix="/plans")

_BOTH = ("GET", "POST")

blueprint.get("/")(plans_shown.all_plans)
blueprint.get("/<int:plan_id>")(plans_shown.plan)
blueprint.get("/<int:plan_id>/compounds/<int:compound_id>")(plans_shown.moves)

blueprint.route("/new", methods=_BOTH)(plan_drafting.new_plan)
blueprint.route("/<int:plan_id>/edit", methods=_BOTH)(plan_drafting.edit_plan)
blueprint.post("/<int:plan_id>/amend")(plan_drafting.amend)
blueprint.post("/<int:plan_id>/propose")(plan_drafting.propose)
blueprint.post("/<int:plan_id>/withdraw")(plan_drafting.withdraw)

blueprint.post("/<int:plan_id>/vote")(plan_votes.vote)
blueprint.post("/<int:plan_id>/close")(plan_votes.close)
blueprint.get("/rule")(plan_votes.rule)
blueprint.post("/rule")(plan_votes.suggest)
blueprint.post("/rule/answer")(plan_votes.answer)

blueprint.post("/<int:plan_id>/papers")(plan_papers.attach)
blueprint.get("/papers/<int:paper_id>")(plan_papers.paper)

blueprint.get("/fair")(plan_fairness.fair)
blueprint.post("/fair")(plan_fairness.draft_fair)
blueprint.get("/compare")(plan_fairness.compare)
blueprint.route("/ways", methods=_BOTH)(plan_ways.ways)
