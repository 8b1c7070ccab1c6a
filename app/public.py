"""What everybody may see without signing in: the public board, and one permit's page."""

from __future__ import annotations

from flask import Blueprint, render_template
from markupsafe import Markup
from sqlalchemy import select

from app import context
from app.extensions import db, limiter
from app.rights import open_to_all
from permits.counts import counts_of
from permits.deciding import decide_now
from permits.gate import Decision, Reason
from permits.infringement import ReportState
from permits.plates import canonical
from permits.printing.symbols import single_svg
from permits.reporting import reports_query, reports_waiting
from permits.token import from_url, url
from records import ledger
from zones.areas import zones_of
from zones.communities import Community
from zones.plans import plan_in_force

blueprint = Blueprint("public", __name__)

MOST_REPORTS = 8
"""Open reports on the board."""

NOT_GENUINE = {
    Reason.MALFORMED_TOKEN,
    Reason.UNKNOWN_VERSION,
    Reason.UNKNOWN_KEY,
    Reason.BAD_SIGNATURE,
}
"""Reasons that mean the office never made this symbol."""


@blueprint.get("/")
@open_to_all
def board() -> str:
    """Show the counts, the plan in force and the ledger's head."""
    community = db.session.scalar(select(Community).order_by(Community.number))
    if community is None:
        return render_template("public/empty.html")
    plan = plan_in_force(db.session, community.id, community.local_day(context.now()))
    return render_template(
        "public/board.html",
        community=community,
        counts=counts_of(db.session, community, plan),
        plan=plan,
        zones=zones_of(db.session, community.id),
        head=ledger.head(db.session),
        reports=db.session.scalars(
            reports_query(community, ReportState.OPEN).limit(MOST_REPORTS)
        ).all(),
        waiting=reports_waiting(db.session, community.id, context.now()),
    )


@blueprint.get("/P/<token>")
@blueprint.get("/p/<token>")
@open_to_all
@limiter.limit("60 per minute")
def permit(token: str) -> str | tuple[str, int]:
    """Show what the symbol on a windscreen proves, and nothing else about its owner."""
    community = db.session.scalar(select(Community).order_by(Community.number))
    if community is None:
        return render_template("public/empty.html"), 404
    decision = decide_now(db.session, community, at=context.now(), scanned=token)
    genuine = not NOT_GENUINE & set(decision.reasons)
    page = render_template(
        "public/permit.html",
        decision=decision,
        genuine=genuine,
        masked=canonical(decision.plate).masked if genuine and decision.plate else None,
        symbol=_symbol(decision, token) if genuine else None,
        scanned=token,
        zones=zones_of(db.session, community.id),
    )
    return page, 200 if genuine else 404


def _symbol(decision: Decision, signed: str) -> Markup | None:
    """Return the symbol of a visitor's pass, which the visitor's phone shows at the gate.

    A permit's is on the windscreen, and no page hands out another.
    """
    if decision.visit is None or Reason.VISITOR_OVER in decision.reasons:
        return None
    address = url(context.settings().public_url, from_url(signed))
    # Drawn of a token whose signature holds: nothing in it comes from a reader.
    return Markup(single_svg(address))  # noqa: S704


@blueprint.get("/health")
@open_to_all
@limiter.exempt
def health() -> dict[str, str]:
    """Say that the application and its database answer."""
    db.session.execute(select(1))
    return {"status": "ok"}
