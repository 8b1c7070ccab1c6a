"""The second step of signing in: asking for the code, setting up an app, recovery codes."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app import context
from app.extensions import db
from app.languages import name_of
from app.look import reader_community
from app.pages import done
from app.rights import Right, needs, open_to_all
from app.signing_in import enter, waiting
from app.words import error_words
from permits.printing.symbols import single_svg
from records.errors import DomainError
from records.people import User
from records.recovery_codes import recovery_codes_left
from records.second_factor import (
    app_address,
    begin_enrolment,
    check_code,
    finish_enrolment,
    must_have_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    second_factor_of,
    secret_to_enrol,
)

_ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}


class CodeForm(FlaskForm):
    """A code of the app, or one of paper."""

    code = StringField(
        _l("Six-digit code"),
        description=_l("From the app on your phone; or one of your recovery codes."),
        validators=[InputRequired(), Length(max=40)],
        render_kw={**_ONE_TIME, "inputmode": "text"},
    )


class FirstCodeForm(FlaskForm):
    """The first code of an app that has just read the secret."""

    code = StringField(
        _l("Six-digit code"),
        description=_l("What the app shows now."),
        validators=[InputRequired(), Length(max=40)],
        render_kw=_ONE_TIME,
    )


@open_to_all
def code() -> str | Response | tuple[str, int]:
    """Ask for the code after a right password."""
    user = waiting()
    if user is None:
        return _from_the_beginning()
    form = CodeForm()
    is_filled = form.validate_on_submit()
    if is_filled and _is_taken(user, form):
        return redirect(enter(user))
    return render_template("accounts/code.html", form=form), _status(form, is_filled)


@open_to_all
def first_enrolment() -> str | Response | tuple[str, int]:
    """Let somebody who may not sign in without it set the second step up."""
    user = waiting()
    if user is None or second_factor_of(db.session, user):
        return _from_the_beginning()
    return _enrolment(user)


@needs(Right.SEE_OWN_ACCOUNT)
def enrolment() -> str | Response | tuple[str, int]:
    """Let the reader's app read a new secret."""
    user: User = current_user._get_current_object()
    if secret_to_enrol(db.session, user, context.sealer()) is None:
        return redirect(url_for("accounts.second_step"))
    return _enrolment(user)


@needs(Right.SEE_OWN_ACCOUNT)
def begin_own() -> Response:
    """Begin to set the second step up, where the reader has none yet."""
    user: User = current_user._get_current_object()
    if second_factor_of(db.session, user) is None:
        begin_enrolment(db.session, user, context.sealer())
        db.session.commit()
    return redirect(url_for("accounts.enrolment"))


@needs(Right.SEE_OWN_ACCOUNT)
def second_step() -> str | Response | tuple[str, int]:
    """Show how the reader's second step stands, and change it by a code."""
    user: User = current_user._get_current_object()
    factor = second_factor_of(db.session, user)
    form = CodeForm()
    is_filled = form.validate_on_submit()
    if factor and is_filled:
        act = request.form.get("act")
        if _may_be_switched_off(user, act, form) and _is_taken(user, form):
            return _change(user, act)
    page = render_template(
        "accounts/second_step.html",
        form=form,
        factor=factor,
        left=recovery_codes_left(db.session, user),
        is_required=must_have_second_factor(user),
    )
    return page, _status(form, is_filled)


def _change(user: User, act: str | None) -> str | Response:
    at = context.now()
    if act == "move":
        begin_enrolment(db.session, user, context.sealer())
        db.session.commit()
        return redirect(url_for("accounts.enrolment"))
    if act == "remove":
        remove_second_factor(db.session, user, at=at)
        db.session.commit()
        done(_("You sign in with the password alone again."))
        return redirect(url_for("accounts.account"))
    codes = renew_recovery_codes(db.session, user, sealer=context.sealer(), at=at)
    db.session.commit()
    return _recovery_codes(codes, url_for("accounts.account"))


def _may_be_switched_off(user: User, act: str | None, form: CodeForm) -> bool:
    if act != "remove" or not must_have_second_factor(user):
        return True
    form.code.errors = [_("Your role signs in with a second step only.")]
    return False


def _enrolment(user: User) -> str | Response | tuple[str, int]:
    form = FirstCodeForm()
    is_filled = form.validate_on_submit()
    if is_filled:
        try:
            codes = finish_enrolment(
                db.session,
                user,
                form.code.data or "",
                sealer=context.sealer(),
                at=context.now(),
            )
        except DomainError as error:
            form.code.errors = [error_words(error)]
        else:
            if current_user.is_authenticated:
                db.session.commit()
                return _recovery_codes(codes, url_for("accounts.account"))
            return _recovery_codes(codes, enter(user))
    secret = secret_to_enrol(db.session, user, context.sealer()) or ""
    issuer = name_of(reader_community())
    page = render_template(
        "accounts/enrolment.html",
        form=form,
        symbol=Markup(single_svg(app_address(secret, user, issuer))),  # noqa: S704
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        is_required=must_have_second_factor(user),
    )
    return page, _status(form, is_filled)


def _recovery_codes(codes: list[str], onward: str) -> str:
    """Show the codes in the answer itself: they stand in no address, no cookie and no log."""
    return render_template("accounts/recovery_codes.html", codes=codes, onward=onward)


def _is_taken(user: User, form: CodeForm) -> bool:
    try:
        typed = form.code.data or ""
        check_code(db.session, user, typed, sealer=context.sealer(), at=context.now())
    except DomainError as error:
        form.code.errors = [error_words(error)]
        # A wrong code counts.
        db.session.commit()
        return False
    return True


def _from_the_beginning() -> Response:
    return redirect(url_for("accounts.sign_in_page", next=request.args.get("next")))


def _status(form: FlaskForm, is_filled: bool) -> int:
    if not form.is_submitted():
        return 200
    return 403 if is_filled else 422
