"""The tabs of each role: which pages there are, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from records.people import Role


@dataclass(frozen=True)
class Tab:
    """A link at the top of every page.

    Attributes:
        is_here: whether the present page belongs under it.
        has_reports: whether blocked fire lanes are told beside it.
    """

    words: Any
    address: str
    is_here: bool
    has_reports: bool


TABS: Mapping[Role, tuple[tuple[str, Any], ...]] = {
    Role.REPRESENTATIVE: (
        ("representative.home", _l("Our compound")),
        ("representative.hand_in", _l("Hand in a list")),
        ("representative.permits", _l("Our permits")),
        ("visits.all_visits", _l("Visits")),
        ("inside.now", _l("Who is inside")),
        ("reports.all_reports", _l("Reports")),
        ("warnings.all_warnings", _l("Warnings")),
        ("map.shown", _l("Map")),
        ("plans.all_plans", _l("Zone plans")),
        ("ledger.entries", _l("Ledger")),
    ),
    Role.STAFF: (
        ("office.home", _l("Inbox")),
        ("office.lists", _l("Plate lists")),
        ("office.vehicles", _l("Vehicles")),
        ("permits.all_permits", _l("Permits")),
        ("permits.print_permits", _l("Print")),
        ("visits.all_visits", _l("Visits")),
        ("inside.now", _l("Who is inside")),
        ("numbers.all_numbers", _l("Numbers")),
        ("reports.all_reports", _l("Reports")),
        ("warnings.all_warnings", _l("Warnings")),
        ("map.shown", _l("Map")),
        ("plans.all_plans", _l("Zone plans")),
        ("papers.home", _l("Notices and meetings")),
        ("ledger.entries", _l("Ledger")),
    ),
    Role.GUARD: (
        ("guard.gate", _l("Gate")),
        ("guard.passes", _l("Passes")),
        ("visits.all_visits", _l("Visits")),
        ("inside.now", _l("Who is inside")),
        ("reports.all_reports", _l("Reports")),
        ("map.shown", _l("Map")),
    ),
    Role.ADMINISTRATOR: (
        ("set_up.home", _l("Community")),
        ("set_up.users", _l("Users")),
        ("set_up.responsible", _l("Who answers")),
        ("set_up.machines", _l("Machines")),
        ("set_up.keys", _l("Keys")),
        ("numbers.all_numbers", _l("Numbers")),
        ("map.shown", _l("Map")),
        ("plans.all_plans", _l("Zone plans")),
        ("ledger.entries", _l("Ledger")),
    ),
}
"""Endpoint and words of each tab; the first one is where the role begins."""

FIRST = "accounts.home"
"""Stands for the tab at which each role begins."""

UNDER: Mapping[str, str] = {
    "representative.plate_list": "representative.home",
    "representative.conflict": "representative.home",
    "waiting.own_list": "representative.home",
    "waiting.waiting_list": "office.vehicles",
    "representative.mend": "representative.home",
    "representative.type_list": "representative.hand_in",
    "representative.answer_row": "representative.home",
    "requests.all_requests": FIRST,
    "requests.new_request": FIRST,
    "requests.one_request": FIRST,
    "office.plate_list": "office.lists",
    "office.ask_about_row": "office.lists",
    "office.conflict": "office.home",
    "office.bulk_act": "office.home",
    "office.vehicle": "office.vehicles",
    "moves.move": "office.vehicles",
    "own_spaces.space": "office.vehicles",
    "permits.permit": "permits.all_permits",
    "permits.print_run": "permits.print_permits",
    "permits.print_setup": "permits.print_permits",
    "permits.new_layout": "permits.print_permits",
    "permits.layout": "permits.print_permits",
    "permits.new_printer": "permits.print_permits",
    "permits.printer": "permits.print_permits",
    "numbers.all_numbers": "representative.home",
    "set_up.new_device": "set_up.machines",
    "set_up.new_webhook": "set_up.machines",
    "set_up.webhook": "set_up.machines",
    "set_up.user": "set_up.users",
    "set_up.new_user": "set_up.users",
}
"""Pages without a tab of their own, and the tab under which they belong."""


def home_endpoint() -> str:
    """Return the endpoint at which the signed-in user begins, the public board for others."""
    if not current_user.is_authenticated:
        return "public.board"
    return TABS[Role(current_user.role)][0][0]


def tabs() -> list[Tab]:
    """Return the signed-in user's tabs, none for others."""
    if not current_user.is_authenticated:
        return []
    here = request.endpoint or ""
    entries = TABS[Role(current_user.role)]
    if here not in dict(entries):
        here = UNDER.get(here, here)
    if here == FIRST:
        here = entries[0][0]
    if here not in dict(entries):
        # A page that no tab names belongs to the first tab of its blueprint.
        blueprint = here.partition(".")[0] + "."
        here = next((one for one, _ in entries if one.startswith(blueprint)), here)
    return [
        Tab(words, url_for(endpoint), endpoint == here, endpoint == "reports.all_reports")
        for endpoint, words in entries
    ]
