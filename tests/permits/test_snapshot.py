"""A device that applies what changed holds exactly what it would get anew, after any act."""

import base64
import gzip
import json
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, literal, select, text, update
from sqlalchemy.orm import Session

from permits.approving import approve, settle_conflict
from permits.ending import expire, revoke
from permits.issuing import issue, replace
from permits.permit import IN_FORCE, Permit, PermitState
from permits.plate_list import ConflictDecision, ListMeaning
from permits.snapshot import HASH_BYTES, NOT_YET_VALID, RECORD, plate_hash, snapshot
from permits.token import DAY_ZERO
from permits.vehicles import Vehicle, VehicleState
from permits.visiting import cancel_visit, register_drop_off, register_visit
from permits.visitor_pass import VisitKind, VisitorPass
from records import ledger
from records.signing_keys import make_key
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    TODAY,
    Town,
    approve_list,
    compound_of,
    list_csv,
    make_community,
    make_permit,
    make_plan,
    make_town,
    make_vehicle,
    plate,
    submit_list,
)
from zones.communities import Community
from zones.setting_up import add_gate, change_compound, change_zone, open_zone


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


def asked(session, town, cursor=None, at=AT):
    """What the server answers, as it arrives."""
    answer = snapshot(
        session,
        town.community,
        gates=town.community.gates,
        keys=town.keys,
        cursor=cursor,
        at=at,
    )
    return json.loads(json.dumps(answer))


def pieces(text, size):
    content = base64.b64decode(text)
    assert len(content) % size == 0
    return [content[start : start + size] for start in range(0, len(content), size)]


@dataclass
class Device:
    """A phone that keeps what it was told."""

    cursor: int | None = None
    plates: dict[bytes, bytes] = field(default_factory=dict)
    ended: dict[int, list] = field(default_factory=dict)
    rest: dict = field(default_factory=dict)

    def sync(self, session, town, at=AT):
        """Ask for what is new and apply it; return the answer."""
        answer = asked(session, town, self.cursor, at)
        self.rest = dict(answer)
        if answer["full"]:
            self.plates, self.ended = {}, {}
        for one in pieces(self.rest.pop("gone"), HASH_BYTES):
            self.plates.pop(one, None)
        for record in pieces(self.rest.pop("plates"), RECORD.size):
            self.plates[record[:HASH_BYTES]] = record
        self.ended |= {entry[0]: entry for entry in self.rest.pop("ended")}
        self.cursor = self.rest.pop("cursor")
        self.rest.pop("full")
        return answer

    def record_of(self, text):
        """What the phone knows of a typed plate: compound, permit number, last day and flags."""
        hashed = plate_hash(bytes.fromhex(self.rest["salt"]), text)
        record = self.plates.get(hashed)
        if record is None:
            return None
        _hash, compound, number, days, flags = RECORD.unpack(record)
        return compound, number, DAY_ZERO + timedelta(days=days) if number else None, flags


def holds_what_a_new_one_would(session, device, town, at):
    fresh = Device()
    fresh.sync(session, town, at)
    assert (device.cursor, device.plates, device.rest) == (fresh.cursor, fresh.plates, fresh.rest)
    # Of a permit whose last day is over the day says enough: a device may forget that it ended.
    over = set(
        session.scalars(select(Permit.number).where(Permit.valid_to < town.community.local_day(at)))
    )
    assert {
        number: one for number, one in device.ended.items() if number not in over
    } == fresh.ended


