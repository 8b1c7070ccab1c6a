import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.passes import Direction, GateEvent
from tests.app.api.conftest import NOBODY, PLATE
from tests.app.api.problems import problem_of, wrong_fields
from tests.factories import AT, make_permit, make_vehicle

ONE = "0b7c1f0a-2f6e-4c58-9d55-4a1f6b7d2c11"


def pass_of(plate=PLATE, **more):
    return {"uuid": str(uuid.uuid4()), "plate": plate, **more}


@pytest.fixture
def passes(kept):
    return lambda: kept(select(GateEvent).order_by(GateEvent.id))


def test_a_pass_is_recorded_as_the_devices_with_the_decision_on_it(device, permit, passes):
    answer = device.post("/passes", pass_of(uuid=ONE))
    assert answer.status_code == 200
    assert answer.json["uuid"] == ONE
    assert answer.json["decision"]["verdict"] == "admit"
    [event] = passes()
    assert (event.uuid, event.device_id, event.guard_id) == (ONE, device.device, None)
    assert (event.plate, event.direction, event.let_through) == (PLATE, "in", True)
    assert (event.verdict, event.differs, event.offline) == ("admit", False, False)
    assert event.permit_id == permit.id


def test_a_refused_pass_is_not_let_through_unless_the_machine_says_so(device, passes):
    device.post("/passes", pass_of(NOBODY))
    device.post("/passes", pass_of(NOBODY, let_through=True))
    assert [one.let_through for one in passes()] == [False, True]


def test_a_pass_that_is_sent_again_is_recorded_once(device, permit, passes):
    answers = [device.post("/passes", pass_of(uuid=ONE)) for _ in range(2)]
    shouted = device.post("/passes", pass_of(uuid=ONE.upper()))
    assert [one.status_code for one in (*answers, shouted)] == [200] * 3
    assert len(passes()) == 1


def test_a_poor_reading_is_recorded_as_a_check_and_nobody_has_to_look_at_it(device, permit, passes):
    answer = device.post("/passes", pass_of(confidence=0.5))
    assert answer.json["decision"]["reasons"] == ["low_confidence", "ok"]
    [event] = passes()
    assert (event.verdict, event.reasons) == ("check", ["low_confidence", "ok"])
    assert (event.let_through, event.differs) == (False, False)


def test_what_a_machine_admitted_against_the_register_is_for_staff_to_look_at(device, passes):
    device.post("/passes", pass_of(NOBODY, verdict="admit", reasons=["ok"]))
    [event] = passes()
    assert (event.verdict, event.known_verdict, event.differs) == ("admit", "refuse", True)
    assert event.let_through


def test_an_own_verdict_of_low_confidence_is_not_held_against_a_machine(device, permit, passes):
    sent = pass_of(confidence=0.5, verdict="check", reasons=["low_confidence", "ok"])
    device.post("/passes", sent)
    [event] = passes()
    assert (event.verdict, event.known_verdict, event.differs) == ("check", "check", False)


def test_a_late_pass_counts_by_its_own_moment(device, permit, passes):
    before = AT - timedelta(hours=3)
    device.post("/passes", pass_of(at=before.isoformat()))
    [event] = passes()
    assert (event.at, event.received_at, event.offline) == (before, AT, True)
    # The permit was issued at AT only.
    assert event.verdict == "refuse"


def test_a_device_of_both_ways_says_which(new_device, permit, passes):
    device = new_device(None)
    assert problem_of(device.post("/passes", pass_of())) == (422, "direction_missing")
    assert passes() == []
    assert device.post("/passes", pass_of(direction="out")).status_code == 200
    assert [one.direction for one in passes()] == ["out"]


def test_a_device_of_one_way_may_say_otherwise(device, permit, passes):
    device.post("/passes", pass_of(direction="out"))
    assert [one.direction for one in passes()] == ["out"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"plate": PLATE}, "uuid"),
        ({"uuid": ONE}, "plate"),
        (pass_of(uuid="1"), "uuid"),
        (pass_of(uuid=7), "uuid"),
        (pass_of(direction="up"), "direction"),
        (pass_of(let_through="yes"), "let_through"),
        (pass_of(let_through=1), "let_through"),
        (pass_of(verdict="maybe"), "verdict"),
        (pass_of(reasons=["because"]), "reasons.0"),
        (pass_of(at="2026-12-01"), "at"),
        (pass_of(gate="west"), "gate"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_recorded(device, passes, sent, field):
    response = device.post("/passes", sent)
    assert problem_of(response) == (422, "invalid")
    assert wrong_fields(response) == {field}
    assert passes() == []


def test_a_batch_is_recorded_in_any_order_each_pass_once(device, permit, passes):
    sent = [pass_of(at=(AT - timedelta(minutes=minute)).isoformat()) for minute in (5, 1, 3)]
    answers = [
        device.post("/passes/batch", {"passes": batch}).json for batch in (sent, sent[::-1], sent)
    ]
    for answer in answers:
        assert set(answer["taken"]) == {one["uuid"] for one in sent}
        assert answer["refused"] == []
    assert len(passes()) == len(sent)


def test_a_pass_that_cannot_be_kept_does_not_hold_up_the_others(new_device, passes):
    device = new_device(None)
    good = pass_of(NOBODY, direction=Direction.IN)
    lost, future = pass_of(NOBODY), pass_of(NOBODY, direction="in", at="2100-01-01T00:00:00Z")
    answer = device.post("/passes/batch", {"passes": [lost, good, future]}).json
    assert answer["taken"] == [good["uuid"]]
    assert {one["uuid"]: one["code"] for one in answer["refused"]} == {
        lost["uuid"]: "direction_missing",
        future["uuid"]: "time_implausible",
    }
    assert all(one["title"] for one in answer["refused"])
    assert [one.uuid for one in passes()] == [good["uuid"]]


def test_a_thousand_passes_fit_one_batch_and_no_more(device, session, town, passes):
    plates = [make_vehicle(session, town.compound("A")).plate for _ in range(3)]
    session.commit()
    sent = [pass_of(plates[number % 3], verdict="check") for number in range(1000)]
    answer = device.post("/passes/batch", {"passes": sent})
    assert len(answer.json["taken"]) == len(passes()) == 1000
    refused = device.post("/passes/batch", {"passes": [*sent, pass_of()]})
    assert problem_of(refused) == (422, "invalid")
    assert wrong_fields(refused) == {"passes"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "passes"),
        ({"passes": []}, "passes"),
        ({"passes": [pass_of(), {**pass_of(), "uuid": "x"}]}, "passes.1.uuid"),
        ({"passes": ["x"]}, "passes.0"),
    ],
)
def test_a_batch_of_a_wrong_form_names_the_place_and_records_nothing(device, passes, sent, field):
    response = device.post("/passes/batch", sent)
    assert problem_of(response) == (422, "invalid")
    assert wrong_fields(response) == {field}
    assert passes() == []


def test_a_device_records_at_its_own_gate_only(device, session, town, passes):
    make_permit(session, make_vehicle(session, town.compound("B"), "粤E54321"))
    gate_id = town.community.gates[0].id
    session.commit()
    device.post("/passes", pass_of("粤E54321"))
    assert [one.gate_id for one in passes()] == [gate_id]
