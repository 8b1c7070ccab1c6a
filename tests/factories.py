"""Factories for tests: each makes the least that matters and returns the row, flushed.

Every function takes the session first and what it belongs to second; what a test does not name
gets a plain default. Nothing commits: a test that opens a second session commits first.

    town = make_town(session, tmp_path)                  # all of the below, plan in force, key
    community = make_community(session, "AB", quota=2)   # compounds a and b, blue and vermillion
    compound = compound_of(community, "A")
    zone = make_zone(session, community, "A1", spaces=20)
    gate = make_gate(session, community, "east")
    plan = make_plan(session, community)                 # drafted, proposed and voted: in force
    user = make_user(session, community, Role.STAFF)     # signs in with PASSWORD
    secret = give_second_factor(session, user)           # and code_of(secret, AT)
    vehicle = make_vehicle(session, compound, "粤E12345", "3-501", owner="陈伟", phone="1380…")
    permit = make_permit(session, vehicle, PermitState.PRINTED)
    visit = make_visit(session, compound, "京A12345", "3-501", hours=4)
    event = make_pass(session, gate, "粤E12345", Direction.OUT, at=AT)
    content = list_csv("粤E12345", ("粤E12346", "3-501", "陈伟", "13800138000"))
    draft = draft_list(session, compound, content, files=town.files)
    handed_in = submit_list(session, compound, content, files=town.files)
    approved = approve_list(session, compound, content, files=town.files)
    device, token = make_device(session, gate, Direction.IN)
    meeting = make_meeting(session, community, town.files, "AB")   # sheets of A and B wait
    webhook, secret = make_webhook(session, community, "http://127.0.0.1:8001/")
    report = make_report(session, community, "粤E12345", InfringementKind.FIRE_LANE)
    warning = make_warning(session, vehicle, count=3)    # proposes a suspension
    car = make_waiting_car(session, compound, "粤E12345", "3-501")
"""

from __future__ import annotations

import atexit
import csv
import functools
import io
import itertools
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from permits.approving import approve
from permits.devices import add_device
from permits.gate_device import GateDevice, Webhook
from permits.households_text import parse_household
from permits.infringement import InfringementKind, InfringementReport
from permits.passes import Direction, GateEvent, PassKind
from permits.people_index import indexes_of
from permits.permit import IN_FORCE, Permit, PermitState, permit_fields
from permits.plate_list import ListMeaning, PlateList
from permits.plates import canonical
from permits.serials import serial
from permits.submitting import draft_from_file, submit
from permits.token import signature_of
from permits.vehicles import Household, Vehicle, VehicleState
from permits.verdicts import Verdict
from permits.visiting import register_visit
from permits.visitor_pass import VisitKind, VisitorPass
from permits.waiting_car import WaitingCar
from permits.warning import CarWarning
from permits.warning_ladder import step_for
from permits.watch_rules import WatchRules
from permits.webhooks import WebhookEvent, add_webhook
from records.file_store import FileStore
from records.keys import KeyStore, public_pem
from records.passwords import hash_password
from records.people import Role, User
from records.sealed import Sealer
from records.second_factor import begin_enrolment, finish_enrolment, secret_to_enrol
from records.signing_keys import SigningKey, current_key
from records.signing_keys import make_key as make_real_key
from tests.town_copies import DatabaseCopy, copy_of
from zones.areas import Zone, zones_of
from zones.colours import PALETTE
from zones.communities import Community, Compound, Gate
from zones.drafting import ProposedOpening, draft_plan
from zones.joint_meetings import JointMeeting, SheetVote, record_meeting
from zones.plans import ZonePlan
from zones.voting import propose_plan, vote_on_plan

AT = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
"""The moment at which things happen unless a test says otherwise: an afternoon in Shanghai."""

TODAY = date(2026, 12, 1)
"""The local day of `AT`."""

OFFICE = "user:900"
"""An actor for acts of the office."""

REPRESENTATIVE = "user:901"
"""An actor for acts of a representative."""

PASSWORD = "correct horse battery"
"""Every user's password."""

SEALER = Sealer(bytes(range(32)))
"""Seals and opens the names and phone numbers that the factories make."""

