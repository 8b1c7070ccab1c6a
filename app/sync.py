"""A guard's device without a network: what it needs to know, and what it kept meanwhile."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, abort, json, jsonify, request
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge

from app import context
from app.extensions import db, limiter
from app.outbox import MOST_BYTES, Outbox, too_large
from app.rights import Right, needs, own_community
from app.words import error_words
from permits.reporting import reports_waiting
from permits.snapshot import snapshot
from records.people import User
from zones.communities import gates_of

blueprint = Blueprint("sync", __name__, url_prefix="/gate")


def _whose() -> str:
    """Each guard has tries of his own: the phones of one gatehouse share an address."""
    return str(current_user.id) if current_user.is_authenticated else get_remote_address()


@blueprint.get("/sync")
@needs(Right.GUARD_GATE)
@limiter.limit("120 per minute", key_func=_whose)
def sync() -> Response:
    """Give all that a device needs, or with `cursor` what changed since its last snapshot."""
    facts = snapshot(
        db.session,
        own_community(),
        gates=gates_of(db.session, current_user.id),
        keys=context.keys(),
        cursor=request.args.get("cursor", type=int),
        at=context.now(),
    )
    waiting = reports_waiting(db.session, current_user.community_id, context.now())
    own = {"csrf": generate_csrf(), "guard": current_user.id, "fire_lanes": waiting.fire_lanes}
    body = json.dumps({**facts, **own}).encode()
    response = Response(mimetype="application/json", headers={"Vary": "Accept-Encoding"})
    if "gzip" in request.accept_encodings:
        body = gzip.compress(body, compresslevel=6)
        response.content_encoding = "gzip"
    response.data = body
    return response


@blueprint.post("/outbox")
@needs(Right.GUARD_GATE)
@limiter.limit("300 per minute", key_func=_whose)
def outbox() -> Response:
    """Take what a device kept: each item once, however often and in whatever order it is sent."""
    request.max_content_length = MOST_BYTES
    try:
        sent = request.get_json()
    except RequestEntityTooLarge:
        raise too_large() from None
    items = sent.get("items") if isinstance(sent, dict) else None
    if not isinstance(items, list):
        abort(400)
    guard: User = current_user._get_current_object()
    box = Outbox(db.session, guard, context.files(), context.now())
    box.take(items)
    db.session.commit()
    refused = [
        {"uuid": uuid, "code": error.code, "words": error_words(error)}
        for uuid, error in box.refused
    ]
    return jsonify({"taken": box.taken, "refused": refused})
