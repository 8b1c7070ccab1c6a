"""Messages: what a reader was told, and the ways to what it is about."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.message_words import said
from app.navigation import TABS
from app.pages import done, page_of
from app.rights import Right, needs, own, own_community
from records.message import Message
from records.people import Role
from records.telling import mark_all_read, mark_read, messages_query

blueprint = Blueprint("messages", __name__, url_prefix="/messages")

_Way = tuple[str, str | None]

_ALL: Mapping[str, _Way] = {
    "plan": ("plans.plan", "plan_id"),
}
WAYS: Mapping[Role, Mapping[str, _Way]] = {
    Role.REPRESENTATIVE: {
        **_ALL,
        "list": ("representative.plate_list", "list_id"),
        "conflict": ("representative.home", None),
        "permits": ("representative.permits", None),
        "request": ("requests.one_request", "request_id"),
        "suspension": ("warnings.suspension", "suspension_id"),
    },
    Role.STAFF: {
        **_ALL,
        "list": ("office.plate_list", "list_id"),
        "permits": ("permits.all_permits", None),
        "suspension": ("warnings.suspension", "suspension_id"),
        "warning": ("warnings.warning", "warning_id"),
    },
    Role.ADMINISTRATOR: {
        **_ALL,
        "user": ("set_up.user", "user_id"),
    },
}
"""Where a message's subject leads each role: the endpoint, and its argument for the key."""


def address_of(message: Message, role: Role) -> str:
    """Return the address of what a message is about; the reader's first page where none is."""
    kind, _colon, key = message.subject.partition(":")
    endpoint, argument = WAYS[role].get(kind, (TABS[role][0][0], None))
    arguments = {argument: int(key)} if argument else {}
    return url_for(endpoint, **arguments)


@blueprint.get("/")
@needs(Right.READ_MESSAGES)
def all_messages() -> str:
    """Show what the reader was told, the newest first."""
    community = own_community()
    page = page_of(messages_query(current_user.id))
    told = [(one, said(one, community)) for one in page.items]
    return render_template("messages/messages.html", page=page, told=told)


@blueprint.post("/<int:message_id>/open", endpoint="open")
@needs(Right.READ_MESSAGES)
def open_message(message_id: int) -> Response:
    """Enter that a message was read and lead to what it is about."""
    one = own(Message, message_id)
    mark_read(one, at=context.now())
    target = address_of(one, Role(current_user.role))
    db.session.commit()
    return redirect(target)


@blueprint.post("/read")
@needs(Right.READ_MESSAGES)
def read_all() -> Response:
    """Enter that the reader has read everything."""
    mark_all_read(db.session, current_user.id, at=context.now())
    db.session.commit()
    done(_("All messages are marked as read."))
    return redirect(url_for(".all_messages"))
