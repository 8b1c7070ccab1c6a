"""What everybody may see without signing in: the public board, and one permit's page."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request, session
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import func, select

from app import context
from app.extensions import db, limiter
from app.languages import chosen_language
from app.rights import open_to_all
from permits.deciding import decide_now
from permits.gate import Decision, Reason
from permits.infringement import InfringementReport
from permits.own_space import space_on_permit
from permits.plates import canonical
from permits.print_rules import names_space
from permits.printing.symbols import single_svg
from permits.public_facts import public_facts
from permits.reporting import urgent_reports
from permits.token import from_url, url
from records import ledger
from records.checkpoints import last_head
from zones.areas import zones_of
from zones.communities import Community

blueprint = Blueprint("public", __name__)

NOT_GENUINE = {
    Reason.MALFORMED_TOKEN,
    Reason.UNKNOWN_VERSION,
    Reason.UNKNOWN_KEY,
    Reason.BAD_SIGNATURE,
}
"""Reasons that mean the office never made this symbol."""


@blueprint.get("/")
@open_to_all
def board() -> str | Response:
    """Show the counts, the plan in force, what is open, who answers, and the signed head.

    A browser keeps the page and asks whether it still holds, which costs no counting.
    """
    community = db.session.scalar(select(Community).order_by(Community.number))
    if community is None:
        return render_template("public/empty.html")
    if current_user.is_authenticated:
        return _board(community)
    response = make_response()
    response.set_etag(_board_version(community))
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    if response.status_code == HTTPStatus.OK:
        response.set_data(_board(community))
    return response


def _board(community: Community) -> str:
    facts = public_facts(db.session, community, context.now())
    return render_template(
        "public/board.html",
        facts=facts,
        urgent=urgent_reports(db.session, community),
        # Its text is ours: capitals, digits and a few signs.
        symbol=Markup(single_svg(facts.head.text)) if facts.head else None,  # noqa: S704
    )


def _board_version(community: Community) -> str:
    """Return what changes whenever this visitor's board does."""
    at = context.now()
    signed = last_head(db.session, community.number)
    reports = db.session.execute(
        select(
            func.count(),
            func.count(InfringementReport.closed_at),
            func.count(InfringementReport.look_back_due),
            func.sum(InfringementReport.times_reopened),
        ).where(InfringementReport.community_id == community.id)
    ).one()
    seen = (
        ledger.head(db.session).hash,
        signed.number if signed else 0,
        tuple(reports),
        # Reports grow older, and a plan begins at midnight.
        at.strftime("%Y-%m-%dT%H"),
        chosen_language(),
        # The page holds this reader's own token against forged forms.
        session.get("csrf_token", ""),
        len(session.get("_flashes", ())),
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()


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
        space=_space(community, decision) if genuine else None,
        zones=zones_of(db.session, community.id),
    )
    return page, 200 if genuine else 404


def _space(community: Community, decision: Decision) -> str | None:
    """Return the car's own space, unless the community leaves its name off permits."""
    if decision.serial is None or not names_space(db.session, community.id):
        return None
    one = space_on_permit(db.session, community.id, decision.serial)
    return one.name if one else None


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
