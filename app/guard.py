"""The guard's pages: scan or type, see the verdict, record the pass."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app import context, words
from app.decision_facts import decision_facts
from app.extensions import db
from app.languages import both
from app.pages import page_of
from app.rights import Right, needs, own_community
from app.service_worker import PAGES, VERSION_HEADER, gate_asset, version
from permits.deciding import decide_in
from permits.gate import Decision, Reason, Verdict
from permits.passes import passes_query
from zones.areas import zones_of
from zones.communities import gates_of

blueprint = Blueprint("guard", __name__, url_prefix="/gate")

LONGEST_SCAN = 600
"""Characters of a symbol that are looked at; a permit's has about 230."""


def _both_words() -> dict[str, Any]:
    """Return what the page says, in Chinese and English: at a gate both are always shown."""
    return {
        "reasons": {reason: both(words.GATE_REASONS[reason]) for reason in Reason},
        "verdicts": {verdict: both(words.VERDICTS[verdict]) for verdict in Verdict},
        "page": {key: both(one) for key, one in words.GATE_PAGE.items()},
    }


def _facts() -> dict[str, object]:
    """Return what the page's script begins with, as attributes of an element."""
    return {
        "data-csrf": generate_csrf(),
        "data-guard": current_user.id,
        "data-decide": url_for(".decide"),
        "data-sync": url_for("sync.sync"),
        "data-outbox": url_for("sync.outbox"),
        "data-inside": url_for("inside.now"),
        "data-service-worker": url_for("service_worker.script"),
        "data-sign-in": url_for("accounts.sign_in_page", next=url_for(".gate")),
        "data-worker": gate_asset("js/scan-worker.js"),
    }


@blueprint.after_request
def name_the_version(response: Response) -> Response:
    """Say which version of the files a page was made for: it is kept with these only."""
    if request.endpoint in PAGES:
        response.headers[VERSION_HEADER] = version()
    return response


@blueprint.get("/")
@needs(Right.GUARD_GATE)
def gate() -> str:
    """Show the camera and the plate box of one of the guard's gates."""
    gates = gates_of(db.session, current_user.id)
    asked = request.args.get("gate", type=int)
    chosen = next((one for one in gates if one.id == asked), gates[0] if gates else None)
    return render_template(
        "guard/gate.html",
        gates=gates,
        gate=chosen,
        community=own_community(),
        both_words=_both_words(),
        facts=_facts(),
    )


def _decision() -> Decision:
    scanned = request.form.get("scanned")
    return decide_in(
        db.session,
        current_user.community_id,
        at=context.now(),
        scanned=scanned[:LONGEST_SCAN] if scanned else None,
        plate=request.form.get("plate"),
    )


@blueprint.post("/decide")
@needs(Right.GUARD_GATE)
def decide() -> Response:
    """Answer with the decision on a scanned symbol or a typed plate; nothing is recorded."""
    return jsonify(decision_facts(_decision()))


@blueprint.get("/patrol")
@needs(Right.GUARD_GATE)
def patrol() -> str:
    """Show the page with which a guard walks a zone and looks at each parked car."""
    gates = gates_of(db.session, current_user.id)
    community = own_community()
    return render_template(
        "guard/patrol.html",
        gate=gates[0] if gates else None,
        community=community,
        zones=zones_of(db.session, community.id),
        both_words=_both_words(),
        facts=_facts(),
    )


@blueprint.get("/passes")
@needs(Right.GUARD_GATE)
def passes() -> str:
    """Show what passed the guard's gates, the newest first."""
    gates = gates_of(db.session, current_user.id)
    return render_template("guard/passes.html", page=page_of(passes_query(gates)), gates=gates)
