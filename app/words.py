"""The words for every stable code of the domain, in the reader's language.

The domain speaks in codes and facts; here, and only here, they become sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale, lazy_pgettext
from flask_babel import lazy_gettext as _l

from permits.allotting import CountsBy, WhyNoRoom
from permits.bulk_act import BulkKind
from permits.difference import Change
from permits.gate import Reason, Verdict
from permits.handing_out import PermitEnded
from permits.handover.manifest import HandoverDamaged
from permits.infringement import InfringementKind, ReportState, StepKind
from permits.looking import MayPark
from permits.own_space import PaperKind as SpacePaper
from permits.own_space import Tenure
from permits.passes import Direction, PassKind
from permits.patrol import Finding
from permits.permit import PermitState
from permits.plate_list import ConflictDecision, ListMeaning, ListState, Outcome
from permits.plates import PlateKind
from permits.print_run import WhyAgain
from permits.printing import Flip, Ink
from permits.request import RequestKind, RequestState, WhyLost
from permits.suspension import SuspensionState
from permits.visitor_pass import VisitKind
from permits.visits import VisitTime
from permits.warning import WarningStep
from permits.webhooks import WebhookEvent
from records.errors import DomainError
from records.people import Role
from zones.drawing_maps import MapRefused
from zones.fair_proposal import WhyNot
from zones.joint_meetings import PaperState
from zones.map_area import KINDS, AreaKind
from zones.map_rules import AreaFault
from zones.meeting_papers import PaperKind
from zones.plans import PlanPhase
from zones.voting_rule import VotingRule

Words = Any
"""A lazy string of Flask-Babel."""

ROLES: Mapping[Role, Words] = {
    Role.REPRESENTATIVE: _l("Owner representative"),
    Role.STAFF: _l("Community office"),
    Role.GUARD: _l("Guard"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

OUTCOMES: Mapping[Outcome, Words] = {
    Outcome.ACCEPTED: _l("Accepted"),
    Outcome.UNCHANGED: _l("Unchanged"),
    Outcome.DUPLICATE_IN_LIST: _l("Twice in this list"),
    Outcome.CONFLICT: _l("Conflict"),
    Outcome.OVER_QUOTA: _l("Over the limit"),
    Outcome.INVALID_PLATE: _l("Not a plate"),
    Outcome.MISSING_PLATE: _l("Plate missing"),
    Outcome.NEEDS_ATTENTION: _l("Accepted, look again"),
    Outcome.REMOVED: _l("Will be removed"),
    Outcome.NOT_IN_REGISTER: _l("Not registered"),
    Outcome.LEFT_OUT: _l("Left out"),
}

LIST_STATES: Mapping[ListState, Words] = {
    ListState.REVIEWED: _l("Not handed in yet"),
    ListState.SUBMITTED: _l("With the office"),
    ListState.APPROVED: _l("Approved"),
    ListState.RETURNED: _l("Returned"),
    ListState.WITHDRAWN: _l("Withdrawn"),
}

MEANINGS: Mapping[ListMeaning, Words] = {
    ListMeaning.ADD: _l("Add these cars"),
    ListMeaning.REMOVE: _l("Remove these cars"),
    ListMeaning.WHOLE: _l("This is our whole list"),
}

CHANGES: Mapping[Change, Words] = {
    Change.ADDED: lazy_pgettext("car", "New"),
    Change.MOVED: lazy_pgettext("car", "Moves"),
    Change.UPDATED: _l("New name or phone"),
    Change.REMOVED: lazy_pgettext("car", "Removed"),
}
"""What becomes of a car by a list."""
TENURES: Mapping[Tenure, Words] = {
    Tenure.OWNED: _l("Owned"),
    Tenure.LEASED: _l("Leased"),
}

SPACE_PAPERS: Mapping[SpacePaper, Words] = {
    SpacePaper.TITLE: _l("Property certificate"),
    SpacePaper.PURCHASE: _l("Purchase contract"),
    SpacePaper.LEASE: _l("Lease"),
    SpacePaper.OTHER: _l("Other paper"),
}
"""What shows that a space is a car's own."""

COUNTS_BY: Mapping[CountsBy, Words] = {
    CountsBy.HOUSEHOLD: _l("All cars of a household"),
    CountsBy.RESIDENT: _l("All cars of a resident"),
}

DECISIONS: Mapping[ConflictDecision, Words] = {
    ConflictDecision.KEEP: _l("Stays with the other compound"),
    ConflictDecision.MOVE: _l("Moves to this compound"),
}

PERMIT_STATES: Mapping[PermitState, Words] = {
    PermitState.ISSUED: lazy_pgettext("permit", "Issued"),
    PermitState.PRINTED: lazy_pgettext("permit", "Printed"),
    PermitState.HANDED_OVER: lazy_pgettext("permit", "Handed over"),
    PermitState.REVOKED: _l("Revoked"),
    PermitState.REPLACED: _l("Replaced"),
    PermitState.EXPIRED: _l("Expired"),
}

PLAN_PHASES: Mapping[PlanPhase, Words] = {
    PlanPhase.DRAFT: _l("Draft"),
    PlanPhase.PROPOSED: _l("Up for the vote"),
    PlanPhase.RATIFIED: _l("Ratified"),
    PlanPhase.IN_FORCE: _l("In force"),
    PlanPhase.SUPERSEDED: _l("Superseded"),
    PlanPhase.REJECTED: _l("Rejected"),
    PlanPhase.WITHDRAWN: lazy_pgettext("plan", "Withdrawn"),
}

VOTING_RULES: Mapping[VotingRule, Words] = {
    VotingRule.ALL: _l("Every compound must consent"),
    VotingRule.MAJORITY_WITH_LOSERS: _l(
        "More than half of the compounds, and every compound that loses something"
    ),
}
"""When a plan is carried."""

PAPER_KINDS: Mapping[PaperKind, Words] = {
    PaperKind.MINUTES: _l("Minutes"),
    PaperKind.PHOTO: _l("Photo"),
}

HANDOVER_FAULTS: Mapping[str, Words] = {
    "missing": _l("is missing"),
    "added": _l("does not belong to it"),
    "changed": _l("was changed"),
    "wrong": _l("does not hold what it should"),
}