_COLOURS = {colour.letter: colour for colour in PALETTE}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Town:
    """One community ready for work.

    Attributes:
        plan: in force since `TODAY`: zone A1 to A, B1 to B and so on, S1 to all by night.
        keys: holds the private half of the one signing key.
    """

    community: Community
    plan: ZonePlan
    files: FileStore
    keys: KeyStore
    folder: Path

    def compound(self, letter: str) -> Compound:
        """Return the compound with this letter."""
        return compound_of(self.community, letter)


def make_town(
    session: Session, folder: Path, letters: str = "AB", quota: int | None = None
) -> Town:
    """Make a community with compounds, a gate, a plan in force and a signing key.

    It is committed. The first one of a process is made by the domain, the others are its copies.
    """
    kind = (session.get_bind().dialect.name, letters, quota)
    keys = KeyStore(folder / "keys")
    if kind in _towns:
        copy, kept_keys = _towns[kind]
        copy.restore(session)
        shutil.copytree(kept_keys, keys.folder)
    else:
        make_plan(session, community := make_community(session, letters, quota))
        make_gate(session, community)
        make_real_key(session, keys, actor=OFFICE, at=AT)
        kept_keys = Path(tempfile.mkdtemp(prefix="keys-")) / "keys"
        atexit.register(shutil.rmtree, kept_keys.parent, ignore_errors=True)
        shutil.copytree(keys.folder, kept_keys)
        _towns[kind] = copy_of(session), kept_keys
    session.info["keys"] = keys
    # With what hangs on them: a test that reads on must not begin a transaction by it.
    with_all = selectinload(Community.compounds), selectinload(Community.gates)
    community = session.scalars(select(Community).options(*with_all)).one()
    votes = selectinload(ZonePlan.openings), selectinload(ZonePlan.votes)
    plan = session.scalars(select(ZonePlan).options(*votes)).one()
    return Town(community, plan, FileStore(folder / "lists"), keys, folder)


_towns: dict[tuple[str, str, int | None], tuple[DatabaseCopy, Path]] = {}


def make_community(
    session: Session, letters: str = "AB", quota: int | None = None, number: int = 1
) -> Community:
    """Make a community with one compound for each letter, code and colour by the letter."""
    community = Community(number=number, name=f"社区{number}", name_en=f"Community {number}")
    session.add(community)
    for place, letter in enumerate(letters, start=1):
        community.compounds.append(
            Compound(
                number=place,
                code=letter.lower(),
                name=f"{letter}小区",
                name_en=f"Compound {letter}",
                letter=letter,
                colour_key=_COLOURS[letter].key,
                vehicles_per_household=quota,
            )
        )
    session.flush()
    return community


def compound_of(community: Community, letter: str) -> Compound:
    """Return the community's compound with this letter."""
    return next(one for one in community.compounds if one.letter == letter)


def make_gate(session: Session, community: Community, code: str = "east") -> Gate:
    """Make a gate."""
    gate = Gate(code=code, name=f"{code}门", name_en=f"{code} gate")
    community.gates.append(gate)
    session.flush()
    return gate


def make_zone(session: Session, community: Community, code: str, spaces: int = 10) -> Zone:
    """Make a zone."""
    zone = Zone(
        community_id=community.id,
        code=code,
        name=f"{code}区",
        name_en=f"Zone {code}",
        spaces=spaces,
    )
    session.add(zone)
    session.flush()
    return zone


def make_plan(
    session: Session,
    community: Community,
    openings: Iterable[ProposedOpening] | None = None,
    *,
    first_day: date = TODAY,
    at: datetime = AT,
    voted: bool = True,
) -> ZonePlan:
    """Make a plan that every compound has agreed to, or one still up for the vote.

    Without openings each compound gets one zone of its own, such as A1, all day, and S1 by night.
    """
    if openings is None:
        openings = own_zones_and_a_shared_one(session, community)
    plan = draft_plan(session, community, openings, "", actor=OFFICE, at=at)
    propose_plan(session, plan, first_day, actor=OFFICE, at=at)
    for compound in community.compounds if voted else ():
        user = representative_of(session, compound)
        vote_on_plan(
            session,
            plan,
            compound_id=compound.id,
            user_id=user.id,
            consents=True,
            reason="",
            at=at,
        )
    return plan


