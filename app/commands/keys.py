"""`flask keys list` and `flask keys rotate`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app import context
from app.commands.answers import ACTOR, CommandGroup, answers
from app.extensions import db
from records.signing_keys import SigningKey, make_key

group = CommandGroup("keys", help="Signing keys.")


def _document(key: SigningKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "created_at": key.created_at.isoformat(),
        "retired_at": key.retired_at.isoformat() if key.retired_at else None,
        "public_pem": key.public_pem,
    }


@group.command("list", help="Show every public key.")
@answers
def list_command() -> tuple[dict[str, Any], str]:
    """Answer with the keys by id."""
    keys = [
        _document(key) for key in db.session.scalars(select(SigningKey).order_by(SigningKey.id))
    ]
    text = "\n".join(f"{key['id']}  {key['created_at']}  {key['retired_at'] or ''}" for key in keys)
    return {"keys": keys}, text


@group.command("rotate", help="Make a new signing key; permits already printed stay valid.")
@answers
def rotate_command() -> tuple[dict[str, Any], str]:
    """Answer with the new key."""
    key = make_key(db.session, context.keys(), actor=ACTOR, at=context.now())
    return _document(key), f"key {key.id}"
