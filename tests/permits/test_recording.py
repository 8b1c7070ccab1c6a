"""Passes are kept once, with what was shown and what was known at their moment."""

import itertools
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from permits import token
from permits.ending import revoke
from permits.gate import Reason, Verdict
from permits.passes import Direction, GateEvent, PassKind, new_uuid
from permits.permit import permit_fields
from permits.recording import DevicePass, record_passes
from permits.visiting import register_drop_off, register_visit
from permits.visitor_pass import VisitKind
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    make_gate,
    make_permit,
    make_town,
    make_user,
    make_vehicle,
    plate,
)
from tests.permits.test_deciding import counted_statements
from zones.communities import Gate

AN_HOUR = timedelta(hours=1)
LATER = AT + AN_HOUR
"""When the network is back."""


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def gate(town):
    return town.community.gates[0]


@pytest.fixture
def guard(session, town):
    return make_user(session, town.community, "guard")


@pytest.fixture
def permit(session, town):
    """A permit that was issued yesterday."""
    return since_yesterday(make_permit(session, make_vehicle(session, town.compound("A"))))


def since_yesterday(permit):
    permit.issued_at = permit.vehicle.added_at = AT - timedelta(days=1)
    return permit


def scan(town, permit):
    signed = token.text_of(permit_fields(permit, town.community), permit.signature)
    return token.url("https://permits.example.cn", signed)


def kept(session):
    session.expire_all()
    return session.scalars(select(GateEvent).order_by(GateEvent.at, GateEvent.uuid)).unique().all()


def device_pass(gate, **fields):
    return DevicePass(
        **{
            "uuid": new_uuid(),
            "gate_id": gate.id,
            "direction": Direction.IN,
            "at": AT,
            "let_through": True,
            "verdict": Verdict.ADMIT,
            "reasons": (Reason.OK,),
            **fields,
        }
    )


def send(session, gate, passes, received_at=LATER, **sender):
    recorded = record_passes(
        session, gate.community_id, passes, gates={gate.id}, received_at=received_at, **sender
    )
    session.flush()
    return recorded


def test_a_device_pass_keeps_its_own_time_and_the_servers(session, town, gate, guard, permit):
    one = device_pass(gate, scanned=scan(town, permit))
    assert send(session, gate, [one], guard_id=guard.id).taken == (one.uuid,)
    [event] = kept(session)
    assert (event.at, event.received_at, event.offline) == (AT, LATER, True)
    assert (event.guard_id, event.permit_id, event.compound) == (
        guard.id,
        permit.id,
        permit.compound,
    )
    assert (event.known_verdict, event.known_reasons, event.differs) == ("admit", ["ok"], False)


@pytest.mark.parametrize("how", ["scanned", "plate"])
@pytest.mark.parametrize(("before", "differs"), [(timedelta(hours=-1), True), (AN_HOUR / 2, False)])
def test_a_pass_differs_only_if_the_office_had_acted_before_it(
    session, town, gate, permit, how, before, differs
):
    asked = {"scanned": scan(town, permit), "plate": permit.plate}
    revoke(session, permit, "sold", actor=OFFICE, at=AT + before)
    send(session, gate, [device_pass(gate, **{how: asked[how]})])
    [event] = kept(session)
    assert event.differs is differs
    assert event.known_reasons == (["revoked"] if differs else ["ok"])
    assert (event.verdict, event.reasons) == ("admit", ["ok"])


def test_a_car_that_was_refused_though_it_had_a_permit_differs(session, town, gate, permit):
    refused = {"verdict": Verdict.REFUSE, "reasons": (Reason.PLATE_UNKNOWN,)}
    send(session, gate, [device_pass(gate, plate=permit.plate, let_through=False, **refused)])
    [event] = kept(session)
    assert (event.differs, event.known_verdict, event.let_through) == (True, "admit", False)


def test_a_car_that_was_registered_after_its_pass_does_not_differ(session, town, gate):
    late = make_vehicle(session, town.compound("A"))
    refused = {"verdict": Verdict.REFUSE, "reasons": (Reason.PLATE_UNKNOWN,)}
    send(session, gate, [device_pass(gate, plate=late.plate, at=AT - AN_HOUR, **refused)])
    [event] = kept(session)
    assert (event.differs, event.known_reasons) == (False, ["plate_unknown"])


def test_a_forged_card_that_a_device_admitted_differs(session, town, gate, permit):
    card = scan(town, permit)
    forged = card[:-9] + ("A" if card[-9] != "A" else "B") + card[-8:]
    send(session, gate, [device_pass(gate, scanned=forged)])
    [event] = kept(session)
    assert (event.differs, event.known_reasons, event.permit_id) == (True, ["bad_signature"], None)