def own_zones_and_a_shared_one(session: Session, community: Community) -> list[ProposedOpening]:
    """Return openings of each compound's first zone all day and of S1 from 20:00 to 07:00."""
    zones = {zone.code: zone for zone in zones_of(session, community.id)}
    for code in [*(f"{one.letter}1" for one in community.compounds), "S1"]:
        if code not in zones:
            zones[code] = make_zone(session, community, code)
    night = (time(20), time(7))
    return [
        *(ProposedOpening(zones[f"{one.letter}1"].id, one.id) for one in community.compounds),
        *(ProposedOpening(zones["S1"].id, one.id, *night) for one in community.compounds),
    ]


def make_meeting(
    session: Session,
    community: Community,
    files: FileStore,
    letters: str,
    plan: ZonePlan | None = None,
    *,
    consents: bool = True,
) -> JointMeeting:
    """Record a joint meeting with a sheet of each compound named by its letter.

    Without a plan it decides on a new one that is up for the vote.
    """
    return record_meeting(
        session,
        plan or make_plan(session, community, voted=False),
        [
            SheetVote(compound_of(community, letter).id, consents, "会上议定", photo_file())
            for letter in letters
        ],
        held_on=TODAY,
        attended=12,
        note="",
        first_day=TODAY,
        files=files,
        actor=OFFICE,
        at=AT,
    )


@functools.cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


def make_user(
    session: Session,
    community: Community,
    role: Role = Role.STAFF,
    compound: Compound | None = None,
    name: str | None = None,
) -> User:
    """Make an active user; a representative needs its compound."""
    user = User(
        community_id=community.id,
        compound_id=compound.id if compound else None,
        name=name or f"{role}-{next(_numbers)}",
        shown_name=role.title(),
        role=role,
        password_hash=_password_hash(),
        created_at=AT,
    )
    session.add(user)
    session.flush()
    return user


def give_second_factor(session: Session, user: User, at: datetime = AT) -> str:
    """Let a user have set the second step up a day before, and return the app's secret."""
    begin_enrolment(session, user, SEALER)
    secret = secret_to_enrol(session, user, SEALER) or ""
    before = at - timedelta(days=1)
    finish_enrolment(session, user, code_of(secret, before), sealer=SEALER, at=before)
    return secret


def code_of(secret: str, at: datetime = AT) -> str:
    """Return the six digits that an app with this secret shows at a moment."""
    return pyotp.TOTP(secret).at(at)


def representative_of(session: Session, compound: Compound) -> User:
    """Return the compound's first representative, made where there is none."""
    found = session.scalar(select(User).where(User.compound_id == compound.id).order_by(User.id))
    return found or make_user(session, compound.community, Role.REPRESENTATIVE, compound)


def plate(number: int | None = None) -> str:
    """Return an ordinary plate made from a number, or one that no other call returns."""
    return f"粤E{number:05d}" if number is not None else f"粤K{next(_numbers):05d}"


def make_household(session: Session, compound: Compound, text: str) -> Household:
    """Return the compound's household such as `3-501`, made where there is none."""
    parts = parse_household(text)
    key = {"building": parts.building, "unit": parts.unit, "room": parts.room}
    found = session.scalar(select(Household).filter_by(compound_id=compound.id, **key))
    if found is None:
        found = Household(compound_id=compound.id, **key)
        session.add(found)
        session.flush()
    return found


def make_vehicle(
    session: Session,
    compound: Compound,
    plate_text: str | None = None,
    household: str | None = None,
    *,
    owner: str = "",
    phone: str = "",
    state: VehicleState = VehicleState.ACTIVE,
) -> Vehicle:
    """Make a vehicle of a compound, by default an active one without household and owner."""
    text = plate_text or plate()
    vehicle = Vehicle(
        community_id=compound.community_id,
        compound=compound,
        household=make_household(session, compound, household) if household else None,
        plate=text,
        kind=canonical(text).kind,
        owner_sealed=SEALER.seal(owner) if owner else None,
        phone_sealed=SEALER.seal(phone) if phone else None,
        details_digest=SEALER.digest(owner, phone) if owner or phone else None,
        **indexes_of(SEALER, owner, phone),
        state=state,
        added_at=AT,
        removed_at=None if state == VehicleState.ACTIVE else AT,
    )
    session.add(vehicle)
    session.flush()
    return vehicle


