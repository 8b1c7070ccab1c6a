"""The waiting list: who waits for a place, in turn; the office gives a place that is free."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.look import shown_plate
from app.pages import done
from app.rights import Right, has_right, needs, own, own_community, own_scope
from permits.waiting import give_place, turns, withdraw_claim
from permits.waiting_car import WaitingCar
from zones.communities import Compound

blueprint = Blueprint("waiting", __name__, url_prefix="/waiting")


@blueprint.get("/")
@needs(Right.DECIDE_LIST)
def waiting_list() -> str:
    """Show who waits, of all compounds or one."""
    community, compound = own_community(), own_scope(request.args.get("compound", type=int))
    return _page([compound] if compound else list(community.compounds), compound)


@blueprint.get("/own")
@needs(Right.HAND_IN_LIST)
def own_list() -> str:
    """Show who of the own compound waits."""
    compound = own_scope()
    if compound is None:
        abort(404)
    return _page([compound], compound)


def _page(compounds: list[Compound], chosen: Compound | None) -> str:
    return render_template(
        "waiting/waiting_list.html",
        lists=[(one, turns(db.session, one)) for one in compounds],
        compound=chosen,
        compounds=own_community().compounds,
    )


@blueprint.post("/<int:car_id>/give")
@needs(Right.DECIDE_LIST)
def give(car_id: int) -> Response:
    """Give the car a place that is free."""
    car = own(WaitingCar, car_id)
    plate = shown_plate(car.plate)
    vehicle = give_place(db.session, car, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("%(plate)s has a place now. Issue its permit next.", plate=plate))
    return redirect(url_for("office.vehicle", vehicle_id=vehicle.id))


@blueprint.post("/<int:car_id>/withdraw")
@needs(Right.WITHDRAW_CLAIM)
def withdraw(car_id: int) -> Response:
    """Take the car off the list."""
    car = own(WaitingCar, car_id)
    plate = shown_plate(car.plate)
    withdraw_claim(db.session, car, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("%(plate)s is off the waiting list.", plate=plate))
    is_office = has_right(current_user, Right.DECIDE_LIST)
    return redirect(url_for(".waiting_list" if is_office else ".own_list"))
