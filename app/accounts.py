"""Signing in and out, the language switch, and the page at which each role begins."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from app import context, links, own_sign_ins, second_step
from app.extensions import db, limiter
from app.languages import LANGUAGES
from app.navigation import home_endpoint
from app.own_term import representatives_of_own_compound
from app.pages import done, readable_path
from app.rights import Right, needs, open_to_all
from app.signing_in import begin, leave
from app.words import error_words
from records.errors import DomainError
from records.managing_users import change_password
from records.passwords import MIN_PASSWORD_LENGTH
from records.people import UnknownUser, User, sign_in
from records.second_factor import second_factor_of
from records.sign_ins import sign_ins_of

blueprint = Blueprint("accounts", __name__)


class SignInForm(FlaskForm):
    """Name and password."""

    name = StringField(_l("Sign-in name"), validators=[InputRequired(), Length(max=40)])
    password = PasswordField(_l("Password"), validators=[InputRequired(), Length(max=200)])
    submit = SubmitField(_l("Sign in"))


class PasswordForm(FlaskForm):
    """The old password, and a new one twice."""

    old = PasswordField(_l("Present password"), validators=[InputRequired(), Length(max=200)])
    new = PasswordField(
        _l("New password"),
        description=_l("At least %(count)s characters.", count=MIN_PASSWORD_LENGTH),
        validators=[InputRequired(), Length(max=200)],
    )
    again = PasswordField(
        _l("New password again"),
        validators=[EqualTo("new", message=_l("The two new passwords differ."))],
    )
    submit = SubmitField(_l("Change password"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all
@limiter.limit("10 per minute; 50 per hour", methods=["POST"])
def sign_in_page() -> str | Response | tuple[str, int]:
    """Ask for name and password."""
    form = SignInForm()
    if not form.validate_on_submit():
        page = render_template("accounts/sign_in.html", form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        user = sign_in(db.session, form.name.data or "", form.password.data or "")
    except UnknownUser as error:
        form.password.errors = [error_words(error)]
        return render_template("accounts/sign_in.html", form=form), 403
    return begin(user)


@blueprint.get("/home")
@open_to_all
def home() -> Response:
    """Lead to the page at which the reader begins."""
    return redirect(url_for(home_endpoint()))


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """End the session."""
    leave()
    return redirect(url_for("public.board"))


@blueprint.route("/account", methods=["GET", "POST"])
@needs(Right.SEE_OWN_ACCOUNT)
@limiter.limit("10 per minute; 50 per hour", methods=["POST"])
def account() -> Response | tuple[str, int]:
    """Show who is signed in, and where, and let him change his password."""
    form = PasswordForm()
    user: User = current_user._get_current_object()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            old, new = form.old.data or "", form.new.data or ""
            change_password(db.session, user, old, new, at=context.now())
            db.session.commit()
        except UnknownUser as error:
            form.old.errors, status = [_("This is not your present password.")], error.status
        except DomainError as error:
            form.new.errors, status = [error_words(error)], error.status
        else:
            done(_("Your password is changed. Other devices have been signed out."))
            return redirect(url_for("accounts.account"))
    sign_ins = sign_ins_of(db.session, user, context.now())
    page = render_template(
        "accounts/account.html",
        form=form,
        sign_ins=sign_ins,
        second_factor=second_factor_of(db.session, user),
        representatives=representatives_of_own_compound(),
    )
    return page, status


@blueprint.post("/language/<code>")
@open_to_all
def language(code: str) -> Response:
    """Switch the language for this browser, and stay on the page."""
    if code not in LANGUAGES:
        abort(404)
    session["language"] = code
    return redirect(readable_path(request.form.get("next")) or url_for("public.board"))


blueprint.post("/account/sign-ins/end", endpoint="end_sign_in")(own_sign_ins.end_one)
blueprint.post("/account/sign-ins/end-others", endpoint="end_others")(own_sign_ins.end_others)

_BOTH = ("GET", "POST")
_TRIES = limiter.limit("10 per minute; 50 per hour", methods=["POST"])

blueprint.route("/sign-in/code", methods=_BOTH)(_TRIES(second_step.code))
blueprint.route("/sign-in/phone", methods=_BOTH)(_TRIES(second_step.first_enrolment))
blueprint.route("/invitation/<invitation_token>", methods=_BOTH)(_TRIES(links.invitation))
blueprint.route("/new-password/<password_token>", methods=_BOTH)(_TRIES(links.new_password))
blueprint.route("/account/second-step", methods=_BOTH)(_TRIES(second_step.second_step))
blueprint.post("/account/second-step/begin")(second_step.begin_own)
blueprint.route("/account/second-step/phone", methods=_BOTH)(_TRIES(second_step.enrolment))
