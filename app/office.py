"""The office's pages: what waits, lists to decide, conflicts to settle, and the vehicles."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import bulk_pages, conflict_pages, context
from app.extensions import db
from app.forms import ActForm, MessageForm, ReasonForm, SearchForm
from app.inbox_shown import inbox_of
from app.lists_shown import list_page, where_shown
from app.pages import done, page_of
from app.permits_shown import permits_of, vehicles_query
from app.progress import run
from app.rights import Right, needs, own, own_community, own_scope
from permits.approving import return_list
from permits.conflicts import open_conflicts_by_list
from permits.counts import counts_of
from permits.ending_soon import endings
from permits.own_space import space_of
from permits.plate_list import ListState, PlateList, PlateListRow, lists_query
from permits.reporting import urgent_reports
from permits.row_talk import ask, open_questions_by_list
from permits.searching import MOST_FOUND, search
from permits.vehicles import Vehicle
from records import ledger
from zones.communities import Community
from zones.plans import plan_in_force

blueprint = Blueprint("office", __name__, url_prefix="/office")

HANDED_IN = (ListState.SUBMITTED, ListState.APPROVED, ListState.RETURNED)
"""States of the lists that the office sees."""


@blueprint.get("/")
@needs(Right.DECIDE_LIST)
def home() -> str:
    """Show what waits for the office, the oldest first."""
    community = own_community()
    plan = plan_in_force(db.session, community.id, community.local_day(context.now()))
    return render_template(
        "office/home.html",
        inbox=inbox_of(community),
        open_conflicts=open_conflicts_by_list(db.session, community),
        counts=counts_of(db.session, community, plan),
        plan=plan,
        endings=endings(db.session, community, context.now()),
        urgent=urgent_reports(db.session, community),
        form=SearchForm(),
    )


@blueprint.get("/lists")
@needs(Right.DECIDE_LIST)
def lists() -> str:
    """Show every list that was handed in, the newest first."""
    community = own_community()
    return render_template(
        "office/lists.html",
        page=page_of(lists_query(community, states=HANDED_IN)),
        open_conflicts=open_conflicts_by_list(db.session, community),
        act_form=ActForm(),
        open_questions=open_questions_by_list(db.session, community),
    )


@blueprint.get("/lists/<int:list_id>")
@needs(Right.DECIDE_LIST)
def plate_list(list_id: int) -> str:
    """Show a list's rows and their outcomes."""
    return _plate_list(_handed_in(own(PlateList, list_id)), ReasonForm())


def _handed_in(one: PlateList) -> PlateList:
    """Return the list; a draft is its representative's alone until it is handed in."""
    if one.state not in HANDED_IN:
        abort(404)
    return one


def _plate_list(
    one: PlateList,
    form: ReasonForm,
    talking: PlateListRow | None = None,
    talk_form: MessageForm | None = None,
) -> str:
    return render_template(
        "office/plate_list.html",
        page=list_page(one),
        form=form,
        act_form=ActForm(),
        talking=talking,
        talk_form=talk_form,
    )


@blueprint.route("/rows/<int:row_id>/ask", methods=["GET", "POST"])
@needs(Right.DECIDE_LIST)
def ask_about_row(row_id: int) -> str | Response | tuple[str, int]:
    """Show the list with room for a question about one row, and ask it."""
    row, form = own(PlateListRow, row_id), MessageForm()
    one = _handed_in(row.plate_list)
    if not form.validate_on_submit():
        page = _plate_list(one, ReasonForm(formdata=None), row, form)
        return page, 422 if form.is_submitted() else 200
    number, text = row.row, form.text.data or ""
    ask(db.session, row, text, context.sealer(), actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("Row %(row)s: your question is with the representative.", row=number))
    where = where_shown(row, request.args.get("outcome"), request.args.get("page"))
    return redirect(url_for(".plate_list", list_id=row.list_id, _anchor=f"row-{row.id}", **where))


@blueprint.post("/lists/<int:list_id>/approve")
@needs(Right.DECIDE_LIST)
def approve_list(list_id: int) -> Response:
    """Bring the list into the register."""
    return run("approve", list_id=_handed_in(own(PlateList, list_id)).id)


@blueprint.post("/lists/<int:list_id>/return")
@needs(Right.DECIDE_LIST)
def give_back(list_id: int) -> Response | tuple[str, int]:
    """Give the list back to its representative."""
    one, form = _handed_in(own(PlateList, list_id)), ReasonForm()
    if not form.validate_on_submit():
        return _plate_list(one, form), 422
    return_list(db.session, one, form.reason.data or "", actor=current_user.actor, at=context.now())
    db.session.commit()
    done(_("The list went back to its representative."))
    return redirect(url_for(".home"))


@blueprint.route("/vehicles", methods=["GET", "POST"])
@needs(Right.DECIDE_LIST)
def vehicles() -> str:
    """Show every vehicle, or what a search finds."""
    community, form = own_community(), SearchForm()
    if form.validate_on_submit() and (form.text.data or "").strip():
        return _found(community, form)
    compound = own_scope(request.args.get("compound", type=int))
    return render_template(
        "office/vehicles.html",
        page=page_of(vehicles_query(community, compound)),
        form=form,
        act_form=ActForm(),
        compound=compound,
        compounds=community.compounds,
    )


def _found(community: Community, form: SearchForm) -> str:
    found = search(
        db.session,
        community,
        form.text.data or "",
        sealer=context.sealer(),
        actor=current_user.actor,
        at=context.now(),
    )
    db.session.commit()
    return render_template(
        "office/found.html", found=found, form=form, act_form=ActForm(), most=MOST_FOUND
    )


@blueprint.get("/vehicles/<int:vehicle_id>")
@needs(Right.DECIDE_LIST)
def vehicle(vehicle_id: int) -> str:
    """Show one vehicle and every permit it had."""
    return _vehicle(own(Vehicle, vehicle_id))


def _vehicle(
    one: Vehicle, owner: str | None = None, phone: str | None = None, paper: str | None = None
) -> str:
    return render_template(
        "office/vehicle.html",
        vehicle=one,
        permits=permits_of(one),
        space=space_of(db.session, one),
        owner=owner,
        phone=phone,
        paper=paper,
        form=ActForm(),
    )


@blueprint.post("/vehicles/<int:vehicle_id>/owner")
@needs(Right.SEE_PEOPLE)
def owner(vehicle_id: int) -> str:
    """Show the owner's name and number, and the paper of the car's own space.

    That they were shown is in the ledger.
    """
    one, sealer = own(Vehicle, vehicle_id), context.sealer()
    name = sealer.open(one.owner_sealed) if one.owner_sealed else ""
    phone = sealer.open(one.phone_sealed) if one.phone_sealed else ""
    space = space_of(db.session, one)
    paper = sealer.open(space.paper_sealed) if space and space.paper_sealed else None
    act = ledger.Act("personal_data.shown", f"vehicle:{one.id}", {})
    ledger.append(db.session, current_user.actor, [act], context.now())
    db.session.commit()
    return _vehicle(one, name, phone, paper)


blueprint.route("/conflicts/<int:row_id>", methods=["GET", "POST"])(conflict_pages.conflict)
blueprint.post("/conflicts/<int:row_id>/evidence")(conflict_pages.add_evidence)
blueprint.post("/conflicts/<int:row_id>/evidence/seen")(conflict_pages.see_evidence)
blueprint.post("/bulk")(bulk_pages.bulk)
blueprint.get("/bulk/acts/<int:bulk_act_id>")(bulk_pages.bulk_act)
blueprint.post("/bulk/acts/<int:bulk_act_id>/undo")(bulk_pages.undo_bulk)
