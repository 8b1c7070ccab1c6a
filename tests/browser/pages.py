"""Every page of the product, by reader: what the accessibility tests and the screenshots walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app import context
from permits import token
from permits.bulk_act import BulkAct
from permits.gate_device import Webhook
from permits.infringement import InfringementKind, InfringementReport, ReportState
from permits.own_layout import OwnLayout
from permits.permit import Permit, PermitState
from permits.plate_list import ListMeaning, ListState, Outcome, PlateList, PlateListRow
from permits.print_batch import permit_fields
from permits.print_run import PrintRun
from permits.printer import Printer
from permits.request import CarRequest, RequestKind, RequestState
from permits.suspension import Suspension
from permits.vehicles import Vehicle, VehicleState
from permits.visitor_pass import VisitKind, VisitorPass
from permits.visits import pass_url
from permits.warning import CarWarning, WarningStep
from permits.watching import code_of
from records.people import User
from tests.browser.installation import Installation
from tests.browser.life import FAILED_JOB, FOLLOWED, RUNNING_JOB
from zones.areas import Zone
from zones.communities import Community, Compound, Gate
from zones.joint_meetings import JointMeeting
from zones.plans import PlanState, ZonePlan

VISITOR = "visitor"
"""A reader who is not signed in; all other readers are the demo's users, by name."""


@dataclass(frozen=True)
class Page:
    """A page as one reader finds it.

    Attributes:
        name: a word or two for a file name, unique for its reader.
        values: the arguments of its address, found in an installation with life in it.
    """

    name: str
    endpoint: str
    values: Callable[[Session], Mapping[str, Any]] = lambda session: {}


def _first(query: Select[Any], key: str) -> Callable[[Session], Mapping[str, Any]]:
    """Return a finder of the first row's id."""

    def find(session: Session) -> Mapping[str, Any]:
        found = session.scalars(query.limit(1)).first()
        if found is None:
            raise LookupError(f"the installation has nothing for {key}: {query}")
        return {key: found}

    return find


def _list(code: str, state: ListState, meaning: ListMeaning = ListMeaning.ADD) -> Any:
    query = (
        select(PlateList.id)
        .join(Compound, PlateList.compound_id == Compound.id)
        .where(Compound.code == code, PlateList.state == state, PlateList.meaning == meaning)
    )
    return _first(query.order_by(PlateList.id), "list_id")


def _row(code: str, state: ListState) -> Any:
    query = (
        select(PlateListRow.id)
        .join(PlateList, PlateListRow.list_id == PlateList.id)
        .join(Compound, PlateList.compound_id == Compound.id)
        .where(Compound.code == code, PlateList.state == state)
    )
    return _first(query.order_by(PlateListRow.id), "row_id")


def _request(code: str, state: RequestState) -> Any:
    query = (
        select(CarRequest.id)
        .join(Compound, CarRequest.compound_id == Compound.id)
        .where(Compound.code == code, CarRequest.state == state)
    )
    return _first(query.order_by(CarRequest.id), "request_id")


def _kind(kind: RequestKind) -> Callable[[Session], Mapping[str, Any]]:
    return lambda session: {"kind": kind}


def _permit(state: PermitState) -> Any:
    query = select(Permit.id).where(Permit.state == state).order_by(Permit.number)
    return _first(query, "permit_id")


def _plan(state: PlanState) -> Any:
    return _first(select(ZonePlan.id).where(ZonePlan.state == state), "plan_id")


def _token(state: PermitState) -> Callable[[Session], Mapping[str, Any]]:
    def find(session: Session) -> Mapping[str, Any]:
        query = select(Permit).where(Permit.state == state).order_by(Permit.number)
        permit = session.scalars(query.limit(1)).one()
        return {"token": token_of(session, permit)}

    return find


def _suspended_token(session: Session) -> Mapping[str, Any]:
    suspended = session.scalars(select(Suspension).limit(1)).one()
    return {"token": token_of(session, suspended.permit)}