def make_waiting_car(
    session: Session,
    compound: Compound,
    plate_text: str | None = None,
    household: str | None = None,
    *,
    since: datetime = AT,
) -> WaitingCar:
    """Make a car that waits for a place, by default one without household."""
    text = plate_text or plate()
    car = WaitingCar(
        community_id=compound.community_id,
        compound=compound,
        household=make_household(session, compound, household) if household else None,
        plate=text,
        kind=canonical(text).kind,
        since=since,
    )
    session.add(car)
    session.flush()
    return car


def make_permit(
    session: Session,
    vehicle: Vehicle,
    state: PermitState = PermitState.ISSUED,
    *,
    valid_from: date = TODAY,
    days: int = 365,
) -> Permit:
    """Make a vehicle's permit, numbered after the community's last one, in any state.

    It is signed with the town's key. Where there is no signing key a public half is made: such a
    permit has no signature and cannot be printed.
    """
    key = current_key(session)
    if key is None:
        public = ec.generate_private_key(ec.SECP256R1()).public_key()
        key = SigningKey(id=1, public_pem=public_pem(public), created_at=AT)
        session.add(key)
        session.flush()
    last = session.scalar(
        select(func.max(Permit.number)).where(Permit.community_id == vehicle.community_id)
    )
    number = (last or 0) + 1
    permit = Permit(
        community_id=vehicle.community_id,
        compound=vehicle.compound,
        vehicle=vehicle,
        number=number,
        serial=serial(vehicle.compound.letter, number),
        plate=vehicle.plate,
        key_id=key.id,
        valid_from=valid_from,
        valid_to=valid_from + timedelta(days=days - 1),
        state=state,
        issued_at=AT,
        printed_at=AT if state in (PermitState.PRINTED, PermitState.HANDED_OVER) else None,
        handed_over_at=AT if state == PermitState.HANDED_OVER else None,
        ended_at=None if state in IN_FORCE else AT,
        end_reason=None if state in IN_FORCE else "test",
    )
    keys = session.info.get("keys")
    if keys is not None:
        fields = permit_fields(permit, vehicle.compound.community)
        permit.signature = signature_of(fields, keys.private(key.id))
    session.add(permit)
    session.flush()
    return permit


def make_visit(
    session: Session,
    compound: Compound,
    plate_text: str | None = None,
    household: str = "1-101",
    *,
    begins: datetime = AT,
    hours: float = 4,
    kind: VisitKind = VisitKind.VISITOR,
    registered_at: datetime | None = None,
) -> VisitorPass:
    """Register a visit of some hours as the compound's representative does."""
    return register_visit(
        session,
        compound,
        household=household,
        plate=plate_text or plate(),
        kind=kind,
        valid_from=begins,
        valid_to=begins + timedelta(hours=hours),
        actor=REPRESENTATIVE,
        at=registered_at or begins,
    )


def make_pass(
    session: Session,
    gate: Gate,
    plate_text: str | None,
    direction: Direction = Direction.IN,
    *,
    at: datetime = AT,
    let_through: bool = True,
    kind: PassKind = PassKind.CAR,
    compound: Compound | None = None,
    permit: Permit | None = None,
    visit: VisitorPass | None = None,
    shown: Verdict = Verdict.ADMIT,
    known: Verdict = Verdict.ADMIT,
) -> GateEvent:
    """Record that a car passed a gate, by default one that came in, was shown and known as fine."""
    reasons = {Verdict.ADMIT: "ok", Verdict.CHECK: "no_permit", Verdict.REFUSE: "revoked"}
    event = GateEvent(
        gate=gate,
        plate=plate_text,
        direction=direction,
        let_through=let_through,
        kind=kind,
        compound=compound,
        permit_id=permit.id if permit else None,
        visitor_pass_id=visit.id if visit else None,
        verdict=shown,
        reasons=[reasons[shown]],
        known_verdict=known,
        known_reasons=[reasons[known]],
        differs=shown != known,
        at=at,
        received_at=at,
    )
    session.add(event)
    session.flush()
    return event


