"""How the inbox names each kind of entry, and which page decides it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request, url_for
from flask_babel import format_decimal, format_timedelta, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import context
from app.extensions import db
from app.look import here_with
from app.pages import PAGE_SIZE, Page, asked_page
from app.words import Words
from permits.inbox import SOURCES, InboxKind, KindCount, Waiting, waiting, waiting_counts
from zones.communities import Community


@dataclass(frozen=True)
class Shown:
    """How the entries of one kind look.

    Attributes:
        label: what has to be done.
        title: what an entry is about, None where its text is a plate.
        address: the page that decides it.
    """

    label: Words
    title: Callable[[Waiting], str] | None
    address: Callable[[Waiting], str]


def _list(one: Waiting) -> str:
    return f"{_('List %(number)s', number=one.subject)} · {one.text}"


def _cars(one: Waiting) -> str:
    number = format_decimal(one.amount)
    return ngettext("%(number)s car", "%(number)s cars", one.amount, number=number)


def _permits(one: Waiting) -> str:
    number = format_decimal(one.amount)
    return ngettext("%(number)s permit", "%(number)s permits", one.amount, number=number)


SHOWN: Mapping[InboxKind, Shown] = {
    InboxKind.LIST: Shown(
        _l("Lists to decide"),
        _list,
        lambda one: url_for("office.plate_list", list_id=one.subject),
    ),
    InboxKind.CONFLICT: Shown(
        _l("Conflicts to settle"),
        None,
        lambda one: url_for("office.conflict", row_id=one.subject),
    ),
    InboxKind.REQUEST: Shown(
        _l("Requests to decide"),
        None,
        lambda one: url_for("requests.one_request", request_id=one.subject),
    ),
    InboxKind.REPORT: Shown(
        _l("Reports to answer"),
        None,
        lambda one: url_for("reports.report", report_id=one.subject),
    ),
    InboxKind.LOOK_BACK: Shown(
        _l("Look-backs due"),
        None,
        lambda one: url_for("reports.report", report_id=one.subject),
    ),
    InboxKind.SUSPENSION: Shown(
        _l("Suspensions to decide"),
        None,
        lambda one: url_for("warnings.warning", warning_id=one.subject),
    ),
    InboxKind.CONTEST: Shown(
        _l("Contests to decide"),
        None,
        lambda one: url_for("warnings.suspension", suspension_id=one.subject),
    ),
    InboxKind.DIFFERING: Shown(
        _l("Passes to look at"),
        None,
        lambda one: url_for("reports.passes", _anchor=f"pass-{one.subject}"),
    ),
    InboxKind.PLACE: Shown(
        _l("Places to give"),
        None,
        lambda one: url_for("waiting.waiting_list", compound=one.subject),
    ),
    InboxKind.ISSUE: Shown(
        _l("Cars without a permit"),
        _cars,
        lambda one: url_for("permits.print_permits", compound=one.subject),
    ),
    InboxKind.PRINT: Shown(
        _l("Permits to print"),
        _permits,
        lambda one: url_for("permits.print_permits", compound=one.subject),
    ),
    InboxKind.HAND_OUT: Shown(
        _l("Permits to hand out"),
        _permits,
        lambda one: url_for("permits.all_permits", state="printed", compound=one.subject),
    ),
}
"""Words and pages of every kind in `permits.inbox.SOURCES`."""


@dataclass(frozen=True)
class Entry:
    """An entry in the reader's language.

    Attributes:
        title: None where a plate says what it is about.
        waits: for how long, as in “3 days”.
    """

    waiting: Waiting
    label: Words
    title: str | None
    address: str
    waits: str


@dataclass(frozen=True)
class Inbox:
    """What the inbox shows.

    Attributes:
        chosen: the kind that `?kind=` chooses, None for all.
        filters: key, words and address of each kind of which something waits.
    """

    chosen: InboxKind | None
    filters: list[tuple[str | None, str, str]]
    page: Page[Entry]


def inbox_of(community: Community) -> Inbox:
    """Return the inbox as the present address asks for it."""
    at, asked = context.now(), request.args.get("kind", "")
    chosen = InboxKind(asked) if asked in set(InboxKind) else None
    counts = waiting_counts(db.session, community, at)
    total = sum(one.entries for kind, one in counts.items() if chosen in (None, kind))
    number = asked_page(total)
    entries = waiting(
        db.session, community, at, chosen, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    page = Page([_entry(one, at) for one in entries], number, total)
    return Inbox(chosen, _filters(counts, chosen), page)


def _entry(one: Waiting, at: datetime) -> Entry:
    shown = SHOWN[one.kind]
    return Entry(
        waiting=one,
        label=shown.label,
        title=shown.title(one) if shown.title else None,
        address=shown.address(one),
        waits=format_timedelta(max(at - one.at, timedelta(minutes=1))),
    )


def _filters(
    counts: Mapping[InboxKind, KindCount], chosen: InboxKind | None
) -> list[tuple[str | None, str, str]]:
    everything = sum(one.things for one in counts.values())
    return [
        (None, _with_count(_("All"), everything), here_with(kind=None, page=1)),
        *(
            (str(kind), _with_count(SHOWN[kind].label, counts[kind].things), _of(kind))
            for kind in SOURCES
            if counts[kind].things or kind is chosen
        ),
    ]


def _with_count(label: Words, count: int) -> str:
    return f"{label} {format_decimal(count)}"


def _of(kind: InboxKind) -> str:
    return here_with(kind=kind, page=1)
