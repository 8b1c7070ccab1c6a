"""The administrator's page for messages: what could not be delivered."""

from __future__ import annotations

from flask import render_template

from app import context
from app.channels import channels_of
from app.extensions import db
from app.message_words import KIND_NAMES
from app.rights import Right, needs, own_community
from records.delivery import failing

SHOWN = 50


@needs(Right.SET_UP_COMMUNITY)
def messages() -> str:
    """Show the latest deliveries that failed."""
    return render_template(
        "set_up/messages.html",
        failing=failing(db.session, own_community().id, SHOWN),
        kind_names=KIND_NAMES,
        sends_outside=bool(channels_of(context.settings())),
    )
