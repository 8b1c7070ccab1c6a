"""The administrator's page for what printed permits show."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own_community
from permits.print_rules import change_print_rules, names_compound, names_space


class PrintRulesForm(FlaskForm):
    """What a parked car tells strangers."""

    names_compound = BooleanField(
        _l("Permits name the compound"),
        description=_l(
            "Without the name, a parked car does not tell strangers where its owner lives. "
            "The colour's name stands in its place; flats are never printed."
        ),
    )
    names_space = BooleanField(
        _l("Permits name the car's own space"),
        description=_l("Without it, a permit says only that the car has a space of its own."),
    )


@needs(Right.SET_UP_COMMUNITY)
def printing() -> str | Response:
    """Change what permits printed from now on show."""
    community = own_community()
    form = PrintRulesForm(
        data={
            "names_compound": names_compound(db.session, community.id),
            "names_space": names_space(db.session, community.id),
        }
    )
    if not form.validate_on_submit():
        return render_template("set_up/printing.html", form=form)
    change_print_rules(
        db.session,
        community,
        names_compound=form.names_compound.data,
        names_space=form.names_space.data,
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The change is made and stands in the ledger."))
    return redirect(url_for(".home"))