FAIR_REFUSALS: Mapping[WhyNot, Words] = {
    WhyNot.NO_ZONES: _l("There are no spaces to give out. Choose zones that have some."),
    WhyNot.NO_DEMAND: _l("No compound has a car yet. Hand in the plate lists first."),
    WhyNot.OUT_OF_REACH: _l(
        "Some compound gets no space: too few zones, or none within the longest way. "
        "Choose more zones or a longer way."
    ),
    WhyNot.TOO_HARD: _l("The computation took too long and was given up. Choose fewer zones."),
}
"""Why no fair plan can be computed."""

DIRECTIONS: Mapping[Direction, Words] = {Direction.IN: _l("In"), Direction.OUT: _l("Out")}

PASS_KINDS: Mapping[PassKind, Words] = {
    PassKind.CAR: _l("Car"),
    PassKind.VISITOR: _l("Visitor"),
    PassKind.DROP_OFF: _l("Drop-off"),
    PassKind.SERVICE: _l("Police, rescue, armed forces"),
}

VISIT_KINDS: Mapping[VisitKind, Words] = {
    VisitKind.VISITOR: _l("Visitor"),
    VisitKind.DELIVERY: _l("Delivery"),
    VisitKind.TRADESMAN: _l("Tradesman"),
    VisitKind.DROP_OFF: _l("Drop-off"),
}

VISIT_TIMES: Mapping[VisitTime, Words] = {
    VisitTime.AHEAD: _l("Now and to come"),
    VisitTime.OVER: _l("Over"),
}

FINDINGS: Mapping[Finding, Words] = {
    Finding.BELONGS_HERE: _l("Belongs here"),
    Finding.BELONGS_ELSEWHERE: _l("Belongs in another zone"),
    Finding.VISITOR: _l("Visitor"),
    Finding.UNKNOWN: _l("Unknown"),
}
"""What a patrol finds of a parked car."""

INFRINGEMENT_KINDS: Mapping[InfringementKind, Words] = {
    InfringementKind.WRONG_ZONE: _l("Wrong zone"),
    InfringementKind.NO_PERMIT: _l("No permit"),
    InfringementKind.FIRE_LANE: _l("Blocks the fire lane"),
    InfringementKind.OTHER: _l("Something else"),
}

REPORT_STATES: Mapping[ReportState, Words] = {
    ReportState.OPEN: lazy_pgettext("report", "Open"),
    ReportState.ANSWERED: lazy_pgettext("report", "To look back at"),
    ReportState.CLOSED: lazy_pgettext("report", "Closed"),
}

FOLLOWED_STATES: Mapping[ReportState, Words] = {
    ReportState.OPEN: _l("Waiting for the guard"),
    ReportState.ANSWERED: _l("Answered: somebody will look again"),
    ReportState.CLOSED: _l("Closed: somebody has looked again"),
}
"""What who reported a car reads."""

REPORT_STEPS: Mapping[StepKind, Words] = {
    StepKind.ANSWERED: lazy_pgettext("report", "Answer"),
    StepKind.GONE: _l("Looked back: put right"),
    StepKind.UNCHANGED: _l("Looked back: nothing has changed"),
}

WARNING_STEPS: Mapping[WarningStep, Words] = {
    WarningStep.REMINDER: _l("Reminder"),
    WarningStep.WARNING: _l("Warning"),
    WarningStep.SUSPENSION_PROPOSED: _l("Suspension proposed"),
}

SUSPENSION_STATES: Mapping[SuspensionState, Words] = {
    SuspensionState.STANDS: _l("Suspended"),
    SuspensionState.CONTESTED: _l("Contested"),
    SuspensionState.PAUSED: _l("Contested, paused"),
    SuspensionState.UPHELD: _l("Contest rejected"),
    SuspensionState.LIFTED: _l("Lifted"),
    SuspensionState.OVER: _l("Over"),
}

REQUEST_KINDS: Mapping[RequestKind, Words] = {
    RequestKind.LOST_PERMIT: _l("Lost card"),
    RequestKind.PLATE_CHANGE: _l("Change of plate"),
    RequestKind.SECOND_CAR: _l("Second car"),
    RequestKind.MOVING_OUT: _l("Leaving"),
}

REQUEST_FORMS: Mapping[RequestKind, Words] = {
    RequestKind.LOST_PERMIT: _l("A card is lost or spoiled"),
    RequestKind.PLATE_CHANGE: _l("A car has a new plate"),
    RequestKind.SECOND_CAR: _l("A flat gets a second car"),
    RequestKind.MOVING_OUT: _l("A car leaves"),
}
"""What the representative chooses."""

REQUEST_LEADS: Mapping[RequestKind, Words] = {
    RequestKind.LOST_PERMIT: _l(
        "Once the office agrees, every gate refuses the old card, and a new one is printed."
    ),
    RequestKind.PLATE_CHANGE: _l(
        "The flat stays the same. The new plate gets a card for the days that are left."
    ),
    RequestKind.SECOND_CAR: _l("The compound's limit of cars per flat holds here too."),
    RequestKind.MOVING_OUT: _l("The car leaves the register, and its permit ends."),
}
"""What comes of it, said before it is asked."""

REQUEST_GRANTS: Mapping[RequestKind, Words] = {
    RequestKind.LOST_PERMIT: _l("Replace the card? Every gate refuses the old one from now on."),
    RequestKind.PLATE_CHANGE: _l("Change the plate? Every gate refuses the old card from now on."),
    RequestKind.SECOND_CAR: _l("Register the car and issue its permit?"),
    RequestKind.MOVING_OUT: _l("Take the cars out of the register? Their permits end now."),
}
"""What the office is asked before a request is granted."""

REQUEST_STATES: Mapping[RequestState, Words] = {
    RequestState.OPEN: lazy_pgettext("request", "Open"),
    RequestState.GRANTED: lazy_pgettext("request", "Granted"),
    RequestState.REFUSED: lazy_pgettext("request", "Refused"),
    RequestState.WITHDRAWN: lazy_pgettext("request", "Taken back"),
}

