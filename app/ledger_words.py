"""Words for what stands in the ledger, in the reader's language; unknown codes stay as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.words import (
    COUNTS_BY,
    DECISIONS,
    DIRECTIONS,
    INKS,
    MEANINGS,
    PAPER_KINDS,
    REQUEST_KINDS,
    ROLES,
    TENURES,
    VISIT_KINDS,
    VOTING_RULES,
    WARNING_STEPS,
    WHY_AGAIN,
    Words,
)

ACTS: Mapping[str, Words] = {
    "community.founded": _l("Community founded"),
    "community.changed": _l("Community changed"),
    "compound.added": _l("Compound added"),
    "compound.changed": _l("Compound changed"),
    "limits.changed": _l("Limits on cars changed"),
    "zone.added": _l("Zone added"),
    "zone.changed": _l("Zone changed"),
    "gate.added": _l("Gate added"),
    "gate.changed": _l("Gate changed"),
    "gate.guards_posted": _l("Guards posted at a gate"),
    "device.added": _l("Device added"),
    "device.closed": _l("Device closed"),
    "webhook.added": _l("Webhook added"),
    "webhook.closed": _l("Webhook closed"),
    "invitation.made": _l("User invited"),
    "invitation.renewed": _l("New link for an invitation"),
    "invitation.withdrawn": _l("Invitation withdrawn"),
    "user.added": _l("User added"),
    "user.closed": _l("Account closed"),
    "user.reopened": _l("Account opened again"),
    "user.password_link_made": _l("Link for a new password made"),
    "user.password_set": _l("New password chosen by a link"),
    "user.password_changed": _l("Own password changed"),
    "user.recovery_code_used": _l("Recovery code used"),
    "user.recovery_codes_made": _l("New recovery codes made"),
    "user.second_factor_removed": _l("Second step switched off"),
    "user.second_factor_reset": _l("Second step reset"),
    "user.second_factor_set": _l("Second step set up"),
    "user.term_set": _l("Term of a representative set"),
    "user.signed_out": _l("User signed out everywhere"),
    "message_text.changed": _l("Words of a message changed"),
    "user.email_entered": _l("Own e-mail address entered"),
    "user.email_confirmed": _l("Own e-mail address confirmed"),
    "user.email_removed": _l("Own e-mail address erased"),
    "key.made": _l("Signing key made"),
    "key.retired": _l("Signing key retired"),
    "map.drawn": _l("Map drawn"),
    "plan.drafted": _l("Zone plan drafted"),
    "plan.redrafted": _l("Draft of a zone plan changed"),
    "plan.proposed": _l("Zone plan put to the vote"),
    "plan.voted": _l("Vote on a zone plan"),
    "plan.ratified": _l("Zone plan ratified"),
    "plan.rejected": _l("Zone plan rejected"),
    "plan.withdrawn": _l("Zone plan withdrawn"),
    "plan.vote_closed": _l("Vote on a zone plan closed"),
    "plan.paper_attached": _l("Paper attached to a zone plan"),
    "rule.suggested": _l("Change of the voting rule suggested"),
    "rule.withdrawn": _l("Change of the voting rule withdrawn"),
    "rule.answered": _l("Answer to a change of the voting rule"),
    "rule.refused": _l("Change of the voting rule refused"),
    "rule.accepted": _l("Voting rule changed"),
    "walking.changed": _l("Ways on foot changed"),
    "list.submitted": _l("Plate list handed in"),
    "list.withdrawn": _l("Plate list taken back"),
    "list.returned": _l("Plate list returned"),
    "list.accepted": _l("Plate list accepted"),
    "list.refused_rows_given": _l("Refused rows downloaded"),
    "space.bound": _l("Car bound to a space of its own"),
    "space.released": _l("Car no longer has a space of its own"),
    "place.given": _l("Place given to a waiting car"),
    "place.withdrawn": _l("Car taken off the waiting list"),
    "conflict.settled": _l("Conflict over a plate settled"),
    "evidence.handed_in": _l("Evidence handed in"),
    "evidence.shown": _l("Evidence looked at"),
    "evidence.erased": _l("Evidence erased"),
    "permit.issued": _l("Permit issued"),
    "permit.handed_over": _l("Permit handed over"),
    "permit.replaced": _l("Permit replaced"),
    "permit.revoked": _l("Permit revoked"),
    "permit.expired": _l("Permit expired"),
    "permit.good_again": _l("Permit good again"),
    "permits.renewed": _l("Permits renewed"),
    "vehicle.moved": _l("Car moved to another compound"),
    "permit.reinstated": _l("Revocation of a permit undone"),
    "permit.taken_back": _l("Hand-over of a permit undone"),
    "permit.reprinted": _l("Permit printed again"),
    "permits.printed": _l("Permits printed"),
    "printing.rules_changed": _l("Rules for printed permits changed"),
    "vehicle.removed": _l("Car removed from the register"),
    "vehicle.restored": _l("Removal of a car undone"),
    "request.made": _l("Request made"),
    "request.granted": _l("Request granted"),
    "request.refused": _l("Request refused"),
    "request.withdrawn": _l("Request taken back"),
    "visit.registered": _l("Visit registered"),
    "visit.cancelled": _l("Visit cancelled"),
    "notice.printed": _l("Public notice printed"),
    "responsible.named": _l("Responsible person or body named"),
    "meeting.recorded": _l("Joint meeting recorded"),
    "paper_vote.entered": _l("Paper vote entered"),
    "paper_vote.confirmed": _l("Paper vote confirmed"),
    "paper_vote.denied": _l("Paper vote denied"),
    "permit.suspended": _l("Permit suspended"),
    "suspension.contested": _l("Suspension contested"),
    "suspension.upheld": _l("Suspension upheld"),
    "suspension.lifted": _l("Suspension lifted"),
    "warning.given": _l("Car warned"),
    "warning.withdrawn": _l("Warning taken back"),
    "watch.rules_changed": _l("Rules for reports and warnings changed"),
    "personal_data.searched": _l("Found by owner or phone number"),
    "handover.exported": _l("Handover made"),
    "personal_data.shown": _l("Name and phone number shown"),
}
"""What was done, by the act's code."""

