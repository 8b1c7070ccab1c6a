"""The ledger as everybody with an account but guards can read, check and take it home."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import ledger_words
from app.extensions import db, limiter
from app.pages import page_of
from app.rights import Right, needs, own_community
from app.words import error_words
from records import ledger
from records.checkpoints import export_heads, heads_query, read_head, require_consistent
from records.database import reading
from records.errors import DomainError
from records.keys import fingerprint
from records.people import users_of
from records.signing_keys import all_keys

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")

LONGEST_HEAD = 2000
"""Characters of a head as somebody types or pastes it, with line breaks."""


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


@blueprint.get("/heads")
@needs(Right.SEE_LEDGER)
@limiter.limit("30 per minute")
def heads() -> str | tuple[str, int]:
    """Show the signed heads, and whether of two heads the later contains the earlier."""
    texts = [request.args.get(name, "").strip()[:LONGEST_HEAD] for name in ("one", "other")]
    found: tuple[ledger.Head, ledger.Head] | None = None
    error: DomainError | None = None
    if any(texts):
        try:
            found = require_consistent(db.session, *(read_head(text) for text in texts))
        except DomainError as refusal:
            error = refusal
    page = render_template(
        "ledger/heads.html",
        page=page_of(heads_query(own_community().number)),
        texts=texts,
        found=found,
        error=error,
        error_words=error_words(error) if error else "",
        keys=all_keys(db.session),
        fingerprint=fingerprint,
    )
    return page, error.status if error else 200


def _lines(engine: Engine) -> Iterator[str]:
    """Yield the ledger's lines from a session of their own, the entries and then the heads.

    They are sent after the request's transaction has ended, and must not begin one that writes:
    on SQLite a slow download would keep everybody else from writing.
    """
    with reading(), Session(engine) as session:
        last = ledger.head(session).number
        yield from ledger.export_lines(session, last)
        for one in export_heads(session, up_to=last):
            yield json.dumps(one, sort_keys=True) + "\n"