WHY_LOST: Mapping[WhyLost, Words] = {
    WhyLost.LOST: _l("Lost"),
    WhyLost.STOLEN: _l("Stolen"),
    WhyLost.DAMAGED: _l("Damaged"),
}

MAY_PARK: Mapping[MayPark, Words] = {
    MayPark.YES: _l("May park here"),
    MayPark.NO: _l("May not park here"),
    MayPark.NOT_KNOWN: _l("Not known"),
}
"""What a neighbour is told of a scanned permit."""

MAY_PARK_BY_PLATE: Mapping[MayPark, Words] = {
    MayPark.YES: _l("It may park in this zone now, as far as we know"),
    MayPark.NO: _l("It may not park in this zone now, as far as we know"),
    MayPark.NOT_KNOWN: _l("Asked too often today. Scan its permit, or ask the guard."),
}
"""What a neighbour is told of a typed plate: a car that nobody knows gets the second answer too."""

NOT_THIS_ZONE = _l("Its colour may not park in this zone now")

VERDICTS: Mapping[Verdict, Words] = {
    Verdict.ADMIT: _l("Admit"),
    Verdict.CHECK: _l("Check"),
    Verdict.REFUSE: _l("Refuse"),
}

PLATE_KINDS: Mapping[PlateKind, Words] = {
    PlateKind.ORDINARY: _l("Ordinary plate"),
    PlateKind.NEW_ENERGY_SMALL: _l("New energy, small car"),
    PlateKind.NEW_ENERGY_LARGE: _l("New energy, large vehicle"),
    PlateKind.POLICE: _l("Police"),
    PlateKind.TRAINER: _l("Driving school"),
    PlateKind.TRAILER: _l("Trailer"),
    PlateKind.CONSULATE: _l("Consulate"),
    PlateKind.EMBASSY: _l("Embassy"),
    PlateKind.HONG_KONG: _l("Hong Kong, cross-border"),
    PlateKind.MACAO: _l("Macao, cross-border"),
    PlateKind.EMERGENCY: _l("Emergency rescue"),
    PlateKind.ARMED_POLICE: _l("Armed police"),
    PlateKind.MILITARY: _l("Military"),
    PlateKind.CIVIL_AVIATION: _l("Civil aviation"),
    PlateKind.TEMPORARY: _l("Temporary"),
}

LAYOUTS: Mapping[str, Words] = {
    "card": _l("Card for the windscreen, A6, four to a sheet, with a back"),
    "sticker": _l("Sticker, 90 × 60 mm, eight to a sheet"),
    "tag": _l("Tag for the mirror, 95 × 180 mm, three to a sheet, with a back"),
    "a5": _l("A5, two to a sheet, with a back"),
}

LAYOUT_NAMES: Mapping[str, Words] = {
    "card": _l("Card"),
    "sticker": _l("Sticker"),
    "tag": _l("Mirror tag"),
    "a5": _l("A5 sheet"),
}

PERMIT_FIELDS: Mapping[str, Words] = {
    "title": _l("Name of the community"),
    "compound": _l("Compound"),
    "zones": _l("Zones, or the car's own space"),
    "validity": _l("First and last day"),
    "serial": _l("Serial"),
    "caption": _l("“Scan to verify” over the code"),
}
"""What a layout of one's own may leave out."""

INKS: Mapping[Ink, Words] = {
    Ink.COLOUR: _l("In colour, on white paper"),
    Ink.BLACK: _l("Black only, on coloured paper"),
}

FLIPS: Mapping[Flip, Words] = {
    Flip.LONG: _l("Both sides, flip on the long edge"),
    Flip.SHORT: _l("Both sides, flip on the short edge"),
    Flip.NONE: _l("Fronts only"),
}

WHY_AGAIN: Mapping[WhyAgain, Words] = {
    WhyAgain.MISPRINT: _l("Spoiled while printing"),
    WhyAgain.DAMAGED: _l("Damaged in use"),
    WhyAgain.FADED: _l("Faded"),
    WhyAgain.MISLAID: _l("Mislaid in the office before it was handed over"),
}

CALIBRATION_SIDES: Mapping[str, Words] = {
    "portrait_front": _l("Portrait, front"),
    "portrait_back": _l("Portrait, back"),
    "landscape_front": _l("Landscape, front"),
    "landscape_back": _l("Landscape, back"),
}

JOBS: Mapping[str, Words] = {
    "review": _l("Reading the list"),
    "approve": _l("Approving the list"),
    "approve_many": _l("Approving lists"),
    "issue": _l("Issuing permits"),
    "renew": _l("Renewing permits"),
    "print": _l("Printing permits"),
    "notice": _l("Printing the public notice"),
    "handover": _l("Making the handover"),
}

BULK_DONE: Mapping[BulkKind, Words] = {
    BulkKind.HAND_OVER: _l("Permits handed over"),
    BulkKind.REVOKE: _l("Permits revoked"),
    BulkKind.REMOVE: _l("Cars removed"),
}

PAPER_STATES: Mapping[PaperState, Words] = {
    PaperState.WAITING: _l("Waits for the representative"),
    PaperState.CONFIRMED: _l("Confirmed: it counts"),
    PaperState.DENIED: _l("Denied: it does not count"),
}

REPORT_AGES: tuple[Words, ...] = (
    _l("Under 1 day"),
    _l("1 to 3 days"),
    _l("3 to 7 days"),
    _l("Over 7 days"),
)
"""The columns of `permits.public_facts.AGES`."""

ROW_REASONS: Mapping[str, Words] = {
    "new_vehicle": _l("New: will be registered."),
    "details_changed": _l("Registered already; name or phone will be brought up to date."),
    "unchanged": _l("Registered already, nothing changes."),
    "household_differs": _l("Registered already for another flat: the flat will be changed."),
    "household_needed_for_quota": _l("Name the flat, so that it counts against the limit."),
    "temporary_plate": _l("A temporary plate: hand in the final plate when it is there."),
    "service_vehicle": _l("A police, military or rescue plate: is it a resident's car?"),
    "missing_plate": _l("This row has no plate. Fill in the plate or delete the row."),
    "duplicate_in_list": _l("The same plate stands in row %(first_row)s already; that row counts."),
    "registered_elsewhere": _l("Registered with %(rival)s. The office decides who keeps it."),
    "claimed_elsewhere": _l(
        "%(rival)s has handed in the same plate. The office decides who keeps it."
    ),
    "over_quota": _l("This flat has %(count)s cars already; the limit is %(quota)s."),
    "will_be_removed": _l(
        "Registered; once the office approves it leaves the register and loses its permit."
    ),
    "not_in_register": _l("No such car is registered with this compound: nothing to remove."),
    "left_out": _l("Its representative leaves this row out: it changes nothing."),
    "resident_over_quota": _l("This resident has %(count)s cars already; the limit is %(quota)s."),
    "no_place": _l("All %(places)s places of the compound are taken."),
    "first_cars_first": _l(
        "All %(places)s places are taken, and first cars that wait come before second cars."
    ),
}