def make_report(
    session: Session,
    community: Community,
    plate_text: str | None = None,
    kind: InfringementKind = InfringementKind.WRONG_ZONE,
    *,
    at: datetime = AT,
    zone: Zone | None = None,
    compound: Compound | None = None,
) -> InfringementReport:
    """Make an open report by a guard, without a photo."""
    report = InfringementReport(
        community_id=community.id,
        zone=zone,
        compound=compound,
        plate=plate_text,
        kind=kind,
        reported_by="user:902",
        at=at,
        received_at=at,
    )
    session.add(report)
    session.flush()
    return report


def make_warning(
    session: Session, vehicle: Vehicle, count: int = 1, *, at: datetime = AT
) -> CarWarning:
    """Make a car's warning that is the given one in a row, with the report behind it."""
    compound = vehicle.compound
    report = make_report(session, compound.community, vehicle.plate, at=at, compound=compound)
    report.confirmed_at, report.confirmed_by = at, OFFICE
    warning = CarWarning(
        community_id=vehicle.community_id,
        vehicle=vehicle,
        report=report,
        plate=vehicle.plate,
        step=step_for(count, WatchRules()),
        count=count,
        seen_at=at,
        at=at,
    )
    session.add(warning)
    session.flush()
    return warning


def photo_file(width: int = 8, height: int = 6, kind: str = "JPEG", **more: object) -> bytes:
    """Return a picture file of one colour; `more` as Pillow's `save` takes it."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "steelblue").save(file, kind, **more)
    return file.getvalue()


def list_csv(*rows: str | tuple[str, ...]) -> bytes:
    """Return a list file: each row a plate, or (plate, household, owner, phone) as far as given."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["车牌号码", "房号", "车主", "联系电话"])
    for row in rows:
        cells = (row,) if isinstance(row, str) else row
        writer.writerow([*cells, *[""] * (4 - len(cells))])
    return text.getvalue().encode()


def draft_list(
    session: Session,
    compound: Compound,
    content: bytes,
    *,
    files: FileStore,
    meaning: ListMeaning = ListMeaning.ADD,
    at: datetime = AT,
) -> PlateList:
    """Read and review a list as its representative does, not yet handed in."""
    plate_list = draft_from_file(
        session,
        compound,
        content=content,
        file_name="list.csv",
        meaning=meaning,
        files=files,
        sealer=SEALER,
        actor=REPRESENTATIVE,
        at=at,
    )
    session.flush()
    return plate_list


def submit_list(
    session: Session,
    compound: Compound,
    content: bytes,
    *,
    files: FileStore,
    meaning: ListMeaning = ListMeaning.ADD,
    at: datetime = AT,
) -> PlateList:
    """Hand in a list: it waits for the office."""
    plate_list = draft_list(session, compound, content, files=files, meaning=meaning, at=at)
    submit(session, plate_list, actor=REPRESENTATIVE, at=at)
    session.flush()
    return plate_list


def approve_list(
    session: Session,
    compound: Compound,
    content: bytes,
    *,
    files: FileStore,
    meaning: ListMeaning = ListMeaning.ADD,
    at: datetime = AT,
) -> PlateList:
    """Hand in a list and approve it: its vehicles are in the register."""
    plate_list = submit_list(session, compound, content, files=files, meaning=meaning, at=at)
    approve(session, plate_list, SEALER, actor=OFFICE, at=at)
    session.flush()
    return plate_list


def make_device(
    session: Session,
    gate: Gate,
    direction: Direction | None = Direction.IN,
    *,
    least_confidence: float = 0.8,
) -> tuple[GateDevice, str]:
    """Make a device of a gate, by default at its entry, and return it with its token."""
    return add_device(
        session,
        gate,
        name="camera",
        direction=direction,
        least_confidence=least_confidence,
        actor=OFFICE,
        at=AT,
    )


def make_webhook(
    session: Session,
    community: Community,
    url: str = "https://hooks.example/parking",
    events: Iterable[WebhookEvent] = tuple(WebhookEvent),
) -> tuple[Webhook, str]:
    """Make a webhook, by default one that is told of everything, and return it with its secret."""
    return add_webhook(
        session,
        community,
        url=url,
        events=list(events),
        private_allowed=True,
        sealer=SEALER,
        actor=OFFICE,
        at=AT,
    )
