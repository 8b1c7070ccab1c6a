"""Every table of the product, in an order in which rows can be inserted."""

from permits.gate_device import GateDevice, Webhook, WebhookDelivery
from permits.infringement import InfringementReport
from permits.passes import GateEvent
from permits.permit import Permit
from permits.plate_list import PlateList, PlateListRow
from permits.print_run import PrintRun, PrintRunPermit
from permits.shift_note import ShiftNote
from permits.vehicles import Household, Vehicle
from permits.visitor_pass import VisitorPass
from records.database import Base
from records.ledger import LedgerEntry
from records.people import User
from records.signing_keys import SigningKey
from zones.areas import Zone
from zones.communities import Community, Compound, Gate, GateGuard
from zones.meeting_papers import MeetingPaper
from zones.plans import NeededConsent, Opening, PlanSaying, PlanVote, ZonePlan
from zones.site_map import SiteMap, SitePlan
from zones.voting_rule import RuleAnswer, RuleChange
from zones.walking import WalkingDistance

MODELS: tuple[type[Base], ...] = (
    LedgerEntry,
    SigningKey,
    Community,
    Compound,
    Gate,
    User,
    GateGuard,
    Zone,
    SitePlan,
    SiteMap,
    ZonePlan,
    Opening,
    PlanVote,
    PlanSaying,
    NeededConsent,
    MeetingPaper,
    RuleChange,
    RuleAnswer,
    WalkingDistance,
    Household,
    Vehicle,
    PlateList,
    PlateListRow,
    Permit,
    PrintRun,
    PrintRunPermit,
    GateDevice,
    VisitorPass,
    GateEvent,
    ShiftNote,
    InfringementReport,
    Webhook,
    WebhookDelivery,
)
"""All models; naming them here is also what makes the metadata complete."""