@dataclass
class Office:
    """An office at work; each act finds something to act on, or does nothing."""

    session: object
    town: Town
    at: datetime = AT
    plates: int = 100

    def _next_plate(self):
        self.plates += 1
        return plate(self.plates)

    def _how(self):
        return {"actor": OFFICE, "at": self.at}

    def _first(self, *where):
        query = select(Permit).where(*where).order_by(Permit.number)
        return self.session.scalars(query).first()

    def _list(self, letter, *plates, **how):
        content = list_csv(*plates)
        compound = self.town.compound(letter)
        return submit_list(
            self.session, compound, content, files=self.town.files, at=self.at, **how
        )

    def approves_a_list(self):
        handed_in = self._list("A", self._next_plate(), self._next_plate())
        approve(self.session, handed_in, SEALER, **self._how())

    def approves_a_whole_list(self):
        kept = self.session.scalars(
            select(Vehicle.plate)
            .where(
                Vehicle.compound_id == self.town.compound("A").id,
                Vehicle.state == VehicleState.ACTIVE,
            )
            .order_by(Vehicle.id.desc())
            .limit(2)
        ).all()
        if kept:
            handed_in = self._list("A", *kept, meaning=ListMeaning.WHOLE)
            approve(self.session, handed_in, SEALER, **self._how())

    def moves_a_car(self):
        car = self.session.scalars(
            select(Vehicle).where(Vehicle.state == VehicleState.ACTIVE).order_by(Vehicle.id)
        ).first()
        if car is not None:
            letter = "B" if car.compound.letter == "A" else "A"
            handed_in = self._list(letter, car.plate)
            approve(self.session, handed_in, SEALER, **self._how())
            [row] = handed_in.rows
            settle_conflict(self.session, row, ConflictDecision.MOVE, "sold", **self._how())

    def issues(self):
        issue(self.session, self.town.community, keys=self.town.keys, **self._how())

    def replaces(self):
        today = self.town.community.local_day(self.at)
        permit = self._first(Permit.state.in_(IN_FORCE), Permit.valid_to >= today)
        if permit is not None:
            replace(self.session, permit, "lost", keys=self.town.keys, **self._how())

    def revokes(self):
        permit = self._first(Permit.state.in_(IN_FORCE))
        if permit is not None:
            revoke(self.session, permit, "sold", **self._how())

    def expires(self):
        expire(self.session, self.town.community, **self._how())

    def makes_a_plan(self):
        first_day = self.town.community.local_day(self.at) + timedelta(days=1)
        make_plan(self.session, self.town.community, first_day=first_day, at=self.at)

    def makes_a_key(self):
        make_key(self.session, self.town.keys, **self._how())

    def changes_a_colour(self):
        compound = self.town.compound("A")
        change_compound(
            self.session,
            compound,
            name="甲小区",
            name_en="A",
            colour_key=compound.colour_key,
            visits_per_month=None,
            **self._how(),
        )

    def opens_a_gate_and_a_zone(self):
        self.plates += 1
        named = {"code": f"N{self.plates}", "name": "新", "name_en": "New"}
        add_gate(self.session, self.town.community, **named, **self._how())
        zone = open_zone(self.session, self.town.community, **named, spaces=1, **self._how())
        change_zone(self.session, zone, name="新", name_en="New", spaces=2, **self._how())

    def registers_visits(self):
        register_visit(
            self.session,
            self.town.compound("A"),
            household="3-501",
            plate=self._next_plate(),
            kind=VisitKind.VISITOR,
            valid_from=self.at,
            valid_to=self.at + timedelta(hours=3),
            **self._how(),
        )
        register_drop_off(
            self.session, self.town.community, plate=self._next_plate(), **self._how()
        )

    def cancels_a_visit(self):
        visit = self.session.scalars(
            select(VisitorPass).where(
                VisitorPass.valid_to > self.at, VisitorPass.cancelled_at.is_(None)
            )
        ).first()
        if visit is not None:
            cancel_visit(self.session, visit, **self._how())

    def goes_home(self):
        self.at += timedelta(days=1)

    def is_closed_for_a_year(self):
        self.at += timedelta(days=366)


ACTS = [name for name, one in vars(Office).items() if name[0] != "_" and callable(one)]


@pytest.fixture
def office(session, town):
    """An office whose town has cars of both compounds: with a permit, without one, moved, gone."""
    office = Office(session, town)
    approve_list(session, town.compound("B"), list_csv(plate(1), plate(2)), files=town.files)
    for act in ("approves_a_list", "issues", "approves_a_list", "registers_visits"):
        getattr(office, act)()
    session.commit()
    return office


