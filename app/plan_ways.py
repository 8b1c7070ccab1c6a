"""How far it is from each compound to each zone: the table in which the office keeps it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.forms import ActForm
from app.pages import done
from app.rights import Right, needs, own_community
from zones.areas import Zone, zones_of
from zones.communities import Community, Compound
from zones.walking import LONGEST_METRES, USUAL_METRES, Ways, measured_ways, set_ways


@dataclass
class WayField:
    """One way as it stands in the form; `error` says what is wrong with it."""

    compound: Compound
    zone: Zone
    text: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        """The field's name."""
        return f"way-{self.compound.id}-{self.zone.id}"

    def metres(self) -> int | None:
        """Return what was typed, None for nothing; what makes no sense gets its `error`."""
        if not self.text:
            return None
        # `isdecimal` takes full-width digits too, which `int` reads as well.
        metres = int(self.text) if self.text.isdecimal() and len(self.text) < 6 else -1
        if not 0 <= metres <= LONGEST_METRES:
            self.error = _("Whole metres, at most %(limit)s.", limit=LONGEST_METRES)
        return metres


def _fields(community: Community) -> list[WayField]:
    zones = zones_of(db.session, community.id)
    return [WayField(compound, zone) for zone in zones for compound in community.compounds]


@needs(Right.DRAFT_PLAN)
def ways() -> str | Response | tuple[str, int]:
    """Show and change the ways."""
    community = own_community()
    fields, form = _fields(community), ActForm()
    if not form.is_submitted():
        known = measured_ways(db.session, community)
        for field in fields:
            field.text = str(known.get((field.compound.id, field.zone.id), ""))
        return _ways(fields, form)
    given: Ways = {}
    for field in fields:
        field.text = request.form.get(field.key, "").strip()
        metres = field.metres()
        if metres is not None:
            given[field.compound.id, field.zone.id] = metres
    if not form.validate() or any(field.error for field in fields):
        return _ways(fields, form), 422
    set_ways(db.session, community, given, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The ways are kept. Fair plans are computed with them from now on."))
    return redirect(url_for("plans.ways"))


def _ways(fields: list[WayField], form: ActForm) -> str:
    community = own_community()
    rows: dict[Zone, list[WayField]] = {}
    for field in fields:
        rows.setdefault(field.zone, []).append(field)
    return render_template(
        "plans/ways.html",
        rows=rows,
        compounds=community.compounds,
        form=form,
        faulty=any(field.error for field in fields),
        usual=USUAL_METRES,
    )