WHY_NO_ROOM: Mapping[WhyNoRoom, Words] = {
    WhyNoRoom.HOUSEHOLD_FULL: _l("The flat has all the cars it may have"),
    WhyNoRoom.RESIDENT_FULL: _l("The resident has all the cars he may have"),
    WhyNoRoom.NO_PLACE: _l("All places are taken, or kept for cars before it"),
    WhyNoRoom.FIRST_CARS_FIRST: _l("First cars that wait come before it"),
}

REMARKS: Mapping[str, Words] = {
    "owner_missing": _l("no name"),
    "owner_odd": _l("odd name"),
    "phone_missing": _l("no phone"),
    "phone_odd": _l("odd phone"),
    "household_missing": _l("no flat"),
    "room_missing": _l("no room"),
    "other_flat": _l("registered for another flat"),
}

WEBHOOK_EVENTS: Mapping[WebhookEvent, Words] = {
    WebhookEvent.PASS_REFUSED: _l("A car is refused at a gate"),
    WebhookEvent.REPORT_MADE: _l("A wrongly parked car is reported"),
}

WEBHOOK_FAULTS: Mapping[str, Words] = {
    "private_address": _l("leads into a private network"),
    "unknown_host": _l("no such host"),
    "unreachable": _l("cannot be reached"),
    "timeout": _l("no answer in time"),
    "certificate": _l("its certificate is not good"),
    "no_http": _l("does not speak HTTP"),
}
"""Why a call was not taken; a number is the status that was answered."""

DELIVERY_FAULTS: Mapping[str, Words] = {
    "no_address": _l("the reader has no confirmed address any more"),
    "too_old": _l("it waited too long"),
    "unreachable": _l("the mail server cannot be reached"),
    "timeout": _l("no answer in time"),
    "certificate": _l("its certificate is not good"),
    "no_tls": _l("the mail server offers no encryption"),
    "login": _l("the mail server refuses name and password"),
}
"""Why a letter was not taken; a number is what the mail server answered."""

END_REASONS: Mapping[str, Words] = {
    "valid_to_passed": _l("Its last day has passed."),
    "moved_to_other_compound": _l("The car has moved to another compound."),
    "left_out_of_whole_list": _l("The compound's whole list leaves the car out."),
    "renewed": _l("Renewed before it was fetched."),
    "new_card_handed_over": _l("The new card is with its owner."),
    "named_in_removal_list": _l("The compound's representative had the car removed."),
    "moved_out": _l("The car has left the compound."),
    "plate_changed": _l("The car has another plate."),
    "lost": _l("The card was lost."),
    "stolen": _l("The card was stolen."),
    "damaged": _l("The card was damaged."),
}
"""Reasons that the product gives; those that staff write are shown as written."""

PLATE_REFUSALS: Mapping[str, Words] = {
    "empty": _l("There is no plate."),
    "province_missing": _l("The province character at the start is missing."),
    "unknown_province": _l("“%(character)s” at the start is no province."),
    "bad_authority_letter": _l("“%(character)s” cannot follow the province."),
    "letter_o_or_i": _l(
        "“%(character)s” in place %(position)s: plates have no letters O and I, only 0 and 1."
    ),
    "bad_character": _l("“%(character)s” in place %(position)s does not fit."),
    "hong_kong_macao_needs_yue_z": _l("Plates that end in 港 or 澳 begin with 粤Z."),
    "not_new_energy": _l(
        "Eight characters are a new energy plate, but “%(character)s” in place %(position)s "
        "is none of its letters."
    ),
    "wrong_length": _l("A plate has seven characters, a new energy plate eight."),
}

GATE_REASONS: Mapping[Reason, Words] = {
    Reason.OK: _l("Compare the plate with the car"),
    Reason.VISITOR_OK: _l("Visitor: compare the plate with the car"),
    Reason.SERVICE_VEHICLE: _l("Police, rescue or armed forces: let through"),
    Reason.MALFORMED_TOKEN: _l("This code is no permit"),
    Reason.UNKNOWN_VERSION: _l("A permit of a version not known here"),
    Reason.UNKNOWN_KEY: _l("Signed with a key not known here"),
    Reason.BAD_SIGNATURE: _l("Forged or damaged: the signature is wrong"),
    Reason.OTHER_COMMUNITY: _l("A permit of another community"),
    Reason.PLATE_INVALID: _l("This is no plate: type it again"),
    Reason.PLATE_MISMATCH: _l("The permit is for another car"),
    Reason.REVOKED: _l("This permit is revoked"),
    Reason.REPLACED: _l("Replaced by a newer card"),
    Reason.EXPIRED: _l("This permit has expired"),
    Reason.SUSPENDED: _l("This permit is suspended"),
    Reason.NOT_YET_VALID: _l("This permit is not valid yet"),
    Reason.VISITOR_OVER: _l("The visit is over"),
    Reason.PLATE_UNKNOWN: _l("No compound has this car"),
    Reason.PERMIT_UNKNOWN: _l("Genuine, but not in the register: ring the office"),
    Reason.PERMIT_DIFFERS: _l("The register says otherwise: ring the office"),
    Reason.COMPOUND_UNKNOWN: _l("Its compound is not known here: ring the office"),
    Reason.PLATE_COMPLETED: _l("Completed to a local plate: check it"),
    Reason.NO_PERMIT: _l("A resident's car without a permit yet"),
    Reason.LOW_CONFIDENCE: _l("Read unsurely: compare the plate with the car"),
    Reason.STALE_DATA: _l("Data more than a day old: ring the office"),
}

