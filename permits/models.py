"""Every table of the product, in an order in which rows can be inserted."""

from permits.bulk_act import BulkAct
from permits.evidence import Evidence
from permits.gate_device import GateDevice, Webhook, WebhookDelivery
from permits.infringement import InfringementReport, ReportStep
from permits.limits import LimitRules
from permits.notice import PublicNotice
from permits.own_layout import OwnLayout
from permits.own_space import OwnSpace
from permits.passes import GateEvent
from permits.permit import Permit
from permits.plate_list import PlateList, PlateListRow
from permits.print_rules import PrintRules
from permits.print_run import PrintRun, PrintRunPermit
from permits.printer import Printer, PrinterShift
from permits.request import CarRequest
from permits.row_message import RowMessage
from permits.shift_note import ShiftNote
from permits.suspension import Suspension
from permits.vehicles import Household, Vehicle
from permits.visitor_pass import VisitorPass
from permits.waiting_car import WaitingCar
from permits.warning import CarWarning
from permits.watch_rules import WatchRulesRow
from records.checkpoints import SignedHead
from records.contact import Contact
from records.database import Base
from records.delivery import Delivery
from records.invitations import Invitation
from records.ledger import LedgerEntry
from records.message import Message
from records.message_text import MessageText
from records.password_links import PasswordLink
from records.people import User
from records.recovery_codes import RecoveryCode
from records.second_factor import SecondFactor
from records.seen_heads import SeenHead
from records.sign_ins import SignIn
from records.signing_keys import SigningKey
from zones.areas import Zone
from zones.communities import Community, Compound, Gate, GateGuard
from zones.joint_meetings import JointMeeting, PaperVote
from zones.meeting_papers import MeetingPaper
from zones.plans import NeededConsent, Opening, PlanSaying, PlanVote, ZonePlan
from zones.responsibility import Responsibility
from zones.site_map import SiteMap, SitePlan
from zones.voting_rule import RuleAnswer, RuleChange
from zones.walking import WalkingDistance

MODELS: tuple[type[Base], ...] = (
    LedgerEntry,
    SigningKey,
    SignedHead,
    Community,
    Compound,
    Gate,
    User,
    SignIn,
    SecondFactor,
    RecoveryCode,
    Invitation,
    PasswordLink,
    SeenHead,
    Message,
    MessageText,
    Contact,
    Delivery,
    GateGuard,
    Zone,
    Responsibility,
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
    OwnSpace,
    LimitRules,
    WaitingCar,
    PlateList,
    PlateListRow,
    Evidence,
    RowMessage,
    Permit,
    BulkAct,
    CarRequest,
    PrintRules,
    OwnLayout,
    Printer,
    PrinterShift,
    PrintRun,
    PrintRunPermit,
    PublicNotice,
    JointMeeting,
    PaperVote,
    GateDevice,
    VisitorPass,
    GateEvent,
    ShiftNote,
    InfringementReport,
    ReportStep,
    CarWarning,
    Suspension,
    WatchRulesRow,
    Webhook,
    WebhookDelivery,
)
"""All models; naming them here is also what makes the metadata complete."""
