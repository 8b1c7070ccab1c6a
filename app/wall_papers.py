"""What hangs at the zones: a sign for each, under the plan in force."""

from __future__ import annotations

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import context
from app.extensions import db
from app.rights import Right, needs, own, own_community
from permits.print_batch import NoPlanInForce
from permits.printing.zone_sign import SignOpening, ZoneSign, zone_signs
from zones.areas import Zone, zones_of
from zones.openings_text import window_text
from zones.plans import ZonePlan, plan_in_force


@needs(Right.PRINT_NOTICE)
def print_zone_signs() -> AnyResponse:
    """Give the signs of all zones, or of one."""
    community = own_community()
    plan = plan_in_force(db.session, community.id, community.local_day(context.now()))
    if plan is None:
        raise NoPlanInForce
    asked = request.form.get("zone", type=int)
    zones = [own(Zone, asked)] if asked else zones_of(db.session, community.id)
    public_url = context.settings().public_url.rstrip("/")
    signs = [sign_of(zone, plan, public_url) for zone in zones]
    names = {"community": community.name, "community_en": community.name_en}
    number = plan.number
    # Drawing takes a while: no transaction is open meanwhile.
    db.session.rollback()
    content = zone_signs(signs, plan_number=number, fonts=context.print_settings().fonts, **names)
    response = Response(content, mimetype="application/pdf")
    name = f"zone-sign-{signs[0].code}" if asked else f"zone-signs-plan-{number}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def sign_of(zone: Zone, plan: ZonePlan, public_url: str) -> ZoneSign:
    """Return the sign of a zone under a plan; its code leads to the report page."""
    openings = [
        SignOpening(
            letter=one.compound.letter,
            colour=one.compound.colour,
            compound=one.compound.name,
            compound_en=one.compound.name_en,
            hours=window_text(one.starts, one.ends),
        )
        for one in plan.openings
        if one.zone_id == zone.id
    ]
    report_url = public_url + url_for("watch.report", zone=zone.id)
    return ZoneSign(zone.code, zone.name, zone.name_en, openings, report_url)
