"""Signing in and out, the language switch, and the page at which each role begins."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from app import context
from app.errors import wants_json
from app.extensions import db, limiter, login_manager
from app.languages import LANGUAGES
from app.navigation import home_endpoint
from app.pages import done, local_path, readable_path
from app.rights import Right, has_right, needs, open_to_all
from app.words import error_words
from records import ledger
from records.errors import DomainError
from records.people import (
    MIN_PASSWORD_LENGTH,
    UnknownUser,
    User,
    change_password,
    sign_in,
    user_of_session,
)
from records.seen_heads import look_again

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


@login_manager.user_loader
def load_user(session_id: str) -> User | None:
    """Return the user of a session cookie."""
    return user_of_session(db.session, session_id)


@login_manager.unauthorized_handler
def sign_in_first() -> Response:
    """Send a visitor to the sign-in page, and back afterwards; programs get 401."""
    if request.method not in ("GET", "HEAD") or wants_json():
        abort(401)
    return redirect(url_for("accounts.sign_in_page", next=request.full_path.rstrip("?")))


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
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    login_user(user)
    target = local_path(request.args.get("next")) or url_for(home_endpoint())
    reads_the_ledger, user_id = has_right(user, Right.SEE_LEDGER), user.id
    db.session.commit()
    if reads_the_ledger:
        look_again(db.session, user_id, context.now())
        db.session.commit()
    return redirect(target)


@blueprint.get("/home")
@open_to_all
def home() -> Response:
    """Lead to the page at which the reader begins."""
    return redirect(url_for(home_endpoint()))


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """End the session."""
    logout_user()
    return redirect(url_for("public.board"))


@blueprint.route("/account", methods=["GET", "POST"])
@needs(Right.SEE_OWN_ACCOUNT)
@limiter.limit("10 per minute; 50 per hour", methods=["POST"])
def account() -> str | Response | tuple[str, int]:
    """Show who is signed in and let him change his password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        page = render_template("accounts/account.html", form=form)
        return page, 422 if form.is_submitted() else 200
    user: User = current_user._get_current_object()
    try:
        sign_in(db.session, user.name, form.old.data or "")
        change_password(user, form.new.data or "")
    except UnknownUser:
        form.old.errors = [_("This is not your present password.")]
        return render_template("accounts/account.html", form=form), 403
    except DomainError as error:
        form.new.errors = [error_words(error)]
        return render_template("accounts/account.html", form=form), error.status
    act = ledger.Act("user.password_changed", f"user:{user.id}", {})
    ledger.append(db.session, user.actor, [act], context.now())
    db.session.commit()
    login_user(user)
    done(_("Your password is changed. Other devices have been signed out."))
    return redirect(url_for("accounts.account"))


@blueprint.post("/language/<code>")
@open_to_all
def language(code: str) -> Response:
    """Switch the language for this browser, and stay on the page."""
    if code not in LANGUAGES:
        abort(404)
    session["language"] = code
    return redirect(readable_path(request.form.get("next")) or url_for("public.board"))
