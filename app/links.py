"""What stands behind a link that lets somebody in once: a new account, or a new password."""

from __future__ import annotations

from flask import render_template
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from app import context
from app.extensions import db
from app.rights import open_to_all
from app.signing_in import begin
from app.words import error_words
from records.invitations import accept_invitation, invitation_of
from records.password_links import set_password, user_of_password_link
from records.passwords import MIN_PASSWORD_LENGTH, PasswordTooShort
from records.people import NameTaken
from zones.communities import Community, Compound


class NewPasswordForm(FlaskForm):
    """A new password, twice."""

    new = PasswordField(
        _l("New password"),
        description=_l("At least %(count)s characters.", count=MIN_PASSWORD_LENGTH),
        validators=[InputRequired(), Length(max=200)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password again"),
        validators=[EqualTo("new", message=_l("The two new passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class InvitedForm(NewPasswordForm):
    """What somebody signs in by from now on."""

    name = StringField(
        _l("Sign-in name"),
        description=_l("A short word without spaces, to type when signing in."),
        validators=[
            InputRequired(),
            Length(max=40),
            Regexp(r"^\S+$", message=_l("Without spaces, please.")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )


@open_to_all
def invitation(invitation_token: str) -> str | Response | tuple[str, int]:
    """Let the invited choose name and password, and lead on as after any sign-in."""
    at = context.now()
    one = invitation_of(db.session, invitation_token, at)
    form = InvitedForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        name, password = form.name.data or "", form.new.data or ""
        try:
            user = accept_invitation(
                db.session, invitation_token, name=name, password=password, at=at
            )
        except NameTaken as error:
            form.name.errors, status = [error_words(error)], error.status
        except PasswordTooShort as error:
            form.new.errors, status = [error_words(error)], error.status
        else:
            return begin(user)
    page = render_template(
        "accounts/invitation.html",
        form=form,
        invitation=one,
        community=db.session.get_one(Community, one.community_id),
        compound=db.session.get(Compound, one.compound_id) if one.compound_id else None,
    )
    return page, status


@open_to_all
def new_password(password_token: str) -> str | Response | tuple[str, int]:
    """Let somebody choose a new password, and lead on as after any sign-in."""
    user = user_of_password_link(db.session, password_token, context.now())
    form = NewPasswordForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            set_password(db.session, password_token, form.new.data or "", at=context.now())
        except PasswordTooShort as error:
            form.new.errors, status = [error_words(error)], error.status
        else:
            return begin(user)
    return render_template("accounts/new_password.html", form=form, user=user), status
