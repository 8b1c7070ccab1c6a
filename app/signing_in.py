"""Beginning and ending a reader's session, and noting now and then that it is in use."""

from __future__ import annotations

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as Redirection

from app import context
from app.browsers import browser_words
from app.errors import wants_json
from app.extensions import db, login_manager
from app.navigation import home_endpoint
from app.pages import local_path
from app.rights import Right, has_right
from records.people import User
from records.second_factor import begin_enrolment, must_have_second_factor, second_factor_of
from records.seen_heads import look_again
from records.sign_ins import (
    SEEN_EVERY,
    begin_sign_in,
    begin_waiting,
    end_sign_in,
    end_waiting,
    note_seen,
    user_of_session,
    waiting_user,
)

_WAITING = "waiting"
"""Where a cookie keeps the token of a sign-in that waits for its second step."""


@login_manager.user_loader
def load_user(token: str) -> User | None:
    """Return the user of a session cookie."""
    user = user_of_session(db.session, token)
    g.here = user.here if user else None
    return user


@login_manager.unauthorized_handler
def sign_in_first() -> Redirection:
    """Send a visitor to the sign-in page, and back afterwards; programs get 401."""
    if request.method not in ("GET", "HEAD") or wants_json():
        abort(401)
    return redirect(url_for("accounts.sign_in_page", next=request.full_path.rstrip("?")))


def begin(user: User) -> Redirection:
    """Lead on from a right password: to the second step where there is one, or in.

    It commits.
    """
    if second_factor_of(db.session, user):
        step = "accounts.code"
    elif must_have_second_factor(user):
        begin_enrolment(db.session, user, context.sealer())
        step = "accounts.first_enrolment"
    else:
        return redirect(enter(user))
    _clear_session()
    session[_WAITING] = begin_waiting(db.session, user, _browser(), context.now())
    db.session.commit()
    return redirect(url_for(step, next=local_path(request.args.get("next"))))


def waiting() -> User | None:
    """Return the user whose password was right a moment ago and who is not signed in yet."""
    token = session.get(_WAITING, "")
    return waiting_user(db.session, token, context.now()) if token else None


def enter(user: User) -> str:
    """Sign a user in here, and return the page that was asked for, or where the role begins.

    It commits, and nothing of the session before stays but the language.
    """
    _clear_session()
    begin_sign_in(db.session, user, _browser(), context.now())
    login_user(user)
    target = local_path(request.args.get("next")) or url_for(home_endpoint())
    reads_the_ledger, user_id = has_right(user, Right.SEE_LEDGER), user.id
    db.session.commit()
    if reads_the_ledger:
        look_again(db.session, user_id, context.now())
        db.session.commit()
    return target


def _clear_session() -> None:
    language, waits = session.get("language"), session.get(_WAITING)
    session.clear()
    if language:
        session["language"] = language
    if waits:
        end_waiting(db.session, waits)
    session.permanent = True


def _browser() -> str:
    return browser_words(request.user_agent.string)


def leave() -> None:
    """End the reader's session, here and in the list of sign-ins."""
    if current_user.is_authenticated and current_user.here:
        end_sign_in(db.session, current_user, current_user.here.sign_in_id)
        db.session.commit()
    logout_user()


def init_app(app: Flask) -> None:
    """Keep of each session when it was last in use."""

    @app.after_request
    def note(response: Response) -> Response:
        here = g.get("here")
        if here and context.now() - here.seen_at >= SEEN_EVERY:
            # What the view did is committed or given up by now: this is a transaction of its own.
            db.session.rollback()
            note_seen(db.session, here.sign_in_id, context.now())
            db.session.commit()
        return response
