"""The administrator's pages for those who sign in.

A password that we make is shown once, in the answer to the post that asked for it: it stands in
no address, no cookie and no log.
"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from app import context
from app.extensions import db
from app.languages import name_of
from app.pages import done
from app.rights import Right, needs, own, own_community
from app.words import ROLES, error_words
from records.managing_users import (
    CompoundMissing,
    admit,
    close_account,
    give_password,
    reopen_account,
    reset_second_factor,
    sign_out_everywhere,
)
from records.passwords import random_password
from records.people import NameTaken, Role, User, users_of
from records.second_factor import must_have_second_factor, second_factor_of
from records.sign_ins import sign_ins_of
from zones.communities import Community, Compound

NO_COMPOUND = 0
"""The choice for users who belong to the whole community."""


class UserForm(FlaskForm):
    """Who is to sign in, and as what."""

    shown_name = StringField(
        lazy_pgettext("person", "Name"),
        description=_l("As colleagues and neighbours know this person."),
        validators=[InputRequired(), Length(max=80)],
    )
    name = StringField(
        _l("Sign-in name"),
        description=_l("A short word without spaces, to type when signing in."),
        validators=[
            InputRequired(),
            Length(max=40),
            Regexp(r"^\S+$", message=_l("Without spaces, please.")),
        ],
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
def users() -> str:
    """Show everybody who signs in."""
    community = own_community()
    return render_template(
        "set_up/users.html",
        users=users_of(db.session, community.id),
        compounds={one.id: one for one in community.compounds},
    )


@needs(Right.MANAGE_USERS)
def new_user() -> str | Response | tuple[str, int]:
    """Add a user, and show the first password once."""
    community = own_community()
    form = UserForm(community)
    if not form.validate_on_submit():
        page = render_template("set_up/new_user.html", form=form)
        return page, 422 if form.is_submitted() else 200
    password = random_password()
    try:
        one = admit(
            db.session,
            community_id=community.id,
            name=form.name.data or "",
            shown_name=form.shown_name.data or "",
            role=Role(form.role.data),
            password=password,
            actor=current_user.actor,
            at=context.now(),
            compound_id=form.compound.data or None,
        )
    except NameTaken as error:
        form.name.errors = [error_words(error)]
        return render_template("set_up/new_user.html", form=form), error.status
    except CompoundMissing as error:
        form.compound.errors = [error_words(error)]
        return render_template("set_up/new_user.html", form=form), error.status
    db.session.commit()
    return render_template("set_up/password.html", user=one, password=password)


@needs(Right.MANAGE_USERS)
def user(user_id: int) -> str:
    """Show one user and what can be done with the account."""
    one = own(User, user_id)
    compound = own(Compound, one.compound_id) if one.compound_id else None
    sign_ins = sign_ins_of(db.session, one, context.now())
    return render_template(
        "set_up/user.html",
        user=one,
        compound=compound,
        sign_ins=sign_ins,
        second_factor=second_factor_of(db.session, one),
        must_have_second_factor=must_have_second_factor(one),
    )


@needs(Right.MANAGE_USERS)
def password(user_id: int) -> str:
    """Give a user a new password, and show it once."""
    one = own(User, user_id)
    new = random_password()
    give_password(db.session, one, new, actor=current_user.actor, at=context.now())
    db.session.commit()
    return render_template("set_up/password.html", user=one, password=new)


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