PUBLIC_VERDICTS: Mapping[Verdict, Words] = {
    Verdict.ADMIT: lazy_pgettext("permit", "Valid"),
    Verdict.CHECK: _l("To be checked"),
    Verdict.REFUSE: _l("Not valid"),
}
"""What a permit's page says to everybody."""

NOT_VALID_YET = _l("Not valid yet")
GENUINE = _l("Genuine: made by the community office")
NOT_GENUINE = _l("Not genuine")
GATE_AIM = _l("Hold the permit's code into the frame")
GATE_CHECK_PLATE = _l("Look up")

GATE_PAGE: Mapping[str, Words] = {
    "record_in": _l("Record entry"),
    "record_out": _l("Record exit"),
    "admit_anyway": _l("Checked: let through"),
    "turn_away": _l("Turn away"),
    "next": _l("Next car, no record"),
    "recorded": _l("Recorded"),
    "no_camera": _l("No camera here: type the plate"),
    "camera_refused": _l("The camera is not allowed: allow it in the browser, or type the plate"),
    "needs_https": _l("The camera needs HTTPS: type the plate"),
    "replaced_by": _l("New card"),
    "valid_until": _l("Valid until"),
    "no_camera_in_app": _l(
        "This app gives pages no camera: photograph the code, type the plate, "
        "or open the page in the browser"
    ),
    "photo_no_code": _l("No code found in the photo: closer, sharper, without glare"),
    "photo_of_code": _l("Photograph the code"),
    "torch": _l("Torch"),
    "zoom": _l("Zoom"),
    "which_camera": _l("Which camera"),
    "plate_keys": _l("Keys for the plate"),
    "key_delete": _l("Delete the last character"),
    "key_letters": _l("Letters and digits first"),
    "key_clear": _l("Another province"),
    "key_close": _l("Close the keys"),
    "suggested": _l("Known here"),
    "more": _l("More"),
    "close": _l("Close"),
    "light": _l("Light, for the sun"),
    "mute": _l("No sound"),
    "service": _l("Rescue, police"),
    "service_recorded": _l("Police, rescue or armed forces: recorded"),
    "drop_off": _l("Drop-off"),
    "visit": _l("Visitor"),
    "inside": _l("Inside"),
    "notes": _l("Shift notes"),
    "patrol": _l("Patrol"),
    "who_comes": _l("Who comes"),
    "to_compound": _l("Which compound"),
    "to_flat": _l("Which flat, such as 3-2-501"),
    "how_long": _l("How long, in hours"),
    "register_and_let_in": _l("Register, let in"),
    "register_only": _l("Only register"),
    "registered": _l("Registered"),
    "plate_needed": _l("Type the whole plate first"),
    "compound_needed": _l("Choose the compound"),
    "flat_needed": _l("Name the flat"),
    "inside_offline": _l("Who is inside can only be seen with a network"),
    "notes_offline": _l("Notes of other shifts can only be read with a network"),
    "note_text": _l("Note for the next shift"),
    "note_keep": _l("Leave the note"),
    "note_kept": _l("The next shift will read it"),
    "to_gate": _l("Gate"),
    "zone_walked": _l("Zone that you walk"),
    "looked_at": _l("Looked at"),
    "found_wrong": _l("Wrong"),
    "belongs_here": _l("Belongs here"),
    "belongs_elsewhere": _l("Belongs in zone"),
    "visitor": _l("Visitor"),
    "unknown": _l("Unknown"),
    "no_zone_now": _l("No zone is open to it now"),
    "report": _l("Report"),
    "next_car": _l("Next car"),
    "what_is_wrong": _l("What is wrong"),
    "take_photo": _l("Take a photo"),
    "photo_taken": _l("Photo taken: take another"),
    "photo_broken": _l("This photo cannot be read: take another"),
    "report_note": _l("Note"),
    "report_keep": _l("Hand in the report"),
    "report_kept": _l("Reported: the office will see it"),
    "online": _l("Online"),
    "offline": _l("Offline"),
    "data_now": _l("data up to date"),
    "data_minutes": _l("data %(count)s min old"),
    "data_hours": _l("data %(count)s h old"),
    "no_data": _l("No data on this phone yet: connect once"),
    "waiting": _l("%(count)s to send"),
    "wrong_clock": _l("This phone's clock is wrong"),
    "needs_network": _l("That page needs a network"),
    "changed": _l("The office knows more: this counts"),
    "not_kept": _l("Not recorded: this phone has no room left"),
    "refused_items": _l("Not taken by the server"),
    "fire_lanes": _l("Fire lane blocked"),
}
"""What the gate page's script says."""