@pytest.mark.parametrize("act", ACTS)
def test_after_an_act_what_changed_makes_a_device_what_a_new_one_is(session, town, office, act):
    device = Device()
    device.sync(session, town, office.at)
    getattr(office, act)()
    answer = device.sync(session, town, office.at)
    assert answer["full"] == (act == "makes_a_key")
    holds_what_a_new_one_would(session, device, town, office.at)


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.booleans()), min_size=2, max_size=8))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_acts_devices_that_ask_often_or_seldom_hold_the_same(
    engine, session, town, office, acts
):
    community_id = town.community.id
    session.rollback()
    # What an example does is rolled back with its own session.
    with Session(engine) as own:
        here = replace_fields(town, community=own.get_one(Community, community_id))
        office = Office(own, here, plates=office.plates)
        often, seldom = Device(), Device()
        for device in (often, seldom):
            device.sync(own, here, office.at)
        for act, asks in acts:
            getattr(office, act)()
            if asks:
                often.sync(own, here, office.at)
        for device in (often, seldom):
            device.sync(own, here, office.at)
            holds_what_a_new_one_would(own, device, here, office.at)


def test_a_device_that_knows_all_gets_nothing_but_what_is_always_told(session, town, office):
    device = Device()
    device.sync(session, town)
    answer = device.sync(session, town)
    assert (answer["full"], answer["plates"], answer["gone"], answer["ended"]) == (
        False,
        "",
        "",
        [],
    )


def test_each_plate_has_its_compound_and_its_newest_permit(session, town):
    a, b = town.compound("A"), town.compound("B")
    last_day = TODAY + timedelta(days=99)
    with_one = make_permit(session, make_vehicle(session, a, plate(1)), days=100)
    make_vehicle(session, b, plate(2))
    renewed = make_vehicle(session, b, plate(3))
    make_permit(session, renewed, PermitState.EXPIRED, days=10)
    newest = make_permit(session, renewed, days=100)
    early = make_permit(
        session, make_vehicle(session, a, plate(4)), valid_from=TODAY + timedelta(days=1), days=99
    )
    make_vehicle(session, a, plate(5), state=VehicleState.REMOVED)
    device = Device()
    device.sync(session, town)
    assert [device.record_of(plate(number)) for number in range(1, 6)] == [
        (a.number, with_one.number, last_day, 0),
        (b.number, 0, None, 0),
        (b.number, newest.number, last_day, 0),
        (a.number, early.number, last_day, NOT_YET_VALID),
        None,
    ]


def test_a_permits_first_day_comes_without_any_act(session, town):
    make_permit(session, make_vehicle(session, town.compound("A")), valid_from=tomorrow())
    device = Device()
    device.sync(session, town)
    device.sync(session, town, AT + timedelta(days=1))
    [record] = device.plates.values()
    assert RECORD.unpack(record)[-1] == 0


def tomorrow() -> date:
    return TODAY + timedelta(days=1)


def test_ended_permits_are_named_until_their_last_day_with_the_newer_card(session, town):
    lost, sold, over = (
        make_permit(session, make_vehicle(session, town.compound("A")), days=days)
        for days in (100, 100, 1)
    )
    new = replace(session, lost, "lost", keys=town.keys, actor=OFFICE, at=AT)
    for one in (sold, over):
        revoke(session, one, "sold", actor=OFFICE, at=AT)
    expected = [[lost.number, "replaced", new.serial], [sold.number, "revoked", None]]
    assert asked(session, town, at=AT + timedelta(days=1))["ended"] == expected


def test_plans_are_todays_and_those_to_come_with_every_colour(session, town):
    session.expire_all()
    coming = make_plan(session, town.community, first_day=TODAY + timedelta(days=5))
    make_plan(session, town.community, first_day=TODAY + timedelta(days=9), voted=False)
    plans = asked(session, town)["plans"]
    assert [(one["number"], one["first_day"]) for one in plans] == [
        (town.plan.number, str(TODAY)),
        (coming.number, str(TODAY + timedelta(days=5))),
    ]
    assert plans[0]["compounds"]["1"] == {
        "number": 1,
        "name": "A小区",
        "name_en": "Compound A",
        "letter": "A",
        "colour": "blue",
        "shape": "circle",
        "zones": [
            {"zone": "A1", "starts": None, "ends": None},
            {"zone": "S1", "starts": "20:00", "ends": "07:00"},
        ],
    }


def test_before_the_first_plan_colours_are_told_without_zones(session, town):
    [none, first] = asked(session, town, at=AT - timedelta(days=1))["plans"]
    assert (none["number"], first["number"]) == (None, town.plan.number)
    assert none["first_day"] < first["first_day"]
    assert [one["zones"] for one in none["compounds"].values()] == [[], []]


