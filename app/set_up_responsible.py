"""The administrator's page for who is responsible for which zone and compound (责任到人)."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.pages import done
from app.rights import Right, needs, own_community
from app.words import error_words
from records.errors import DomainError
from zones.areas import Zone, zones_of
from zones.communities import Community, Compound
from zones.responsibility import name_responsible, public_phone, responsibilities_of


class ResponsibleForm(FlaskForm):
    """Names and lines are read beside it: there are as many as compounds and zones."""


@needs(Right.SET_UP_COMMUNITY)
def responsible() -> str | Response | tuple[str, int]:
    """Show and change who answers for each compound and zone."""
    community, form = own_community(), ResponsibleForm()
    things = _things(community)
    if not form.validate_on_submit():
        named = responsibilities_of(db.session, community)
        shown = {key: _shown(named.get(thing)) for key, thing in things.items()}
        return _page(community, form, things, shown)
    sent = {
        key: (request.form.get(f"name-{key}", ""), request.form.get(f"phone-{key}", ""))
        for key in things
        if f"name-{key}" in request.form
    }
    wrong = {key: words for key, (name, phone) in sent.items() if (words := _fault(name, phone))}
    if wrong:
        return _page(community, form, things, sent, wrong), 422
    name_responsible(
        db.session,
        community,
        {things[key]: pair for key, pair in sent.items()},
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    done(_("The public board and the next notice name them."))
    return redirect(url_for(".responsible"))


def _things(community: Community) -> dict[str, Compound | Zone]:
    return {
        **{f"compound-{one.id}": one for one in community.compounds},
        **{f"zone-{one.id}": one for one in zones_of(db.session, community.id)},
    }


def _shown(one: object) -> tuple[str, str]:
    return getattr(one, "name", ""), getattr(one, "phone", "")


def _fault(name: str, phone: str) -> str:
    try:
        if public_phone(phone) and not name.strip():
            return _("Say who answers %(phone)s.", phone=phone)
    except DomainError as error:
        return error_words(error)
    return ""


def _page(
    community: Community,
    form: FlaskForm,
    things: dict[str, Compound | Zone],
    shown: dict[str, tuple[str, str]],
    wrong: dict[str, str] | None = None,
) -> str:
    return render_template(
        "set_up/responsible.html",
        community=community,
        form=form,
        things=things,
        shown=shown,
        wrong=wrong or {},
    )