ERRORS: Mapping[str, Words] = {
    "sign_in_refused": _l("The name or the password is wrong."),
    "password_too_short": _l("A password needs at least %(minimum)s characters."),
    "name_taken": _l("Somebody else signs in as “%(name)s”. Choose another name."),
    "term_over": _l(
        "Your term as a representative ended on %(last_day)s. You can still read; for anything "
        "else the administrator has to renew it."
    ),
    "term_of_representatives": _l("Only representatives have a term."),
    "link_over": _l(
        "This link was used already, was replaced, or is too old. Ask the administrator for "
        "another one."
    ),
    "wrong_code": _l(
        "That code is wrong, or was used before. Wait for the next one, and see that the phone's "
        "clock is right."
    ),
    "too_many_codes": _l("Too many wrong codes. Try again in %(minutes)s minutes."),
    "codes_used": _l("This code was used. The next one comes in %(seconds)s seconds."),
    "second_factor_required": _l("Staff and administrators do not sign in without a second step."),
    "no_second_factor": _l("“%(name)s” has no second step."),
    "no_such_user": _l("Nobody signs in as “%(name)s”."),
    "own_account": _l("This cannot be done to your own account."),
    "compound_missing": _l("A representative belongs to a compound, and nobody else does."),
    "code_taken": _l("There is a “%(name)s” already. Choose another code."),
    "no_community": _l(
        "No community is set up yet. Begin with “flask demo load” or “flask community found”."
    ),
    "no_compound": _l("The community has no compound yet. The administrator adds one."),
    "unknown_compound": _l("There is no compound “%(compound)s”. Known: %(known)s."),
    "unknown_gate": _l("There is no gate “%(gate)s”. Known: %(known)s."),
    "colour_taken": _l("Another compound has this colour."),
    "zone_code_taken": _l("There is a zone %(zone)s already."),
    "plan_not_draft": _l("Plan %(plan)s was proposed already and can no longer be changed."),
    "plan_not_proposed": _l("Plan %(plan)s is not up for a vote."),
    "plan_leaves_compound_without_zone": _l("The plan leaves %(compound)s without any zone."),
    "first_day_past": _l("The first day, %(first_day)s, lies in the past."),
    "plan_not_amendable": _l("Plan %(plan)s is a draft: change it itself."),
    "not_the_proposer": _l("Only who proposed plan %(plan)s can withdraw it."),
    "vote_still_open": _l("The compounds have time to vote on plan %(plan)s until %(first_day)s."),
    "not_a_representative": _l("Only a compound's own representatives vote for it."),
    "rule_holds_already": _l("This rule holds already."),
    "rule_change_decided": _l("There is no change of the rule to answer any more."),
    "pdf_too_large": _l("The PDF is too large: %(limit_mb)s MB at most."),
    "too_many_papers": _l("The plan has %(limit)s papers already: that is the most."),
    "paper_there_already": _l("This paper is there already: %(name)s."),
    "way_impossible": _l("A way is in whole metres, at most %(limit)s."),
    "no_fair_proposal": _l("No fair plan can be computed for this choice."),
    "zone_not_in_community": _l("The plan names a zone or compound of another community."),
    "wrong_list_state": _l("List %(number)s has been decided or taken back already."),
    "no_map": _l("Nobody has drawn a map yet."),
    "map_not_geojson": _l(
        "This is no GeoJSON map in the form that “flask map export” writes (%(place)s)."
    ),
    "map_too_large": _l(
        "The map is too large: %(most_areas)s areas and %(most_positions)s corners at most."
    ),
    "map_refused": _l("The map is not saved: %(count)s things are wrong."),
    "map_changed_meanwhile": _l(
        "Somebody else saved map %(latest)s in the meantime. Load the page again: it shows that "
        "map, without your changes."
    ),
    "area_corners": _l("%(area)s needs %(least)s to %(most)s corners."),
    "area_not_closed": _l("The outline of %(area)s does not end where it began."),
    "area_crosses_itself": _l("The outline of %(area)s crosses itself near %(x)s, %(y)s."),
    "area_too_small": _l("%(area)s is too small to be meant. Draw it anew or delete it."),
    "area_outside_plan": _l("%(area)s reaches beyond the plan."),
    "area_unknown": _l("%(area)s: there is nothing with this code. Set it up first."),
    "gate_twice": _l("%(area)s is on the map twice."),
    "areas_overlap": _l(
        "%(area)s and %(other)s overlap by %(percent)s per cent of the smaller one."
    ),
    "no_site_picture": _l("This is no picture, or a broken one. PNG, JPEG, SVG and PDF are read."),
    "site_picture_too_large": _l(
        "The picture is too large: %(limit_mb)s MB and %(limit_mp)s million pixels at most."
    ),
    "site_picture_too_small": _l(
        "The picture is too small or too narrow: at least %(least)s pixels a side, and at most "
        "%(aspect)s times as long as wide."
    ),
    "no_such_page": _l("The PDF has %(pages)s pages."),
    "no_conflict": _l("Row %(row)s has no conflict to settle."),
    "message_missing": _l("There is nothing in the message."),
    "not_removed": _l("The list does not remove %(plate)s any more."),
    "nothing_asked": _l("The office has no open question about row %(row)s."),
    "reason_missing": _l("Write a reason: those whom it touches will read it."),
    "unknown_permit": _l("There is no permit %(serial)s."),
    "wrong_permit_state": _l("This cannot be done with permit %(serial)s in its present state."),
    "request_decided": _l("Request %(number)s has been decided or taken back already."),
    "car_not_here": _l("Your compound has no car %(plate)s."),
    "car_has_no_permit": _l("%(plate)s has no permit yet."),
    "plate_taken": _l("%(plate)s is registered already."),
    "flat_missing": _l("Name the flat, such as 3-2-501."),
    "asked_already": _l("Request %(number)s about this car waits for the office already."),
    "renewal_too_short": _l(
        "Permits that are good on %(until)s already would not be renewed. Choose a later day."
    ),
    "temporary_there": _l("The car has the temporary permit %(serial)s already."),
    "move_day_wrong": _l("A move is entered for today or at most %(days)s days ahead."),
    "moves_already": _l("%(plate)s moves already, or lives in that compound."),
    "flat_full": _l("This flat has %(count)s cars already; the limit is %(quota)s."),
    "car_suspended": _l(
        "The permit of %(plate)s is suspended. Lift the suspension first, or wait for its end."
    ),
    "no_signing_key": _l("There is no key to sign permits with. Ask the administrator."),
    "key_ids_used_up": _l("All 255 key numbers are used up."),
    "nothing_to_print": _l("No permit is waiting to be printed."),
    "permits_changed": _l("Permits changed while they were being printed. Print again."),
    "unknown_layout": _l("There is no layout “%(layout)s”. Known: %(known)s."),
    "layout_too_wide": _l(
        "The columns need %(needed_mm)s mm, but %(paper)s is %(page_mm)s mm wide this way round."
    ),
    "layout_too_high": _l(
        "The rows need %(needed_mm)s mm, but %(paper)s is %(page_mm)s mm high this way round."
    ),
    "layout_name_taken": _l("There is a layout “%(name)s” already."),
    "printer_name_taken": _l("There is a printer “%(name)s” already."),
    "unknown_printer": _l("There is no printer “%(printer)s”. Known: %(known)s."),
    "cross_too_far_off": _l(
        "The cross can be off by %(limit_mm)s mm at most: print at actual size and measure again."
    ),
    "place_not_on_sheet": _l("A sheet of this layout has places 1 to %(places)s."),
    "foreign_permit": _l("This code is no permit of this community."),
    "not_printed_yet": _l("%(serial)s is not printed yet. Print it first."),
    "permit_ended": _l("%(serial)s has ended (%(state)s): do not hand it out."),
    "handed_over_already": _l("%(serial)s was handed over already, at %(when)s."),
    "nothing_to_take_back": _l("Only what you handed over last can be taken back."),
    "font_missing": _l("The font %(file)s is missing. Start scripts/run once: it fetches it."),
    "no_plan_in_force": _l("No zone plan is in force, so permits cannot name their zones."),
    "key_missing": _l("The key file %(file)s is missing."),
    "key_damaged": _l("The key file %(file)s is damaged: bring it back from a backup."),
    "key_too_open": _l("The key file %(file)s can be read by others (mode %(mode)s)."),
    "key_exists": _l("The key file %(file)s is there already."),
    "handover_unreadable": _l("This file is no handover: a zip with a manifest is expected."),
    "handover_damaged": _l(
        "The handover is damaged: %(file)s %(fault)s. Nothing was taken in. Fetch the file again."
    ),
    "handover_too_large": _l("The handover would unpack to more than such a file can."),
    "handover_of_other_version": _l(
        "The handover was made by another version (%(found)s, here %(expected)s). "
        "Bring both installations to the same version and make it again."
    ),
    "handover_wrong_passphrase": _l("The handover is encrypted, and not by this passphrase."),
    "passphrase_too_short": _l("A passphrase needs at least %(minimum)s characters."),
    "several_communities": _l(
        "This installation holds several communities, and a handover is of all of them. "
        "Whoever runs the server makes it by “flask handover export”."
    ),
    "installation_not_empty": _l(
        "This installation is not empty: %(table)s has rows. "
        "A handover is taken in where nothing is yet: choose a new PARKING_HOME."
    ),
    "no_administrator": _l("The handover has no administrator %(name)s with an open account."),
    "seal_broken": _l("Kept personal data cannot be opened: it was changed, or the key was."),
    "invalid_plate": _l("“%(raw)s” is no plate."),
    "unprintable_url": _l("The address %(url)s cannot be put into a permit's symbol."),
    "malformed_token": _l("This code is no permit."),
    "unknown_version": _l("A permit of a version not known here."),
    "unknown_key": _l("Signed with a key not known here."),
    "bad_signature": _l("Forged or damaged: the signature is wrong."),
    "file_too_large": _l("The file is too large: %(limit_mb)s MB at most."),
    "too_many_rows": _l("The list is too long: %(limit)s rows at most. Split it."),
    "too_many_columns": _l("Sheet “%(sheet)s” has too many columns: %(limit)s at most."),
    "decompression_bomb": _l("The file would unpack to more than %(limit_mb)s MB and is refused."),
    "unreadable_file": _l("The file is broken or cut off. Save it again and send it anew."),
    "encrypted_file": _l("The file has a password. Save it without one and send it anew."),
    "not_a_list": _l("This is no table (%(looks_like)s). Send an Excel, ods or csv file."),
    "empty_list": _l("There is nothing in this list."),
    "no_plate_column": _l("No column holds plates. Name the column 车牌号 or “plate”."),
    "token_missing": _l("The request carries no device token."),
    "token_unknown": _l("No device has this token, or it is closed."),
    "direction_missing": _l("Say which way the car goes, in or out: the device has none set."),
    "time_implausible": _l("The time lies before 2020 or more than a day ahead: set the clock."),
    "message_unreadable": _l("This is no message of such a camera (%(why)s)."),
    "message_field_wrong": _l("The message's field “%(field)s” is missing or wrong."),
    "message_too_large": _l("The message is too large: %(limit_kb)s KB at most."),
    "plate_not_read": _l("The camera read no plate, so nothing is recorded."),
    "webhook_address_wrong": _l(
        "“%(address)s” is no address that can be called: https://… or http://…, without name "
        "and password."
    ),
    "private_address": _l(
        "%(host)s lies in a private network. Only WEBHOOKS_TO_PRIVATE_ADDRESSES allows that."
    ),
    "host_missing": _l("Name the flat that is visited."),
    "visit_hours_wrong": _l("The visit must end after it begins, and after now."),
    "visit_too_long": _l("A visit lasts %(days)s days at most."),
    "visit_too_far_ahead": _l("A visit can be registered at most %(days)s days ahead."),
    "drop_off_too_long": _l(
        "A drop-off lasts %(minutes)s minutes at most: register a visit instead."
    ),
    "visit_quota_used_up": _l("This flat has had its %(quota)s visits of the month."),
    "pass_not_needed": _l("Police, rescue and armed forces come in without a pass."),
    "visit_ended": _l("Visit %(number)s is over or cancelled already."),
    "not_your_gate": _l("You are not posted at this gate. Ask the administrator."),
    "item_unreadable": _l("An entry of this phone cannot be read (%(field)s)."),
    "outbox_too_large": _l(
        "Too much at once: %(items)s entries, %(photos)s photos or %(limit_mb)s MB at most."
    ),
    "note_empty": _l("Write the note first."),
    "note_too_long": _l("A note has %(limit)s characters at most."),
    "nothing_to_see": _l("Give the plate or a photo: otherwise nobody finds the car."),
    "report_closed": _l("Report %(report)s is closed already."),
    "report_answered": _l("Report %(report)s is answered already. Next somebody looks back at it."),
    "report_not_answered": _l("Report %(report)s is not answered yet."),
    "report_confirmed": _l("Report %(report)s is confirmed already."),
    "look_back_too_early": _l("The look-back at report %(report)s is not due yet."),
    "photo_missing": _l("Add a photo: it shows what was seen."),
    "answer_missing": _l("Write an answer: who reported the car will read it."),
    "car_not_registered": _l("The car of report %(report)s is in no compound: nobody to warn."),
    "warning_withdrawn": _l("Warning %(warning)s is taken back already."),
    "warning_used": _l("A permit is suspended on warning %(warning)s: decide on the suspension."),
    "not_proposed": _l("Warning %(warning)s proposes no suspension."),
    "no_permit_to_suspend": _l("The car has no permit in force."),
    "already_suspended": _l("The car's permit is suspended already."),
    "suspension_too_long": _l("A suspension lasts one to %(limit)s days."),
    "suspension_ended": _l("The suspension has ended already."),
    "not_contestable": _l("The suspension has ended or was contested before."),
    "not_contested": _l("There is no contest to decide on."),
    "space_taken": _l("Space %(space)s is for %(cars)s car at a time, and others have it."),
    "has_own_space": _l("%(plate)s has a space of its own already."),
    "lease_days_wrong": _l("A lease needs a last day that is still to come."),
    "not_waiting": _l("%(plate)s stands on no waiting list any more."),
    "no_place_free": _l(
        "There is no place for %(plate)s: its limit, or the cars before it, take them all."
    ),
    "first_cars_need_places": _l(
        "Give the places in all: without them nobody waits, and no car comes before another."
    ),
    "steps_do_not_rise": _l("The warning comes after the reminder, the suspension after both."),
    "photo_too_large": _l("The photo is too large: %(limit_mb)s MB at most."),
    "too_many_pixels": _l("The photo has too many pixels: %(limit_mp)s million at most."),
    "not_a_photo": _l("This is no photo, or a broken one. JPEG, PNG and WebP are read."),
    "evidence_closed": _l("The conflict is settled: no more evidence is taken."),
    "not_a_side": _l("Only the two compounds that claim the plate hand in evidence."),
    "too_much_evidence": _l("%(limit)s pictures are the most for each side."),
    "evidence_too_large": _l("The file is too large: %(limit_mb)s MB at most."),
    "unreadable_pdf": _l("This PDF is broken or locked. Take a photo instead."),
    "nothing_chosen": _l("Nothing was chosen."),
    "too_many_chosen": _l("Choose %(limit)s at most."),
    "car_removed_already": _l("%(plate)s has left the register already."),
    "not_your_last_act": _l("Only the last thing that you did to many can be undone, and once."),
    "undo_too_late": _l("Too late to undo: something has changed since with %(things)s."),
    "no_head_to_sign": _l("There is no key or no entry to sign yet."),
    "head_unreadable": _l(
        "This is no head of a ledger. Copy the whole text, from PARKING-LEDGER to its end."
    ),
    "head_forged": _l("The head of entry %(number)s is forged: key %(key)s has not signed it."),
    "meeting_in_future": _l("The meeting's day, %(held_on)s, has not come yet."),
    "no_sheets": _l("Enter at least one compound's vote, with a photo of its signed sheet."),
    "sheet_waiting": _l(
        "The sheet of %(compound)s for plan %(plan)s waits for its representative already."
    ),
    "sheet_answered": _l("The sheet of %(compound)s has been answered already."),
    "not_your_compound": _l("Only a representative of the compound itself answers its sheet."),
    "phone_private": _l("%(phone)s is a mobile number. Give an office line that all may call."),
    "phone_wrong": _l("“%(phone)s” is no telephone number."),
    "nobody_named": _l("Say who answers %(phone)s."),
    "unknown_place": _l("{%(place)s} is none of the things that are filled in here."),
    "email_wrong": _l("This is no e-mail address."),
    "link_wrong": _l("This link is too old, or a later one was sent. Enter the address again."),
    "acts_failed": _l("Not done: %(acts)s. The log says why; everything else is done."),
    "ledger_broken": _l("The ledger does not hold: entry %(number)s is wrong (%(fault)s)."),
}


