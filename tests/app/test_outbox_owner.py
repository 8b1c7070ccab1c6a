"""A phone that was left to the next shift sends what the last one kept as the last one's."""

import uuid

import pytest
from sqlalchemy import select

from permits.passes import GateEvent
from permits.shift_note import ShiftNote
from records.people import Role
from tests.app.world import post_at_gate
from tests.factories import AT, make_community, make_gate, make_user

JSON = {"Accept": "application/json"}


@pytest.fixture
def sender(session, town):
    sender = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, sender)
    return sender


@pytest.fixture
def phone(sign_in, sender):
    return sign_in(sender)


def a_pass(gate, owner_id):
    return {
        "uuid": str(uuid.uuid4()),
        "kind": "pass",
        "at": AT.isoformat(),
        "owner": owner_id,
        "gate": gate.id,
        "direction": "in",
        "plate": "粤E12345",
        "let_through": False,
        "verdict": "refuse",
        "reasons": ["plate_unknown"],
    }


def a_note(gate, owner_id):
    head = {"uuid": str(uuid.uuid4()), "kind": "note", "at": AT.isoformat()}
    return {**head, "owner": owner_id, "gate": gate.id, "text": "Gate 2 sticks."}


def send(phone, *items):
    return phone.post("/gate/outbox", json={"items": list(items)}, headers=JSON).json


def test_what_another_guard_kept_stays_his(phone, session, town, sender, kept):
    last_shift = make_user(session, town.community, Role.GUARD)
    post_at_gate(session, town, last_shift)
    gate = town.community.gates[0]
    send(phone, a_pass(gate, last_shift.id), a_pass(gate, sender.id), a_note(gate, last_shift.id))
    assert sorted(kept(select(GateEvent.guard_id))) == sorted([last_shift.id, sender.id])
    assert kept(select(ShiftNote.guard_id)) == [last_shift.id]


def test_a_gate_at_which_the_owner_no_longer_works_is_the_senders(phone, session, town, kept):
    moved_on = make_user(session, town.community, Role.GUARD)
    session.commit()
    assert send(phone, a_pass(town.community.gates[0], moved_on.id))["refused"] == []
    assert kept(select(GateEvent.guard_id)) == [moved_on.id]


def test_a_gate_of_neither_is_refused(phone, session, town):
    elsewhere = make_gate(session, town.community, "north")
    other = make_user(session, town.community, Role.GUARD)
    session.commit()
    (refused,) = send(phone, a_pass(elsewhere, other.id))["refused"]
    assert refused["code"] == "not_your_gate"


@pytest.mark.parametrize("whose", ["nobody's", "the office's", "another community's"])
def test_an_owner_who_is_no_guard_here_is_refused(phone, session, town, whose):
    owner_id = 2**40
    if whose == "the office's":
        owner_id = make_user(session, town.community, Role.STAFF).id
    if whose == "another community's":
        owner_id = make_user(session, make_community(session, "A", number=2), Role.GUARD).id
    session.commit()
    (refused,) = send(phone, a_pass(town.community.gates[0], owner_id))["refused"]
    assert refused["code"] == "item_unreadable"
