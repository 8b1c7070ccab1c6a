"""The words of messages, with the facts of each in its place, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.languages import written_day
from app.words import Words
from records.message import Message, MessageKind
from records.message_text import Written, fill
from zones.communities import Community


@dataclass(frozen=True)
class Text:
    """What a message says; `{list}` and the like stand for its facts."""

    subject: Words
    body: Words


TEXTS: Mapping[MessageKind, Text] = {
    MessageKind.LIST_APPROVED: Text(
        _l("List {list} is approved"),
        _l(
            "The office has approved the list. Vehicles added: {added}, moved here: {moved}, "
            "updated: {updated}, removed: {removed}, on the waiting list: {waiting}."
        ),
    ),
    MessageKind.LIST_RETURNED: Text(
        _l("List {list} was returned"),
        _l("The office says why on the list's page. Mend the list and hand it in again."),
    ),
    MessageKind.ROW_ASKED: Text(
        _l("The office asks about row {row} of list {list}"),
        _l("Answer where the row stands: the list waits for it."),
    ),
    MessageKind.ROW_ANSWERED: Text(
        _l("{compound} has answered about row {row} of list {list}"),
        _l("The answer stands at the row."),
    ),
    MessageKind.CONFLICT_SETTLED: Text(
        _l("A plate that two compounds claim: decided"),
        _l("Row {row} of list {list}: who keeps the plate, and why, stands there."),
    ),
    MessageKind.REQUEST_GRANTED: Text(
        _l("Request {request} is granted"),
        _l("The office has done what you asked for."),
    ),
    MessageKind.REQUEST_REFUSED: Text(
        _l("Request {request} is refused"),
        _l("The office says why at the request."),
    ),
    MessageKind.PERMITS_ENDING: Text(
        _l("{compound}: {count} permits end by {last_day}"),
        _l("Whoever still parks here needs a new one. Renewing the whole compound takes one run."),
    ),
    MessageKind.SUSPENSION_PROPOSED: Text(
        _l("A suspension is proposed for a car of {compound}"),
        _l("It was warned often enough. Look at the warnings, then decide."),
    ),
    MessageKind.PERMIT_SUSPENDED: Text(
        _l("Permit {serial} is suspended until {last_day}"),
        _l("Every gate refuses it. The reason and the way to contest it stand on its page."),
    ),
    MessageKind.SUSPENSION_CONTESTED: Text(
        _l("{compound} contests the suspension of {serial}"),
        _l("Decide whether it stands."),
    ),
    MessageKind.SUSPENSION_UPHELD: Text(
        _l("The suspension of {serial} stands until {last_day}"),
        _l("The office has decided on the contest. Its reason stands on the page."),
    ),
    MessageKind.SUSPENSION_LIFTED: Text(
        _l("The suspension of {serial} is lifted"),
        _l("The permit is good again at every gate."),
    ),
    MessageKind.PLAN_PROPOSED: Text(
        _l("Zone plan {plan} is up for the vote"),
        _l("It would hold from {first_day}. See what it changes for each compound, then vote."),
    ),
    MessageKind.PLAN_RATIFIED: Text(
        _l("Zone plan {plan} is ratified"),
        _l("It is in force from {first_day}."),
    ),
    MessageKind.PLAN_REJECTED: Text(
        _l("Zone plan {plan} is rejected"),
        _l("The plan in force stays. Amending the rejected one makes a new draft."),
    ),
    MessageKind.TERM_ENDING: Text(
        _l("{compound}: a representative's term ends on {last_day}"),
        _l("After that day the account is closed. The administrator enters a new term."),
    ),
}
"""What each kind says unless the community has changed it."""


KIND_NAMES: Mapping[MessageKind, Words] = {
    MessageKind.LIST_APPROVED: _l("A list is approved"),
    MessageKind.LIST_RETURNED: _l("A list is returned"),
    MessageKind.ROW_ASKED: _l("The office asks about a row"),
    MessageKind.ROW_ANSWERED: _l("A representative answers about a row"),
    MessageKind.CONFLICT_SETTLED: _l("A conflict over a plate is decided"),
    MessageKind.REQUEST_GRANTED: _l("A request is granted"),
    MessageKind.REQUEST_REFUSED: _l("A request is refused"),
    MessageKind.PERMITS_ENDING: _l("Permits end soon"),
    MessageKind.SUSPENSION_PROPOSED: _l("A suspension is proposed"),
    MessageKind.PERMIT_SUSPENDED: _l("A permit is suspended"),
    MessageKind.SUSPENSION_CONTESTED: _l("A suspension is contested"),
    MessageKind.SUSPENSION_UPHELD: _l("A suspension stands"),
    MessageKind.SUSPENSION_LIFTED: _l("A suspension is lifted"),
    MessageKind.PLAN_PROPOSED: _l("A zone plan is up for the vote"),
    MessageKind.PLAN_RATIFIED: _l("A zone plan is ratified"),
    MessageKind.PLAN_REJECTED: _l("A zone plan is rejected"),
    MessageKind.TERM_ENDING: _l("A representative's term ends"),
}
"""What each kind is called."""


FACT_NAMES: Mapping[str, Words] = {
    "added": _l("vehicles added"),
    "compound": _l("name of the compound"),
    "count": _l("number of permits"),
    "first_day": _l("the first day"),
    "last_day": _l("the last day"),
    "list": _l("number of the list"),
    "moved": _l("vehicles moved here"),
    "plan": _l("number of the zone plan"),
    "removed": _l("vehicles removed"),
    "request": _l("number of the request"),
    "row": _l("row of the list"),
    "serial": _l("serial number of the permit"),
    "updated": _l("vehicles updated"),
    "waiting": _l("vehicles put on the waiting list"),
}
"""What each fact is, for who writes a message's words."""


def usual(kind: MessageKind, language: str) -> Written:
    """Return what a kind of message says in a language where the community has no own words."""
    with force_locale(language):
        return Written(str(TEXTS[kind].subject), str(TEXTS[kind].body))


def said(
    message: Message,
    community: Community,
    language: str,
    own: Mapping[tuple[str, str], Written],
) -> Written:
    """Return a message in a language, `zh` or `en`, whoever reads the present page.

    Args:
        own: the community's own words, as `records.message_text.texts_of` returns them.
    """
    text = own.get((message.kind, language)) or usual(MessageKind(message.kind), language)
    return in_words(text, message.facts, community, language)


def in_words(
    text: Written, facts: Mapping[str, Any], community: Community, language: str
) -> Written:
    """Return a text with the facts as people read them."""
    shown = {
        key: written_day(date.fromisoformat(value), language)
        if key.endswith("_day")
        else str(value)
        for key, value in facts.items()
    }
    for compound in community.compounds:
        if compound.letter == shown.get("compound"):
            shown["compound"] = (language == "en" and compound.name_en) or compound.name
            break
    return Written(fill(text.subject, shown), fill(text.body, shown))