def _fill(words: Words, facts: Mapping[str, Any]) -> str:
    comma = str(_l(", "))
    shown = {
        key: comma.join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in facts.items()
    }
    return str(words) % shown if shown else str(words)


def error_words(error: DomainError) -> str:
    """Return the sentence for a refusal, in the reader's language; several for a map's faults."""
    if isinstance(error, MapRefused):
        return " ".join([_fill(ERRORS[error.code], error.facts), *map(error_words, error.faults)])
    facts = error.facts
    if isinstance(error, PermitEnded):
        facts = {**facts, "state": PERMIT_STATES[facts["state"]]}
    if isinstance(error, HandoverDamaged):
        facts = {**facts, "fault": HANDOVER_FAULTS[facts["fault"]]}
    if isinstance(error, AreaFault):
        facts = {**facts, "area": area_words(facts["kind"], facts["area"])}
        if "other" in facts:
            facts["other"] = area_words(facts["other_kind"], facts["other"])
    return _fill(ERRORS[error.code], facts)


def area_words(kind: str, label: str) -> str:
    """Return an area of the map as messages name it, such as `Parking zone A1`."""
    words = KINDS[AreaKind(kind)].words.in_language(_language())
    return f"{words} {label}".strip()


def _language() -> str:
    return "en" if str(get_locale()) == "en" else "zh"