def test_a_clock_that_runs_ahead_is_kept_and_decided_by_the_servers(session, town, gate, permit):
    next_year = AT + timedelta(days=400)
    send(session, gate, [device_pass(gate, plate=permit.plate, at=next_year)])
    [event] = kept(session)
    assert (event.at, event.received_at) == (next_year, LATER)
    assert (event.known_reasons, event.differs) == (["ok"], False)


def test_what_was_neither_scanned_nor_typed_is_kept_as_it_was_shown(session, town, gate):
    shown = {"kind": PassKind.SERVICE, "reasons": (Reason.SERVICE_VEHICLE,)}
    send(session, gate, [device_pass(gate, **shown)])
    [event] = kept(session)
    assert (event.kind, event.plate, event.differs) == (PassKind.SERVICE, None, False)
    assert event.known_reasons == ["service_vehicle"]


@pytest.mark.parametrize(
    ("given", "typed", "kind"),
    [
        (PassKind.CAR, "粤X1234应急", PassKind.SERVICE),
        (PassKind.CAR, "京A88888", PassKind.VISITOR),
        (PassKind.CAR, "京A77777", PassKind.DROP_OFF),
        (PassKind.CAR, "京A66666", PassKind.CAR),
        (PassKind.DROP_OFF, "京A66666", PassKind.DROP_OFF),
    ],
)
def test_what_a_car_is_to_the_compounds_is_looked_up(session, town, gate, given, typed, kind):
    visit = register_visit(
        session,
        town.compound("A"),
        household="3-501",
        plate="京A88888",
        kind=VisitKind.TRADESMAN,
        valid_from=AT,
        valid_to=LATER,
        actor=OFFICE,
        at=AT,
    )
    drop_off = register_drop_off(session, town.community, plate="京A77777", actor=OFFICE, at=AT)
    send(session, gate, [device_pass(gate, plate=typed, kind=given)])
    visits = {"京A88888": visit.id, "京A77777": drop_off.id}
    for event in kept(session):
        assert (event.kind, event.plate) == (kind, typed)
        assert event.visitor_pass_id == visits.get(typed)
        assert (event.compound is not None) == (typed == "京A88888")


def test_a_batch_in_any_order_and_in_any_pieces_is_kept_once(session, town, gate, permit):
    passes = [
        device_pass(gate, plate=permit.plate, at=AT + timedelta(seconds=place))
        for place in range(4)
    ]
    for order in itertools.permutations(passes, 3):
        recorded = send(session, gate, [*order, order[0]])
        assert set(recorded.taken) == {one.uuid for one in order}
    assert [event.uuid for event in kept(session)] == [one.uuid for one in passes]
    assert {event.received_at for event in kept(session)} == {LATER}


def test_a_pass_at_a_gate_that_is_not_the_guards_holds_up_no_other(session, town, gate, permit):
    elsewhere = make_gate(session, town.community, "west")
    theirs, ours = device_pass(elsewhere, plate=plate(1)), device_pass(gate, plate=permit.plate)
    recorded = send(session, gate, [theirs, ours])
    assert recorded.taken == (ours.uuid,)
    assert {key: one.code for key, one in recorded.refused.items()} == {
        theirs.uuid: "not_your_gate"
    }
    assert [event.uuid for event in kept(session)] == [ours.uuid]


def test_nothing_sent_is_nothing_kept(session, gate):
    assert send(session, gate, []).taken == ()
    assert kept(session) == []


def test_a_long_batch_takes_as_few_statements_as_a_short_one(engine, session, town, gate):
    cards = [
        scan(town, since_yesterday(make_permit(session, make_vehicle(session, town.compound("A")))))
        for _ in range(3)
    ]
    session.commit()

    def sent_for(count):
        passes = [
            device_pass(gate, **asked)
            for place in range(count)
            for asked in ({"scanned": cards[place % 3]}, {"plate": plate(place)})
        ]
        with counted_statements(engine) as sent:
            send(session, gate, passes)
        return [one.split()[0] for one in sent]

    sent_for(1)
    # Cars that nobody knows are refused: the last one asks who is to be told.
    one_after_the_other = ["SELECT", "SELECT", "SELECT", "INSERT", "SELECT"]
    assert sent_for(2) == sent_for(400) == one_after_the_other


def test_two_devices_that_send_one_batch_at_once_leave_each_pass_once(
    engine, session, town, gate, permit
):
    passes = [device_pass(gate, plate=permit.plate) for _ in range(200)]
    gate_id = gate.id
    session.commit()
    results = at_once(
        engine,
        lambda own: own.get_one(Gate, gate_id),
        *[
            lambda own, gate, order=order: send(own, gate, passes[::order]).taken
            for order in (1, -1, 1, -1)
        ],
    )
    assert [sorted(one) for one in results] == [sorted(one.uuid for one in passes)] * 4
    with Session(engine) as own:
        assert own.scalar(select(func.count()).select_from(GateEvent)) == len(passes)


def test_a_pass_gets_a_random_uuid():
    assert uuid.UUID(new_uuid()).version == 4