def _forged_token(session: Session) -> Mapping[str, Any]:
    genuine = _token(PermitState.HANDED_OVER)(session)["token"]
    return {"token": forged(genuine)}


def forged(genuine: str) -> str:
    """Return a token that differs from a genuine one in one character of its permit's number."""
    place = 12
    other = "A" if genuine[place] != "A" else "B"
    return genuine[:place] + other + genuine[place + 1 :]


def _visitor_token(session: Session) -> Mapping[str, Any]:
    visit = session.get_one(VisitorPass, _visit()(session)["visit_id"])
    community = session.get_one(Community, visit.community_id)
    address = pass_url(visit, community, context.keys(), context.settings().public_url)
    return {"token": address.rpartition("/")[2]}


def _visit() -> Any:
    """Find the visit that goes on the longest: its pass is shown."""
    passes = select(VisitorPass.id).where(
        VisitorPass.cancelled_at.is_(None), VisitorPass.kind == VisitKind.VISITOR
    )
    return _first(passes.order_by(VisitorPass.valid_to.desc()), "visit_id")


def _report(state: ReportState) -> Any:
    return _first(
        select(InfringementReport.id)
        .where(InfringementReport.state == state)
        .order_by(InfringementReport.at),
        "report_id",
    )


def _urgent(state: ReportState) -> Any:
    """Find a fire lane's report; of the answered ones it is to be looked back at now."""
    return _first(
        select(InfringementReport.id).where(
            InfringementReport.kind == InfringementKind.FIRE_LANE,
            InfringementReport.state == state,
        ),
        "report_id",
    )


def _of_compound(model: type[Suspension] | type[CarWarning], code: str) -> Select[Any]:
    return (
        select(model.id)
        .join(Vehicle, model.vehicle_id == Vehicle.id)
        .join(Compound, Vehicle.compound_id == Compound.id)
        .where(Compound.code == code)
    )


def _suspension(code: str) -> Any:
    return _first(_of_compound(Suspension, code), "suspension_id")


def _warning(code: str, step: WarningStep) -> Any:
    found = _of_compound(CarWarning, code).where(CarWarning.step == step)
    return _first(found.order_by(CarWarning.id.desc()), "warning_id")


def _followed(session: Session) -> Mapping[str, Any]:
    return {"follow_code": code_of(context.sealer(), FOLLOWED)}


def token_of(session: Session, permit: Permit) -> str:
    """Return the token that is printed on a permit."""
    community = session.get_one(Community, permit.community_id)
    private_key = context.keys().private(permit.key_id)
    return token.sign(permit_fields(permit, community), private_key)


def _user(name: str) -> Any:
    return _first(select(User.id).where(User.name == name), "user_id")


_CONFLICT = _first(
    select(PlateListRow.id)
    .join(PlateList, PlateListRow.list_id == PlateList.id)
    .where(PlateListRow.outcome == Outcome.CONFLICT, PlateList.state == ListState.SUBMITTED),
    "row_id",
)
_ACTIVE = select(Vehicle.id).where(Vehicle.state == VehicleState.ACTIVE).order_by(Vehicle.id)
_TEMPORARY = select(Permit.id).where(Permit.is_temporary)
_RUNS = select(PrintRun.id).order_by(PrintRun.id)


def _moves(code: str) -> Callable[[Session], Mapping[str, Any]]:
    """Find a compound that the proposed plan touches."""

    def find(session: Session) -> Mapping[str, Any]:
        compound = session.scalars(select(Compound.id).where(Compound.code == code)).one()
        return {**_plan(PlanState.PROPOSED)(session), "compound_id": compound}

    return find