def row_reason(reason: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence for a row's reason, with what is wrong in its plate and how to mend it.

    Args:
        facts: the row's facts; `rival` is the other compound's name for a conflict.
    """
    if reason in ROW_REASONS:
        return _fill(ROW_REASONS[reason], facts)
    sentence = _fill(PLATE_REFUSALS[reason], facts)
    if facts.get("suggestion"):
        return _fill(
            _l("%(sentence)s Did you mean %(suggestion)s?"), {**facts, "sentence": sentence}
        )
    return sentence


def plate_refusal(reason: str, facts: Mapping[str, Any]) -> str:
    """Return why a text is no plate, without what was likely meant."""
    return _fill(PLATE_REFUSALS[reason], facts)


def remarks(codes: Iterable[str]) -> str:
    """Return what is missing or odd in a row, as one list of words."""
    return str(_l(", ")).join(str(REMARKS[code]) for code in codes)


def webhook_fault(fault: str) -> str:
    """Return why a call was not taken, the last time."""
    if fault.isdecimal():
        return str(_l("answered %(status)s")) % {"status": fault}
    return str(WEBHOOK_FAULTS.get(fault, fault))


def delivery_fault(fault: str) -> str:
    """Return why a letter was not taken, the last time."""
    if fault.isdecimal():
        return str(_l("answered %(status)s")) % {"status": fault}
    return str(DELIVERY_FAULTS.get(fault, fault))


def end_reason(reason: str | None) -> str:
    """Return why a permit ended."""
    return str(END_REASONS.get(reason or "", reason or ""))
