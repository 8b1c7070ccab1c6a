"""The administrator's page for handing over the whole record.

A passphrase is shown once, in the answer to the post that asked for it: it stands in no address,
no cookie and no log.
"""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, PasswordField
from wtforms.validators import Length, Optional

from app import context
from app.extensions import db, limiter
from app.kept_handover import kept_handover, name_of_next, remove_kept_handover
from app.pages import done
from app.progress import run
from app.rights import Right, needs, own_community
from permits.handover.archive import new_passphrase
from permits.handover.writing import require_alone
from records.people import UnknownUser, sign_in


class HandoverForm(FlaskForm):
    """What the file holds."""

    with_people = BooleanField(
        _l("With names, phone numbers and handed-in files"),
        description=_l(
            "The file is then encrypted. Its passphrase is shown once: note it down and send it by "
            "another way than the file."
        ),
    )
    password = PasswordField(
        _l("Your password"),
        description=_l("Only needed with names and phone numbers."),
        validators=[Optional(), Length(max=200)],
    )


@needs(Right.HAND_OVER)
@limiter.limit("10 per minute; 50 per hour", methods=["POST"])
def handover() -> str | AnyResponse | tuple[str, int]:
    """Show the file that was made last, and make another one."""
    form = HandoverForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        if not form.with_people.data:
            return _make(None)
        try:
            sign_in(db.session, current_user.name, form.password.data or "")
        except UnknownUser as error:
            form.password.errors, status = [_("This is not your present password.")], error.status
        else:
            passphrase = new_passphrase()
            page = _make(passphrase).location
            return render_template(
                "set_up/handover_passphrase.html", passphrase=passphrase, page=page
            )
    return render_template(
        "set_up/handover.html", form=form, kept=kept_handover(own_community())
    ), status


def _make(passphrase: str | None) -> AnyResponse:
    community = own_community()
    require_alone(db.session, community)
    return run(
        "handover",
        community_id=community.id,
        file_name=name_of_next(community, context.now(), with_people=passphrase is not None),
        passphrase_sealed=context.sealer().seal(passphrase).hex() if passphrase else "",
    )


@needs(Right.HAND_OVER)
def handed_over(file_name: str) -> Response:
    """Give the file that was made last."""
    kept = kept_handover(own_community())
    if kept is None or kept.path.name != file_name:
        abort(404)
    return send_file(kept.path, as_attachment=True, download_name=file_name)


@needs(Right.HAND_OVER)
def remove_handover() -> AnyResponse:
    """Remove the file from this server."""
    remove_kept_handover(own_community())
    done(_("The file is removed from this server."))
    return redirect(url_for(".handover"))