_PLANS = (
    Page("plans", "plans.all_plans"),
    Page("plan-in-force", "plans.plan", _plan(PlanState.RATIFIED)),
    Page("plan-proposed", "plans.plan", _plan(PlanState.PROPOSED)),
    Page("plan-fair", "plans.fair"),
    Page("plan-compare", "plans.compare"),
    Page("plan-rule", "plans.rule"),
)
_DRAFTS = (
    Page("plan-ways", "plans.ways"),
    Page("plan-draft", "plans.plan", _plan(PlanState.DRAFT)),
    Page("plan-new", "plans.new_plan"),
    Page("plan-edit", "plans.edit_plan", _plan(PlanState.DRAFT)),
    Page("map-edit", "map.edit"),
)
_MAP = (Page("map", "map.shown"),)
_LEDGER = (
    Page("ledger", "ledger.entries"),
    Page("ledger-check", "ledger.check"),
    Page("ledger-heads", "ledger.heads"),
)
_MEETING = Page("meeting", "papers.meeting", _first(select(JointMeeting.id), "meeting_id"))
_ACCOUNT = (
    Page("account", "accounts.account"),
    Page("second-step", "accounts.second_step"),
)
_MESSAGES = (
    Page("messages", "messages.all_messages"),
    Page("messages-by-mail", "messages.by_mail"),
    Page("messages-confirm", "messages.confirm", lambda session: {"link": "A" * 43}),
)