def test_visits_of_today_and_tomorrow_are_told_without_their_plates(session, town, office):
    answer = asked(session, town)
    salt = bytes.fromhex(answer["salt"])
    visits = session.scalars(select(VisitorPass).order_by(VisitorPass.number)).all()
    assert [one["plate_hash"] for one in answer["visits"]] == [
        plate_hash(salt, one.plate).hex() for one in visits
    ]
    assert [(one["compound"], one["kind"]) for one in answer["visits"]] == [
        (1, "visitor"),
        (None, "drop_off"),
    ]
    assert asked(session, town, at=AT + timedelta(days=3))["visits"] == []


def test_no_plate_is_told_in_clear(session, town, office):
    text = json.dumps(asked(session, town), ensure_ascii=False)
    for known in session.scalars(select(Vehicle.plate)):
        assert known not in text
        assert known[2:] not in text


def test_another_communitys_cars_are_not_told(session, town):
    other = make_community(session, number=2)
    permit = make_permit(session, make_vehicle(session, compound_of(other, "A")))
    device = Device()
    device.sync(session, town)
    revoke(session, permit, "sold", actor=OFFICE, at=AT)
    device.sync(session, town)
    assert (device.plates, device.ended) == ({}, {})


@pytest.mark.parametrize("cursor", [None, 0, -1, 10**9])
def test_a_cursor_of_no_ledger_or_of_another_one_gets_everything(session, town, office, cursor):
    answer = asked(session, town, cursor)
    assert answer["full"] is True
    assert answer["cursor"] == ledger.head(session).number
    assert len(pieces(answer["plates"], RECORD.size)) == 6


def test_a_new_key_changes_the_salt_and_no_other_act_does(session, town, office):
    before = asked(session, town)
    office.revokes()
    assert asked(session, town)["salt"] == before["salt"]
    office.makes_a_key()
    after = asked(session, town)
    assert after["salt"] != before["salt"]
    assert set(after["public_keys"]) > set(before["public_keys"])


def fill(session, town, count):
    """Register many cars, each with a permit, some of which have ended."""
    compounds = town.community.compounds
    rows = [
        {
            "id": number,
            "community_id": town.community.id,
            "compound_id": compounds[number % len(compounds)].id,
            "plate": f"粤{'ABCDEFGHJK'[number // 10_000]}{number % 10_000:05d}",
            "kind": "ordinary",
            "state": VehicleState.ACTIVE,
            "added_at": AT,
        }
        for number in range(1, count + 1)
    ]
    session.execute(insert(Vehicle), rows)
    for days in range(30):
        permit = {
            "community_id": Vehicle.community_id,
            "compound_id": Vehicle.compound_id,
            "vehicle_id": Vehicle.id,
            "number": Vehicle.id,
            "plate": Vehicle.plate,
            "serial": literal("A-000001-0"),
            "key_id": literal(1),
            "valid_from": literal(TODAY - timedelta(days=days)),
            "valid_to": literal(TODAY + timedelta(days=335 + days)),
            "state": literal(PermitState.ISSUED, Permit.state.type),
            "issued_at": literal(AT, Permit.issued_at.type),
        }
        some = select(*permit.values()).where(Vehicle.id % 30 == days)
        session.execute(insert(Permit).from_select(list(permit), some))
    session.execute(
        update(Permit)
        .where(Permit.number % 50 == 0)
        .values(state=PermitState.REVOKED, ended_at=AT, end_reason="sold")
    )


@pytest.mark.parametrize(("cars", "limit"), [(3_000, 60 * 1024), (50_000, 1024 * 1024)])
def test_everything_is_small_enough_for_a_bar_of_signal(session, tmp_path, cars, limit):
    town = make_town(session, tmp_path, "ABCD")
    # The database's statistics know nothing of the cars yet, as after the first large list.
    session.execute(text("ANALYZE"))
    fill(session, town, cars)
    answer = asked(session, town)
    assert len(pieces(answer["plates"], RECORD.size)) == cars
    assert len(answer["ended"]) == cars / 50
    assert len(gzip.compress(json.dumps(answer, ensure_ascii=False).encode())) <= limit