SUBJECTS: Mapping[str, Words] = {
    "message_text": _l("Message %(key)s"),
    "community": _l("Community %(key)s"),
    "compound": _l("Compound %(key)s"),
    "zone": _l("Zone %(key)s"),
    "gate": _l("Gate %(key)s"),
    "device": _l("Device %(key)s"),
    "webhook": _l("Webhook %(key)s"),
    "user": _l("User %(key)s"),
    "invitation": _l("Invitation %(key)s"),
    "key": _l("Key %(key)s"),
    "map": _l("Map %(key)s"),
    "plan": _l("Plan %(key)s"),
    "rule": _l("Change %(key)s of the rule"),
    "list": _l("List %(key)s"),
    "conflict": _l("Conflict %(key)s"),
    "claim": _l("Claim %(key)s to a place"),
    "permit": _l("Permit %(key)s"),
    "run": _l("Print run %(key)s"),
    "vehicle": _l("Vehicle %(key)s"),
    "report": _l("Report %(key)s"),
    "request": _l("Request %(key)s"),
    "visit": _l("Visit %(key)s"),
    "notice": _l("Notice %(key)s"),
    "meeting": _l("Joint meeting %(key)s"),
}
"""What was acted on, by the part of the subject before the colon."""

ACTORS: Mapping[str, Words] = {
    "command": _l("Command line"),
    "schedule": _l("By the clock"),
    "demo": _l("Demo"),
}
"""Actors that are no users."""

