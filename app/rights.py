"""Who may do what: the one table of rights, and the one check of how far each right reaches.

Every view says which right it needs (`needs`) or that it needs none (`open_to_all`); the factory
refuses to start with a view that says neither.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, ParamSpec, TypeVar

from flask import abort, request
from flask_login import current_user

from app import context
from app.extensions import db, login_manager
from app.transactions import SAFE_METHODS
from permits.bulk_act import BulkAct
from permits.gate_device import GateDevice, Webhook
from permits.infringement import InfringementReport, ReportStep
from permits.notice import PublicNotice
from permits.own_layout import OwnLayout
from permits.passes import GateEvent
from permits.permit import Permit
from permits.plate_list import PlateList, PlateListRow
from permits.print_run import PrintRun
from permits.printer import Printer
from permits.request import CarRequest
from permits.suspension import Suspension
from permits.vehicles import Household, Vehicle
from permits.visitor_pass import VisitorPass
from permits.waiting_car import WaitingCar
from permits.warning import CarWarning
from records.database import Base
from records.errors import DomainError
from records.invitations import Invitation
from records.message import Message
from records.people import Role, User
from zones.areas import Zone
from zones.communities import Community, Compound, Gate, GateGuard
from zones.joint_meetings import JointMeeting, PaperVote
from zones.meeting_papers import MeetingPaper
from zones.plans import ZonePlan
from zones.site_map import SitePlan


class Right(enum.StrEnum):
    """One thing that a role may do, to what is its own."""

    SEE_OWN_ACCOUNT = "see_own_account"
    READ_MESSAGES = "read_messages"
    SEE_MAP = "see_map"
    DRAW_MAP = "draw_map"
    SEE_PLANS = "see_plans"
    VOTE_ON_PLAN = "vote_on_plan"
    HAND_IN_LIST = "hand_in_list"
    WITHDRAW_CLAIM = "withdraw_claim"
    DECIDE_LIST = "decide_list"
    ISSUE_PERMITS = "issue_permits"
    PRINT_PERMITS = "print_permits"
    END_PERMIT = "end_permit"
    SEE_PEOPLE = "see_people"
    GUARD_GATE = "guard_gate"
    SEE_VISITS = "see_visits"
    REGISTER_VISIT = "register_visit"
    CANCEL_VISIT = "cancel_visit"
    SEE_INSIDE = "see_inside"
    SEE_NUMBERS = "see_numbers"
    REPORT_CAR = "report_car"
    SEE_REPORTS = "see_reports"
    ANSWER_REPORT = "answer_report"
    CONFIRM_REPORT = "confirm_report"
    SEE_REPORTER = "see_reporter"
    SEE_WARNINGS = "see_warnings"
    SUSPEND_PERMIT = "suspend_permit"
    CONTEST_SUSPENSION = "contest_suspension"
    REVIEW_PASSES = "review_passes"
    SEE_REQUESTS = "see_requests"
    MAKE_REQUEST = "make_request"
    DECIDE_REQUEST = "decide_request"
    MOVE_CAR = "move_car"
    DRAFT_PLAN = "draft_plan"
    PRINT_NOTICE = "print_notice"
    RECORD_MEETING = "record_meeting"
    SEE_SHEET = "see_sheet"
    SET_UP_COMMUNITY = "set_up_community"
    MANAGE_USERS = "manage_users"
    MANAGE_KEYS = "manage_keys"
    HAND_OVER = "hand_over"
    SEE_LEDGER = "see_ledger"
    ACT_AS_DEVICE = "act_as_device"
    """No role has it: machines at a gate prove themselves by a token (see `app.api`)."""


_EVERYONE = {Right.SEE_OWN_ACCOUNT, Right.SEE_MAP}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.REPRESENTATIVE: frozenset(
        _EVERYONE
        | {
            Right.READ_MESSAGES,
            Right.SEE_PLANS,
            Right.VOTE_ON_PLAN,
            Right.SEE_SHEET,
            Right.HAND_IN_LIST,
            Right.WITHDRAW_CLAIM,
            Right.SEE_VISITS,
            Right.REGISTER_VISIT,
            Right.CANCEL_VISIT,
            Right.SEE_INSIDE,
            Right.SEE_NUMBERS,
            Right.SEE_PEOPLE,
            Right.SEE_LEDGER,
            Right.SEE_REPORTS,
            Right.SEE_WARNINGS,
            Right.CONTEST_SUSPENSION,
            Right.SEE_REQUESTS,
            Right.MAKE_REQUEST,
        }
    ),
    Role.STAFF: frozenset(
        _EVERYONE
        | {
            Right.READ_MESSAGES,
            Right.SEE_PLANS,
            Right.SEE_PEOPLE,
            Right.SEE_LEDGER,
            Right.DECIDE_LIST,
            Right.WITHDRAW_CLAIM,
            Right.ISSUE_PERMITS,
            Right.PRINT_PERMITS,
            Right.END_PERMIT,
            Right.DRAFT_PLAN,
            Right.PRINT_NOTICE,
            Right.RECORD_MEETING,
            Right.SEE_SHEET,
            Right.DRAW_MAP,
            Right.SEE_VISITS,
            Right.CANCEL_VISIT,
            Right.SEE_INSIDE,
            Right.SEE_NUMBERS,
            Right.SEE_REPORTS,
            Right.ANSWER_REPORT,
            Right.CONFIRM_REPORT,
            Right.SEE_REPORTER,
            Right.SEE_WARNINGS,
            Right.SUSPEND_PERMIT,
            Right.REVIEW_PASSES,
            Right.SEE_REQUESTS,
            Right.DECIDE_REQUEST,
            Right.MOVE_CAR,
        }
    ),
    Role.GUARD: frozenset(
        _EVERYONE
        | {
            Right.GUARD_GATE,
            Right.SEE_VISITS,
            Right.REGISTER_VISIT,
            Right.CANCEL_VISIT,
            Right.SEE_INSIDE,
            Right.REPORT_CAR,
            Right.SEE_REPORTS,
            Right.ANSWER_REPORT,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        _EVERYONE
        | {
            Right.READ_MESSAGES,
            Right.SEE_PLANS,
            Right.SEE_LEDGER,
            Right.SEE_NUMBERS,
            Right.DRAFT_PLAN,
            Right.DRAW_MAP,
            Right.SET_UP_COMMUNITY,
            Right.MANAGE_USERS,
            Right.MANAGE_KEYS,
            Right.HAND_OVER,
        }
    ),
}

LAST_ID = 2**31 - 1
"""The largest primary key: a larger number is in no database's integer column."""

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")
_Model = TypeVar("_Model", bound=Base)


