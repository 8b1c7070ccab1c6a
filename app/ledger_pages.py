"""The ledger as everybody with an account but guards can read, check and take it home."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, stream_with_context

from app import ledger_words
from app.extensions import db, limiter
from app.pages import page_of
from app.rights import Right, needs, own_community
from records import ledger
from records.people import users_of

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")


@blueprint.get("/")
@needs(Right.SEE_LEDGER)
def entries() -> str:
    """Show the entries, the newest first, all or those of one act."""
    community, act = own_community(), request.args.get("act")
    return render_template(
        "ledger/entries.html",
        page=page_of(ledger.entries_query(act)),
        chosen=act,
        acts=ledger.acts_entered(db.session),
        head=ledger.head(db.session),
        users={one.actor: one for one in users_of(db.session, community.id)},
        compounds={one.id: one for one in community.compounds},
        ledger_words=ledger_words,
    )


@blueprint.get("/check")
@needs(Right.SEE_LEDGER)
@limiter.limit("6 per minute")
def check() -> str:
    """Compute every hash anew and say whether the chain holds, or which entry is wrong.

    It is a GET, since it writes nothing: a POST would hold SQLite's write lock all the while.
    """
    broken = None
    try:
        head = ledger.verify(ledger.export(db.session))
    except ledger.LedgerBroken as error:
        head, broken = ledger.head(db.session), error
    return render_template(
        "ledger/check.html", head=head, broken=broken, faults=ledger_words.FAULTS
    )


@blueprint.get("/ledger.jsonl")
@needs(Right.SEE_LEDGER)
@limiter.limit("6 per minute")
def download() -> Response:
    """Give the whole ledger, one entry a line as JSON, as `scripts/verify-ledger` reads it."""
    head = ledger.head(db.session)
    response = Response(
        stream_with_context(ledger.export_lines(db.session)), mimetype="application/jsonl"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="ledger-{head.number}.jsonl"'
    response.headers["Cache-Control"] = "no-store"
    return response
