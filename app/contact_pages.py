"""A reader's own e-mail address: entering it, confirming it, and choosing what is sent there."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app import context
from app.channels import channels_of
from app.extensions import db, limiter
from app.forms import trimmed
from app.languages import LANGUAGES, chosen_language
from app.message_words import KIND_NAMES
from app.pages import done
from app.rights import Right, needs
from app.words import error_words
from records.contact import (
    EMAIL,
    LONGEST_EMAIL,
    Contact,
    EmailWrong,
    confirm_email,
    contact_of,
    kinds_for,
    remove_email,
    set_email,
)
from records.delivery import queue_link
from records.message import MessageKind
from records.people import Role, User


class EmailForm(FlaskForm):
    """Where to, what and in which language."""

    email = StringField(
        _l("E-mail address"),
        filters=[trimmed],
        description=_l("It is kept sealed, and nobody but you sees it."),
        validators=[InputRequired(), Length(max=LONGEST_EMAIL)],
    )
    kinds = SelectMultipleField(
        _l("Sent when"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    language = RadioField(_l("Language of the e-mails"), choices=list(LANGUAGES.items()))

    def __init__(self, role: Role, contact: Contact | None) -> None:
        wanted = contact.kinds if contact else [str(kind) for kind in kinds_for(role)]
        super().__init__(
            email=context.sealer().open(contact.address_sealed) if contact else "",
            kinds=wanted,
            language=contact.language if contact else chosen_language(),
        )
        self.kinds.choices = [(str(kind), KIND_NAMES[kind]) for kind in kinds_for(role)]


class LinkForm(FlaskForm):
    """What the link carries, and a button."""

    link = HiddenField()


def _page(form: EmailForm, contact: Contact | None) -> str:
    return render_template(
        "messages/by_mail.html",
        form=form,
        contact=contact,
        is_set_up=EMAIL in channels_of(context.settings()),
    )


@needs(Right.READ_MESSAGES)
@limiter.limit("10 per hour", methods=["POST"])
def by_mail() -> str | Response | tuple[str, int]:
    """Show and change the reader's e-mail address, and what is sent there."""
    user: User = current_user._get_current_object()
    contact = contact_of(db.session, user.id)
    form = EmailForm(Role(user.role), contact)
    if not form.validate_on_submit():
        return _page(form, contact), 422 if form.is_submitted() else 200
    try:
        is_new = set_email(
            db.session,
            user,
            form.email.data or "",
            kinds=[MessageKind(kind) for kind in form.kinds.data or ()],
            language=form.language.data,
            sealer=context.sealer(),
            at=context.now(),
        )
    except EmailWrong as error:
        form.email.errors = [error_words(error)]
        return _page(form, contact), error.status
    if is_new and (fresh := contact_of(db.session, user.id)):
        queue_link(db.session, fresh, at=context.now())
    db.session.commit()
    done(
        _("We send a link to this address. Open it to confirm that it is yours.")
        if is_new
        else _("The change is made.")
    )
    return redirect(url_for(".by_mail"))


@needs(Right.READ_MESSAGES)
def forget_mail() -> Response:
    """Erase the reader's e-mail address."""
    user: User = current_user._get_current_object()
    remove_email(db.session, user, actor=user.actor, at=context.now())
    db.session.commit()
    done(_("The address is erased. Messages stand in the page only."))
    return redirect(url_for(".by_mail"))


@needs(Right.READ_MESSAGES)
def confirm() -> str | Response:
    """Let the reader confirm the address to which this link was sent.

    A button does it, since mailboxes open links on their own.
    """
    form = LinkForm(link=request.args.get("link"))
    if not form.validate_on_submit():
        return render_template("messages/confirm.html", form=form)
    user: User = current_user._get_current_object()
    confirm_email(db.session, user, form.link.data or "", context.sealer(), at=context.now())
    db.session.commit()
    done(_("The address is confirmed. From now on messages are sent there too."))
    return redirect(url_for(".by_mail"))
