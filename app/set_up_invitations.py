"""The administrator's links: invitations for new users, new passwords for those who forgot theirs.

A link is shown once, in the answer to the post that asked for it: it stands in no cookie.
"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app import context
from app.extensions import db
from app.languages import name_of
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import ROLES, error_words
from permits.printing.symbols import single_svg
from records import invitations, password_links
from records.invitations import Invitation, invite, renew_invitation, withdraw_invitation
from records.managing_users import CompoundMissing
from records.password_links import make_password_link
from records.people import Role, User
from zones.communities import Community

NO_COMPOUND = 0
"""The choice for users who belong to the whole community."""


class InvitationForm(FlaskForm):
    """Who is to sign in, and as what."""

    shown_name = StringField(
        lazy_pgettext("person", "Name"),
        description=_l("As colleagues and neighbours know this person."),
        validators=[InputRequired(), Length(max=80)],
    )
    role = RadioField(_l("Role"), choices=list(ROLES.items()), validators=[InputRequired()])
    compound = SelectField(
        _l("Compound"), description=_l("Only for an owner representative."), coerce=int
    )

    def __init__(self, community: Community) -> None:
        super().__init__()
        self.compound.choices = [
            (NO_COMPOUND, _("The whole community")),
            *((one.id, f"{one.letter}  {name_of(one)}") for one in community.compounds),
        ]


@needs(Right.MANAGE_USERS)
def new_user() -> str | Response | tuple[str, int]:
    """Invite somebody, and show the link once."""
    community = own_community()
    form = InvitationForm(community)
    if not form.validate_on_submit():
        page = render_template("set_up/new_user.html", form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        one, token = invite(
            db.session,
            community_id=community.id,
            shown_name=form.shown_name.data or "",
            role=Role(form.role.data),
            compound_id=form.compound.data or None,
            actor=current_user.actor,
            at=context.now(),
        )
    except CompoundMissing as error:
        form.compound.errors = [error_words(error)]
        return render_template("set_up/new_user.html", form=form), error.status
    db.session.commit()
    return _invitation_link(one, token)


@needs(Right.MANAGE_USERS)
def renew(invitation_id: int) -> str:
    """Make a new link for an invitation, and show it once."""
    one = own(Invitation, invitation_id)
    token = renew_invitation(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    return _invitation_link(one, token)


@needs(Right.MANAGE_USERS)
def withdraw(invitation_id: int) -> Response:
    """Take an invitation back."""
    one = own(Invitation, invitation_id)
    withdraw_invitation(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The invitation is withdrawn. Its link leads nowhere."))
    return redirect(url_for(".users"))


@needs(Right.MANAGE_USERS)
def password_link(user_id: int) -> str:
    """Make a link for a new password, and show it once."""
    one = own(User, user_id)
    token = make_password_link(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    return _link(
        title=_("New password for %(name)s", name=one.shown_name),
        address=url_for("accounts.new_password", password_token=token),
        told=_("The old password works until a new one is chosen."),
        ends_at=context.now() + password_links.GOOD_FOR,
    )


def _invitation_link(one: Invitation, token: str) -> str:
    return _link(
        title=_("Invitation for %(name)s", name=one.shown_name),
        address=url_for("accounts.invitation", invitation_token=token),
        told=_("Behind it this person chooses a sign-in name and a password."),
        ends_at=context.now() + invitations.GOOD_FOR,
    )


def _link(*, address: str, **shown: object) -> str:
    whole = context.settings().public_url + address
    symbol = Markup(single_svg(whole))  # noqa: S704
    return render_template("set_up/link.html", address=whole, symbol=symbol, **shown)