PAGES: Mapping[str, tuple[Page, ...]] = {
    VISITOR: (
        Page("board", "public.board"),
        Page("sign-in", "accounts.sign_in_page"),
        Page("look", "watch.look"),
        Page("report", "watch.report"),
        Page("follow", "watch.follow"),
        Page("followed", "watch.followed_report", _followed),
        Page("permit", "public.permit", _token(PermitState.HANDED_OVER)),
        Page("permit-suspended", "public.permit", _suspended_token),
        Page("permit-revoked", "public.permit", _token(PermitState.REVOKED)),
        Page("visitor-pass", "public.permit", _visitor_token),
        Page("permit-forged", "public.permit", _forged_token),
    ),
    "rep-baihe": (
        Page("home", "representative.home"),
        Page("waiting", "waiting.own_list"),
        Page("hand-in", "representative.hand_in"),
        Page("list-typed", "representative.type_list"),
        Page("list-with-office", "representative.plate_list", _list("baihe", ListState.SUBMITTED)),
        Page("list-returned", "representative.plate_list", _list("baihe", ListState.RETURNED)),
        Page("row-mended", "representative.mend", _row("baihe", ListState.RETURNED)),
        Page("row-answered", "representative.answer_row", _row("baihe", ListState.SUBMITTED)),
        Page(
            "list-whole",
            "representative.plate_list",
            _list("baihe", ListState.REVIEWED, ListMeaning.WHOLE),
        ),
        Page("list-approved", "representative.plate_list", _list("baihe", ListState.APPROVED)),
        Page("conflict", "representative.conflict", _CONFLICT),
        Page("permits", "representative.permits"),
        Page("requests", "requests.all_requests"),
        Page("request-new", "requests.new_request"),
        Page("request-second-car", "requests.new_request", _kind(RequestKind.SECOND_CAR)),
        Page("request-refused", "requests.one_request", _request("baihe", RequestState.REFUSED)),
        Page("reports", "reports.all_reports", lambda session: {"state": "closed"}),
        Page("warnings", "warnings.all_warnings"),
        Page("warning", "warnings.warning", _warning("baihe", WarningStep.REMINDER)),
        Page("suspension", "warnings.suspension", _suspension("baihe")),
        Page("visits", "visits.all_visits"),
        Page("visit-new", "visits.new_visit"),
        Page("visit", "visits.visit", _visit()),
        Page("inside", "inside.now"),
        Page("numbers", "numbers.all_numbers"),
        *_MAP,
        *_PLANS,
        Page("plan-moves", "plans.moves", _moves("baihe")),
        _MEETING,
        *_LEDGER,
        *_MESSAGES,
        *_ACCOUNT,
    ),
    "office": (
        Page("home", "office.home"),
        Page("lists", "office.lists"),
        Page("list", "office.plate_list", _list("baihe", ListState.SUBMITTED)),
        Page("list-approved", "office.plate_list", _list("huanbao", ListState.APPROVED)),
        Page("row-asked", "office.ask_about_row", _row("baihe", ListState.SUBMITTED)),
        Page("conflict", "office.conflict", _CONFLICT),
        Page("requests", "requests.all_requests"),
        Page("request", "requests.one_request", _request("baihe", RequestState.OPEN)),
        Page("vehicles", "office.vehicles"),
        Page("waiting", "waiting.waiting_list"),
        Page("own-space", "own_spaces.space", _first(select(Vehicle.id), "vehicle_id")),
        Page("vehicle", "office.vehicle", _first(select(Vehicle.id), "vehicle_id")),
        Page("move", "moves.move", _first(_ACTIVE, "vehicle_id")),
        Page("permits", "permits.all_permits"),
        Page("renewal", "permits.renewal"),
        Page("permit-temporary", "permits.permit", _first(_TEMPORARY, "permit_id")),
        Page("permits-printed", "permits.all_permits", lambda session: {"state": "printed"}),
        Page("permit", "permits.permit", _permit(PermitState.PRINTED)),
        Page("permit-replaced", "permits.permit", _permit(PermitState.REPLACED)),
        Page("bulk-act", "office.bulk_act", _first(select(BulkAct.id), "bulk_act_id")),
        Page("print", "permits.print_permits"),
        Page("print-run", "permits.print_run", _first(_RUNS, "run_id")),
        Page("print-one", "permits.print_one", _permit(PermitState.HANDED_OVER)),
        Page("print-setup", "permits.print_setup"),
        Page("layout-new", "permits.new_layout"),
        Page("layout", "permits.layout", _first(select(OwnLayout.id), "layout_id")),
        Page("printer-new", "permits.new_printer"),
        Page("printer", "permits.printer", _first(select(Printer.id), "printer_id")),
        Page("hand-out", "permits.hand_out_permits"),
        Page("visits", "visits.all_visits"),
        Page("visits-over", "visits.all_visits", lambda session: {"when": "over"}),
        Page("inside", "inside.now"),
        Page("numbers", "numbers.all_numbers"),
        Page("reports", "reports.all_reports"),
        Page("report", "reports.report", _report(ReportState.OPEN)),
        Page("report-closed", "reports.report", _report(ReportState.CLOSED)),
        Page("reports-answered", "reports.all_reports", lambda session: {"state": "answered"}),
        Page("warnings", "warnings.all_warnings"),
        Page("warning", "warnings.warning", _warning("haixin", WarningStep.SUSPENSION_PROPOSED)),
        Page("suspension", "warnings.suspension", _suspension("baihe")),
        Page("passes-to-look-at", "reports.passes"),
        Page("job-running", "jobs.progress", lambda session: {"job": RUNNING_JOB}),
        Page("job-failed", "jobs.progress", lambda session: {"job": FAILED_JOB}),
        *_MAP,
        *_PLANS,
        Page("plan-moves", "plans.moves", _moves("haojing")),
        *_DRAFTS,
        Page("papers", "papers.home"),
        _MEETING,
        Page("meeting-new", "papers.new_meeting", _plan(PlanState.DRAFT)),
        *_LEDGER,
        *_MESSAGES,
        *_ACCOUNT,
    ),
    "guard": (
        Page("gate", "guard.gate"),
        Page("passes", "guard.passes"),
        Page("patrol", "guard.patrol"),
        Page("visits", "visits.all_visits"),
        Page("visit-new", "visits.new_visit"),
        Page("visit", "visits.visit", _visit()),
        Page("drop-off", "visits.drop_off"),
        Page("inside", "inside.now"),
        Page("reports", "reports.all_reports"),
        Page("reports-answered", "reports.all_reports", lambda session: {"state": "answered"}),
        Page("report-new", "reports.new_report"),
        Page("report", "reports.report", _urgent(ReportState.OPEN)),
        Page("report-answered", "reports.report", _urgent(ReportState.ANSWERED)),
        Page("report", "reports.report", _report(ReportState.OPEN)),
        *_MAP,
        *_ACCOUNT,
    ),
    "admin": (
        Page("home", "set_up.home"),
        Page("community", "set_up.community"),
        Page("watch", "set_up.watch"),
        Page("set-up-messages", "set_up.messages"),
        Page("message-text", "set_up.message_text", lambda session: {"kind": "list_returned"}),
        Page("printing", "set_up.printing"),
        Page("compound", "set_up.compound", _first(select(Compound.id), "compound_id")),
        Page("compound-new", "set_up.new_compound"),
        Page("compound-limits", "set_up.limits", _first(select(Compound.id), "compound_id")),
        Page("zone", "set_up.zone", _first(select(Zone.id), "zone_id")),
        Page("zone-new", "set_up.new_zone"),
        Page("gate", "set_up.gate", _first(select(Gate.id), "gate_id")),
        Page("gate-new", "set_up.new_gate"),
        Page("users", "set_up.users"),
        Page("numbers", "numbers.all_numbers"),
        Page("user", "set_up.user", _user("rep-baihe")),
        Page("user-closed", "set_up.user", _user("guard-2")),
        Page("user-new", "set_up.new_user"),
        Page("machines", "set_up.machines"),
        Page("device-new", "set_up.new_device"),
        Page("webhook", "set_up.webhook", _first(select(Webhook.id), "webhook_id")),
        Page("webhook-new", "set_up.new_webhook"),
        Page("keys", "set_up.keys"),
        Page("handover", "set_up.handover"),
        Page("responsible", "set_up.responsible"),
        *_MAP,
        *_PLANS,
        *_DRAFTS,
        *_LEDGER,
        *_MESSAGES,
        *_ACCOUNT,
    ),
}
"""The pages of each reader, in the order in which the reader meets them."""

