"""Where the reader is signed in, and signing out there."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.extensions import db
from app.pages import done
from app.rights import Right, needs
from records.sign_ins import end_sign_in, end_sign_ins


@needs(Right.SEE_OWN_ACCOUNT)
def end_one() -> Response:
    """Sign out one browser; that of somebody else is as good as none."""
    end_sign_in(db.session, current_user, request.form.get("sign_in", 0, type=int))
    db.session.commit()
    done(_("That device is signed out."))
    return redirect(url_for("accounts.account"))


@needs(Right.SEE_OWN_ACCOUNT)
def end_others() -> Response:
    """Sign out everywhere but here."""
    end_sign_ins(db.session, current_user, but=current_user.here.sign_in_id)
    db.session.commit()
    done(_("All other devices are signed out."))
    return redirect(url_for("accounts.account"))
