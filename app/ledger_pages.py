"""The ledger as everybody with an account but guards can read, check and take it home."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import ledger_words
from app.extensions import db, limiter
from app.pages import page_of
from app.rights import Right, needs, own_community
from records import ledger
from records.database import reading
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
    response = Response(_lines(db.engine), mimetype="application/jsonl")
    response.headers["Content-Disposition"] = f'attachment; filename="ledger-{head.number}.jsonl"'
    return response


def _lines(engine: Engine) -> Iterator[str]:
    """Yield the ledger's lines from a session of their own.

    They are sent after the request's transaction has ended, and must not begin one that writes:
    on SQLite a slow download would keep everybody else from writing.
    """
    with reading(), Session(engine) as session:
        yield from ledger.export_lines(session)