NOT_PAGES: Mapping[str, str] = {
    "static": "files",
    "service_worker.asset": "files",
    "service_worker.script": "a script",
    "public.health": "an answer for programs",
    "accounts.invitation": "opens once; test_invitation.py looks at it",
    "accounts.new_password": "opens once, as an invitation does",
    "accounts.home": "leads on to another page",
    "accounts.code": "follows a right password",
    "accounts.first_enrolment": "follows a right password",
    "accounts.enrolment": "follows a press of a button",
    "jobs.state": "a part of the page of a job",
    "permits.printed_file": "a PDF",
    "representative.template": "a workbook",
    "permits.calibration": "a PDF",
    "permits.signatures": "a PDF",
    "permits.preview": "a part of the page on which permits are printed",
    "permits.preview_picture": "a picture",
    "ledger.download": "a file",
    "papers.notice": "a PDF",
    "numbers.download": "a file",
    "set_up.handed_over": "a file",
    "papers.sheet": "a picture",
    "sync.sync": "an answer for the page's script",
    "api.device": "an answer for machines",
    "api_docs.openapi": "a description for programs",
    "api_docs.page": "Swagger UI, which is not ours; see test_api_docs.py",
    "map.export": "a file",
    "map.picture": "a picture",
    "visits.slip": "a PDF",
    "reports.photo": "a picture",
    "plans.paper": "a picture or a PDF",
    "reports.look_back_photo": "a picture",
    "watch.reported": "shown once; test_watch.py looks at it",
}
"""Endpoints that answer GET and are no page, and why."""


def addresses(installation: Installation, reader: str) -> dict[str, str]:
    """Return the path of each of a reader's pages, by the page's name."""

    def find(session: Session) -> dict[str, str]:
        return {page.name: url_for(page.endpoint, **page.values(session)) for page in PAGES[reader]}

    return installation.within(find)
