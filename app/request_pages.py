"""Requests: short forms of the representative, granted or refused by the office."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import context
from app.extensions import db
from app.forms import ActForm, ReasonForm
from app.pages import done, page_of
from app.request_forms import FORMS, REFUSALS
from app.rights import Right, needs, own, own_community, own_scope
from permits.granting import cars_of, grant, refuse
from permits.plates import PlateError
from permits.request import CarRequest, RequestKind, RequestState, requests_query
from permits.requesting import withdraw_request
from permits.vehicles import Vehicle

blueprint = Blueprint("requests", __name__, url_prefix="/requests")


@blueprint.get("/")
@needs(Right.SEE_REQUESTS)
def all_requests() -> str:
    """Show requests of one state, those that wait first of all."""
    community, compound = own_community(), own_scope(request.args.get("compound", type=int))
    chosen = request.args.get("state")
    state = RequestState(chosen) if chosen in set(RequestState) else RequestState.OPEN
    return render_template(
        "requests/requests.html",
        page=page_of(requests_query(community, compound, state)),
        state=state,
        compound=compound,
        act_form=ActForm(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.MAKE_REQUEST)
def new_request() -> str | Response | tuple[str, int]:
    """Ask the office for something."""
    compound, kind = own_scope(), request.args.get("kind", RequestKind.LOST_PERMIT)
    if compound is None or kind not in set(RequestKind):
        abort(404)
    form = FORMS[RequestKind(kind)]()
    if not form.is_submitted():
        form.begin_with(_chosen_car())
    if not form.validate_on_submit():
        return _new(kind, form), 422 if form.is_submitted() else 200
    try:
        asked = form.ask(compound, actor=current_user.actor, at=context.now())
    except (PlateError, *REFUSALS) as error:
        form.blame(error)
        return _new(kind, form), error.status
    db.session.commit()
    done(_("The office has your request."))
    return redirect(url_for(".one_request", request_id=asked.id))


def _chosen_car() -> Vehicle | None:
    chosen = request.args.get("vehicle", type=int)
    return own(Vehicle, chosen) if chosen is not None else None


def _new(kind: str, form: object) -> str:
    return render_template("requests/new.html", kind=kind, form=form)


@blueprint.get("/<int:request_id>")
@needs(Right.SEE_REQUESTS)
def one_request(request_id: int) -> str:
    """Show one request, and what can be done about it."""
    return _one(own(CarRequest, request_id), ReasonForm())


def _one(one: CarRequest, form: ReasonForm) -> str:
    cars = cars_of(db.session, one.household) if one.household else None
    return render_template("requests/request.html", asked=one, form=form, cars=cars)


@blueprint.post("/<int:request_id>/grant")
@needs(Right.DECIDE_REQUEST)
def grant_request(request_id: int) -> Response:
    """Do what a request asks for."""
    one = own(CarRequest, request_id)
    made = grant(db.session, one, keys=context.keys(), actor=current_user.actor, at=context.now())
    db.session.commit()
    if made is None:
        done(_("Granted. The register is up to date."))
    else:
        done(_("Granted. Print the new permit %(serial)s.", serial=made.serial))
    return redirect(url_for(".one_request", request_id=request_id))


@blueprint.post("/<int:request_id>/refuse")
@needs(Right.DECIDE_REQUEST)
def refuse_request(request_id: int) -> Response | tuple[str, int]:
    """Refuse a request with a reason."""
    one, form = own(CarRequest, request_id), ReasonForm()
    if not form.validate_on_submit():
        return _one(one, form), 422
    refuse(db.session, one, form.reason.data or "", actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Refused. The representative reads your reason."))
    return redirect(url_for(".all_requests"))


@blueprint.post("/<int:request_id>/withdraw")
@needs(Right.MAKE_REQUEST)
def withdraw(request_id: int) -> Response:
    """Take a request back."""
    one = own(CarRequest, request_id)
    withdraw_request(db.session, one, actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The request is taken back. Nothing was changed."))
    return redirect(url_for(".all_requests"))
