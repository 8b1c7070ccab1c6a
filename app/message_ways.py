"""Where messages lead: each subject's page, for each role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import current_app

from app.navigation import TABS
from records.people import Role


class Way(NamedTuple):
    """An endpoint, and the name of its argument that is the subject's key, if it has one."""

    endpoint: str
    argument: str | None = None


_ALL: Mapping[str, Way] = {
    "contact": Way("messages.by_mail"),
    "confirm": Way("messages.confirm", "link"),
    "plan": Way("plans.plan", "plan_id"),
}
WAYS: Mapping[Role, Mapping[str, Way]] = {
    Role.REPRESENTATIVE: {
        **_ALL,
        "list": Way("representative.plate_list", "list_id"),
        "conflict": Way("representative.home"),
        "permits": Way("representative.permits"),
        "request": Way("requests.one_request", "request_id"),
        "suspension": Way("warnings.suspension", "suspension_id"),
    },
    Role.STAFF: {
        **_ALL,
        "list": Way("office.plate_list", "list_id"),
        "permits": Way("permits.all_permits"),
        "suspension": Way("warnings.suspension", "suspension_id"),
        "warning": Way("warnings.warning", "warning_id"),
    },
    Role.ADMINISTRATOR: {
        **_ALL,
        "user": Way("set_up.user", "user_id"),
    },
}
"""Where each kind of subject leads whom."""


def path_of(subject: str, role: Role) -> str:
    """Return the path of the page of a subject such as `list:12`, within or without a request.

    Where a role has no page for it, it is the one at which the role begins.
    """
    kind, _colon, key = subject.partition(":")
    way = WAYS.get(role, {}).get(kind, Way(TABS[role][0][0]))
    arguments = {way.argument: key} if way.argument else {}
    return current_app.url_map.bind("").build(way.endpoint, arguments)
