"""The administrator's page for the keys that sign permits."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs
from permits.keys_in_use import uses_of_keys
from records.signing_keys import all_keys, make_key


@needs(Right.MANAGE_KEYS)
def keys() -> str:
    """Show every public key, and how long it is needed."""
    return render_template(
        "set_up/keys.html", keys=all_keys(db.session), uses=uses_of_keys(db.session)
    )


@needs(Right.MANAGE_KEYS)
def rotate() -> Response:
    """Make a new signing key; what the old one signed stays valid."""
    key = make_key(db.session, context.keys(), actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Key %(id)s signs from now on. Printed permits stay valid.", id=key.id))
    return redirect(url_for(".keys"))