DETAILS: Mapping[str, Words] = {
    "added": _l("added"),
    "amends": _l("amends plan"),
    "attended": _l("attended"),
    "by": _l("by"),
    "cars": _l("cars at a time"),
    "changed": _l("changed"),
    "claim": _l("claim to a place"),
    "colour": _l("colour"),
    "compound": _l("compound"),
    "consents": _l("consents"),
    "contest_pauses": _l("contest pauses"),
    "count": _l("number of warnings"),
    "counts_by": _l("whose cars count together"),
    "decision": _l("decision"),
    "direction": _l("direction"),
    "events": _l("events"),
    "files": _l("files"),
    "fire_lane_hours": _l("hours to the look-back, fire lane"),
    "file_sha256": _l("SHA-256 of the file"),
    "first_cars_first": _l("first cars first"),
    "first_day": _l("first day"),
    "gate": _l("gate"),
    "head": _l("signed head"),
    "held_on": _l("held on"),
    "host": _l("host"),
    "ink": _l("ink"),
    "invitation": _l("invitation"),
    "key": _l("key"),
    "kind": _l("kind"),
    "languages": _l("languages with own words"),
    "last_day": _l("last day"),
    "layout": _l("layout"),
    "least_confidence_percent": _l("least confidence, per cent"),
    "left": _l("codes left"),
    "letter": _l("letter"),
    "look_back_hours": _l("hours to the look-back"),
    "map": _l("map"),
    "map_sha256": _l("SHA-256 of the map"),
    "meaning": _l("meaning"),
    "mended": _l("rows mended in the page"),
    "metres": _l("metres"),
    "moved": _l("moved"),
    "named": _l("somebody is named"),
    "names_compound": _l("permits name the compound"),
    "names_space": _l("permits name the car's own space"),
    "openings": _l("openings"),
    "outcomes": _l("outcomes"),
    "pauses": _l("paused"),
    "permit_days": _l("days of a permit"),
    "people": _l("with names and phone numbers"),
    "permits": _l("permits"),
    "places": _l("places in all"),
    "plan": _l("plan"),
    "province": _l("province"),
    "public_pem": _l("public key"),
    "removals": _l("to be removed"),
    "removed": _l("removed"),
    "renews": _l("renews"),
    "role": _l("role"),
    "row": _l("row"),
    "rows": _l("rows"),
    "rule": _l("rule"),
    "run": _l("print run"),
    "sha256": _l("SHA-256"),
    "sheets": _l("sheets"),
    "sign_ins": _l("sign-ins"),
    "site_plan_sha256": _l("SHA-256 of the picture"),
    "spaces": _l("spaces"),
    "spaces_before": _l("spaces before"),
    "stands_in_for": _l("stands in for"),
    "step": _l("step"),
    "suspension_at": _l("suspension at"),
    "suspension_days": _l("days of a suspension"),
    "tenure": _l("right to the space"),
    "time_zone": _l("time zone"),
    "temporary_days": _l("days of a temporary permit"),
    "to": _l("to"),
    "updated": _l("updated"),
    "users": _l("users"),
    "valid_from": _l("valid from"),
    "valid_to": _l("valid to"),
    "vehicles_per_household": _l("cars per household"),
    "visits_per_month": _l("visits per household and month"),
    "waiting": _l("on the waiting list"),
    "warning_at": _l("warning at"),
    "why": _l("why"),
    "within_days": _l("counted within days"),
}
"""The keys of an entry's details."""

FAULTS: Mapping[str, Words] = {
    "number": _l("an entry is missing, added or out of order"),
    "previous": _l("it does not follow the entry before it"),
    "hash": _l("its content was changed afterwards"),
    "head": _l("it is not the entry that was there before"),
}
"""How a chain can be broken, by `LedgerBroken`'s `fault`."""

_VALUES: Mapping[str, Mapping[Any, Words]] = {
    "counts_by": COUNTS_BY,
    "tenure": TENURES,
    "role": ROLES,
    "meaning": MEANINGS,
    "decision": DECISIONS,
    "direction": DIRECTIONS,
    "kind": {**VISIT_KINDS, **PAPER_KINDS, **REQUEST_KINDS},
    "rule": VOTING_RULES,
    "ink": INKS,
    "why": WHY_AGAIN,
    "step": WARNING_STEPS,
}

SHORT = 24
"""Longer values are folded away."""


@dataclass(frozen=True)
class Detail:
    """One detail of an entry in words; one that is not `short` is folded away."""

    label: str
    value: str
    short: bool


def act_words(code: str) -> str:
    """Return what an act is called, the code itself where it is not known."""
    return str(ACTS.get(code, code))


def subject_words(subject: str) -> str:
    """Return what was acted on, such as `Plan 3` for `plan:3`."""
    kind, _colon, key = subject.partition(":")
    return str(SUBJECTS[kind]) % {"key": key} if kind in SUBJECTS else subject


def details(facts: Mapping[str, Any]) -> list[Detail]:
    """Return an entry's details in words, the short ones first."""
    result = [_detail(key, value) for key, value in facts.items()]
    return sorted(result, key=lambda one: not one.short)


def _detail(key: str, value: Any) -> Detail:
    known = _VALUES.get(key, {})
    if isinstance(value, bool):
        text = _("yes") if value else _("no")
    elif value is None:
        text = "–"
    elif isinstance(value, str):
        text = str(known.get(value, value))
    else:
        text = json.dumps(value, ensure_ascii=False)
    short = len(text) <= SHORT or value in known if isinstance(value, str) else len(text) <= SHORT
    return Detail(str(DETAILS.get(key, key)), text, short)
