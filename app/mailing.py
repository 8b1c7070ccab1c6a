"""Sending messages to addresses outside: in the background, and again until each is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from huey import crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import context
from app.channels import Channel, channels_of
from app.extensions import db
from app.jobs import application, huey
from app.letter import Letter, NotSent
from app.message_ways import path_of
from app.message_words import said
from records.contact import Contact, contact_of, link_of
from records.delivery import QUEUED, Delivery, begin_try, due, end_try
from records.message_text import texts_of
from records.people import Role, User
from zones.communities import Community

MOST_AT_ONCE = 100
"""Letters of one run, so that other jobs get their turn."""

NEWS_FOR = timedelta(days=3)
"""What was not sent by then, while no channel was set up, is no news any more."""


def send_due() -> int:
    """Send what is due, and return how many letters were taken.

    A channel that fails as a whole gets the others of this run later.
    """
    channels = dict(channels_of(context.settings()))
    taken = 0
    for one in due(db.session, channels, at=context.now(), limit=MOST_AT_ONCE):
        delivery = begin_try(db.session, one, at=context.now())
        db.session.commit()
        if delivery is None:
            continue
        fault = _send(delivery, channels)
        end_try(
            db.session,
            delivery,
            fault.fault if fault else "",
            is_final=bool(fault and fault.is_final),
            at=context.now(),
        )
        db.session.commit()
        if fault and fault.is_general:
            break
        taken += not fault
    db.session.rollback()
    return taken


def _send(delivery: Delivery, channels: Mapping[str, Channel]) -> NotSent | None:
    user = db.session.get_one(User, delivery.user_id)
    contact = contact_of(db.session, user.id, delivery.channel)
    if delivery.created_at < context.now() - NEWS_FOR:
        return NotSent("too_old", is_final=True)
    if contact is None or not user.active or (delivery.message and not contact.confirmed_at):
        return NotSent("no_address", is_final=True)
    letter, channel = letter_of(delivery, contact, user), channels[delivery.channel]
    # The receiver may take its time: no transaction is open meanwhile.
    db.session.rollback()
    try:
        channel.send(letter)
    except NotSent as fault:
        return fault
    return None


def letter_of(delivery: Delivery, contact: Contact, user: User) -> Letter:
    """Return what is sent for a delivery, in the language that the reader has chosen."""
    community = db.session.get_one(Community, user.community_id)
    base, sealer = context.settings().public_url, context.sealer()
    with force_locale(contact.language):
        if delivery.message:
            own_words = texts_of(db.session, community.id)
            words = said(delivery.message, community, contact.language, own_words)
            subject, body = words.subject, words.body
            path = path_of(delivery.message.subject, Role(user.role))
            foot = _("You asked for this by e-mail. Change that here:")
            foot = f"{foot}\n{base}{path_of('contact', Role(user.role))}"
        else:
            subject = _("Confirm your e-mail address")
            body = _(
                "Somebody has entered this address in the parking permits of this community. If "
                "that was you, open this link, sign in and confirm it within 3 days:"
            )
            path = path_of(f"confirm:{link_of(contact, sealer)}", Role(user.role))
            foot = _("If it was not you, there is nothing to do.")
        sender = community.name_en if contact.language == "en" else community.name
    return Letter(
        number=delivery.id,
        at=delivery.created_at,
        to=sealer.open(contact.address_sealed),
        sender=_one_line(sender or community.name),
        subject=_one_line(subject),
        text=f"{body}\n\n{base}{path}\n\n-- \n{foot}\n",
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


@huey.task()
def send_soon() -> None:
    """Send what is due, in the background."""
    # A context of its own: within a request, its session is still in the middle of its commit.
    with application().app_context():
        send_due()


@huey.periodic_task(crontab())
def send_again() -> None:
    """Every minute, send what is due again."""
    with application().app_context():
        send_due()


def init_app(app: Flask) -> None:
    """Let letters be sent as soon as what they tell is committed."""
    with app.app_context():
        sessions = db.sessionmaker

    @event.listens_for(sessions, "after_commit")
    def send(session: Session) -> None:
        if session.info.pop(QUEUED, False):
            try:
                send_soon()
            except Exception as error:
                # What is committed is committed; the letters are sent within the minute.
                current_app.logger.warning("letters wait: %s", type(error).__qualname__)

    @event.listens_for(sessions, "after_rollback")
    def forget(session: Session) -> None:
        session.info.pop(QUEUED, None)
