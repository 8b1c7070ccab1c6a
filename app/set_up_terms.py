"""The administrator's form for a representative's term."""

from __future__ import annotations

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField
from wtforms.validators import Optional

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own
from app.set_up_users import user_page
from records.managing_users import set_term
from records.people import User


class TermForm(FlaskForm):
    """The last day of a term."""

    last_day = DateField(
        _l("Last day of the term"),
        description=_l("Empty for a term without end."),
        validators=[Optional()],
    )


@needs(Right.MANAGE_USERS)
def user(user_id: int) -> str:
    """Show one user and what can be done with the account."""
    one = own(User, user_id)
    return user_page(one, TermForm(last_day=one.term_ends))


@needs(Right.MANAGE_USERS)
def term(user_id: int) -> Response | tuple[str, int]:
    """Set or renew a representative's term."""
    one = own(User, user_id)
    form = TermForm()
    if not form.validate():
        return user_page(one, form), 422
    set_term(db.session, one, form.last_day.data, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The term is set."))
    return redirect(url_for(".user", user_id=one.id))