def has_right(user: User, right: Right) -> bool:
    """Return whether the user's role has the right."""
    return right in RIGHTS[Role(user.role)]


def needs(
    right: Right,
) -> Callable[[Callable[_Parameters, _Result]], Callable[_Parameters, _Result]]:
    """Let a view be reached only by those who have the right: others get 403, or sign in first."""

    def decorate(view: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
        @wraps(view)
        def checked(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> Any:
            if not current_user.is_authenticated:
                return login_manager.unauthorized()
            if not has_right(current_user, right):
                abort(403)
            if request.method not in SAFE_METHODS and right is not Right.SEE_OWN_ACCOUNT:
                _require_term(current_user)
            return view(*args, **kwargs)

        checked.needed_right = right  # type: ignore[attr-defined]
        return checked

    return decorate


class TermOver(DomainError):
    """The representative's term ended on `last_day`: the reader reads, but sends nothing."""

    code: ClassVar[str] = "term_over"
    status: ClassVar[int] = 403


def _require_term(user: User) -> None:
    # Most have no term: the community and its clock are asked only of those who have.
    if user.term_ends is None:
        return
    community = db.session.get_one(Community, user.community_id)
    if not user.serves_on(community.local_day(context.now())):
        raise TermOver(last_day=user.term_ends)


def open_to_all(view: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Say that a view is for everybody, signed in or not."""
    view.needed_right = None  # type: ignore[attr-defined]
    return view


def reaches(user: User, thing: Base) -> bool:
    """Return whether a thing lies within the user's reach, whatever he would do with it.

    A representative reaches the own compound, a guard the own gates, staff and administrators
    the own community. What is not named here is in nobody's reach.
    """
    match thing:
        case Community():
            return thing.id == user.community_id
        case Zone() | ZonePlan() | PrintRun() | SitePlan() | PublicNotice() | JointMeeting():
            return thing.community_id == user.community_id
        case OwnLayout() | Printer() | BulkAct():
            return thing.community_id == user.community_id
        case MeetingPaper():
            return reaches(user, db.session.get_one(ZonePlan, thing.plan_id))
        case User() | Invitation():
            return thing.community_id == user.community_id
        case Compound():
            return thing.community_id == user.community_id and _own_compound(user, thing.id)
        case Vehicle() | Permit() | WaitingCar() | CarRequest():
            return thing.community_id == user.community_id and _own_compound(
                user, thing.compound_id
            )
        case VisitorPass():
            # A drop-off has no host, so no representative reaches it.
            return thing.community_id == user.community_id and _own_compound(
                user, thing.compound_id
            )
        case InfringementReport():
            # One about a car of no compound is in no representative's reach.
            return thing.community_id == user.community_id and _own_compound(
                user, thing.compound_id
            )
        case ReportStep():
            return reaches(user, thing.report)
        case CarWarning() | Suspension():
            return thing.community_id == user.community_id and _own_compound(
                user, thing.vehicle.compound_id
            )
        case PaperVote():
            return reaches(user, thing.meeting) and _own_compound(user, thing.compound_id)
        case PlateList() | Household():
            compound = db.session.get_one(Compound, thing.compound_id)
            return reaches(user, compound)
        case PlateListRow():
            return reaches(user, thing.plate_list)
        case Gate():
            if thing.community_id != user.community_id:
                return False
            return user.role != Role.GUARD or (
                db.session.get(GateGuard, (thing.id, user.id)) is not None
            )
        case GateEvent() | GateDevice():
            return reaches(user, thing.gate)
        case Message():
            return thing.user_id == user.id
        case Webhook():
            return thing.community_id == user.community_id
        case _:
            return False


def _own_compound(user: User, compound_id: int | None) -> bool:
    return user.role != Role.REPRESENTATIVE or user.compound_id == compound_id


def own(model: type[_Model], key: Any) -> _Model:
    """Return the thing with this primary key, if it is within the signed-in user's reach.

    What is out of reach gets the same 404 as what does not exist.
    """
    if not isinstance(key, int) or not 0 < key <= LAST_ID:
        abort(404)
    thing = db.session.get(model, key)
    if thing is None or not reaches(current_user, thing):
        abort(404)
    return thing


def own_claim(row_id: int) -> PlateListRow:
    """Return the row of a list in which the signed-in representative's compound claims a plate.

    That is a row of its own lists, or one of another compound's that names the own as its rival;
    of the latter it may be shown that there is a conflict, and nothing else.
    """
    row = db.session.get(PlateListRow, row_id) if 0 < row_id <= LAST_ID else None
    compound = own_scope()
    if row is None or compound is None:
        abort(404)
    if compound.id not in (row.plate_list.compound_id, row.claimed_by_id):
        abort(404)
    return row


def own_community() -> Community:
    """Return the signed-in user's community."""
    return db.session.get_one(Community, current_user.community_id)


def own_scope(compound_id: int | None = None) -> Compound | None:
    """Return the compound to which the signed-in user's view is limited, None for no limit.

    A representative's is always the own one; others may choose one of the community's.
    """
    if current_user.role == Role.REPRESENTATIVE:
        return own(Compound, current_user.compound_id)
    return own(Compound, compound_id) if compound_id is not None else None
