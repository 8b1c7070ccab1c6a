"""Messages: what a reader was told, and the ways to what it is about."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import contact_pages, context
from app.extensions import db
from app.languages import chosen_language
from app.message_ways import path_of
from app.message_words import said
from app.pages import done, page_of
from app.rights import Right, needs, own, own_community
from records.message import Message
from records.message_text import texts_of
from records.people import Role
from records.telling import mark_all_read, mark_read, messages_query

blueprint = Blueprint("messages", __name__, url_prefix="/messages")

_BOTH = ("GET", "POST")

blueprint.route("/mail", methods=_BOTH)(contact_pages.by_mail)
blueprint.post("/mail/forget")(contact_pages.forget_mail)
blueprint.route("/mail/confirm", methods=_BOTH)(contact_pages.confirm)


@blueprint.get("/")
@needs(Right.READ_MESSAGES)
def all_messages() -> str:
    """Show what the reader was told, the newest first."""
    community = own_community()
    page = page_of(messages_query(current_user.id))
    own_words, language = texts_of(db.session, community.id), chosen_language()
    told = [(one, said(one, community, language, own_words)) for one in page.items]
    return render_template("messages/messages.html", page=page, told=told)


@blueprint.post("/<int:message_id>/open", endpoint="open")
@needs(Right.READ_MESSAGES)
def open_message(message_id: int) -> Response:
    """Enter that a message was read and lead to what it is about."""
    one = own(Message, message_id)
    mark_read(one, at=context.now())
    target = path_of(one.subject, Role(current_user.role))
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
