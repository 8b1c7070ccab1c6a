"""The administrator's pages for webhooks. A secret is shown once, as a device's token is."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import WEBHOOK_EVENTS, error_words
from permits.gate_device import Webhook
from permits.webhook_address import LONGEST, PrivateAddress, WebhookAddressWrong
from permits.webhooks import WebhookEvent, add_webhook, close_webhook, last_deliveries

SHOWN_CALLS = 50


class WebhookForm(FlaskForm):
    """Who is called, and of what."""

    url = StringField(
        _l("Address"),
        description=_l("Such as https://example.org/parking. It gets JSON by POST."),
        validators=[InputRequired(), Length(max=LONGEST)],
    )
    events = SelectMultipleField(
        _l("Called when"),
        choices=list(WEBHOOK_EVENTS.items()),
        validators=[InputRequired()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


@needs(Right.SET_UP_COMMUNITY)
def new_webhook() -> str | tuple[str, int]:
    """Add a webhook, and show the secret that signs its calls once."""
    form = WebhookForm()
    if not form.validate_on_submit():
        page = render_template("set_up/new_webhook.html", form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        one, secret = add_webhook(
            db.session,
            own_community(),
            url=form.url.data or "",
            events=[WebhookEvent(event) for event in form.events.data or ()],
            private_allowed=context.settings().webhooks_to_private_addresses,
            sealer=context.sealer(),
            actor=current_user.actor,
            at=context.now(),
        )
    except (WebhookAddressWrong, PrivateAddress) as error:
        form.url.errors = [error_words(error)]
        return render_template("set_up/new_webhook.html", form=form), error.status
    db.session.commit()
    return render_template("set_up/secret.html", webhook=one, secret=secret)


@needs(Right.SET_UP_COMMUNITY)
def webhook(webhook_id: int) -> str:
    """Show a webhook with its latest calls."""
    one = own(Webhook, webhook_id)
    calls = last_deliveries(db.session, one, SHOWN_CALLS)
    return render_template("set_up/webhook.html", webhook=one, calls=calls)


@needs(Right.SET_UP_COMMUNITY)
def close(webhook_id: int) -> Response:
    """Call a webhook no more."""
    one = own(Webhook, webhook_id)
    close_webhook(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The webhook is closed. It is called no more."))
    return redirect(url_for(".machines"))
