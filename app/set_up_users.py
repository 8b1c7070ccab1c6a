"""The administrator's pages for those who sign in."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own, own_community
from records.invitations import invitations_of
from records.managing_users import (
    close_account,
    reopen_account,
    reset_second_factor,
    sign_out_everywhere,
)
from records.people import User, users_of
from records.second_factor import must_have_second_factor, second_factor_of
from records.sign_ins import sign_ins_of
from zones.communities import Compound


@needs(Right.MANAGE_USERS)
def users() -> str:
    """Show everybody who signs in, and who is invited to."""
    community = own_community()
    return render_template(
        "set_up/users.html",
        users=users_of(db.session, community.id),
        invitations=invitations_of(db.session, community.id),
        today=community.local_day(context.now()),
        compounds={one.id: one for one in community.compounds},
    )


def user_page(one: User, term_form: FlaskForm) -> str:
    """Return the page of one user."""
    compound = own(Compound, one.compound_id) if one.compound_id else None
    sign_ins = sign_ins_of(db.session, one, context.now())
    return render_template(
        "set_up/user.html",
        user=one,
        compound=compound,
        term_form=term_form,
        serves=one.serves_on(own_community().local_day(context.now())),
        sign_ins=sign_ins,
        second_factor=second_factor_of(db.session, one),
        must_have_second_factor=must_have_second_factor(one),
    )


@needs(Right.MANAGE_USERS)
def sign_out(user_id: int) -> Response:
    """Sign a user out everywhere, as when a phone is lost."""
    one = own(User, user_id)
    sign_out_everywhere(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("%(name)s is signed out everywhere.", name=one.shown_name))
    return redirect(url_for(".user", user_id=one.id))


@needs(Right.MANAGE_USERS)
def reset_factor(user_id: int) -> Response:
    """Let a user who lost the phone set the second step up anew."""
    one = own(User, user_id)
    reset_second_factor(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The second step is reset. At the next sign-in it is set up anew."))
    return redirect(url_for(".user", user_id=one.id))


@needs(Right.MANAGE_USERS)
def close(user_id: int) -> Response:
    """Let nobody sign in by this name any more."""
    one = own(User, user_id)
    close_account(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The account is closed."))
    return redirect(url_for(".user", user_id=one.id))


@needs(Right.MANAGE_USERS)
def reopen(user_id: int) -> Response:
    """Open a closed account again."""
    one = own(User, user_id)
    reopen_account(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The account is open again. The old password holds."))
    return redirect(url_for(".user", user_id=one.id))
