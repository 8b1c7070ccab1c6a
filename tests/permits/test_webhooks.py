import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from permits.gate_device import GateDevice, WebhookDelivery
from permits.infringement import InfringementKind
from permits.machine_passes import MachinePass, Question, record_for
from permits.passes import new_uuid
from permits.reporting import report_car
from permits.verdicts import Verdict
from permits.webhook_address import PrivateAddress, WebhookAddressWrong
from permits.webhooks import (
    WAITS,
    WebhookEvent,
    add_webhook,
    begin_try,
    close_webhook,
    content_of,
    due_calls,
    end_try,
    signature,
    tell_of_passes,
)
from records.file_store import FileStore
from records.ledger import LedgerEntry
from tests.at_once import at_once
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    make_community,
    make_device,
    make_gate,
    make_permit,
    make_vehicle,
    make_webhook,
    make_zone,
)

NOBODY = "粤E00000"
"""A plate that no compound has: refused."""


@pytest.fixture
def community(session):
    return make_community(session)


@pytest.fixture
def device(session, community):
    return make_device(session, make_gate(session, community))[0]


def deliveries(session):
    return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def pass_of(plate, uuid=None, **more):
    return MachinePass(uuid or new_uuid(), Question(AT, plate=plate), **more)


def due(session, at=AT):
    return due_calls(session, at=at, limit=100)


def fail_once(session, at):
    [call] = due(session, at)
    end_try(session, begin_try(session, call, at=at), "500", at=at)
    session.commit()


def test_a_refused_pass_is_told_with_what_is_needed_and_no_more(session, community, device):
    make_webhook(session, community)
    one = pass_of(NOBODY, let_through=False)
    record_for(session, device, [one], now=AT)
    [call] = deliveries(session)
    assert call.body == {
        "event": "pass.refused",
        "id": one.uuid,
        "time": AT.isoformat(),
        "gate": "east",
        "direction": "in",
        "verdict": "refuse",
        "reasons": ["plate_unknown"],
        "let_through": False,
        "zone": None,
        "plate": NOBODY,
    }


def test_an_admitted_pass_is_told_to_nobody(session, community, device):
    make_webhook(session, community)
    vehicle = make_vehicle(session, community.compounds[0])
    make_permit(session, vehicle)
    record_for(session, device, [pass_of(vehicle.plate)], now=AT)
    assert deliveries(session) == []


def test_a_pass_that_a_machine_admitted_against_the_register_is_told(session, community, device):
    make_webhook(session, community)
    record_for(session, device, [pass_of(NOBODY, verdict=Verdict.ADMIT)], now=AT)
    assert [one.body["verdict"] for one in deliveries(session)] == ["admit"]


def test_a_pass_that_is_sent_again_is_told_once(session, community, device):
    make_webhook(session, community)
    one = pass_of(NOBODY)
    for _ in range(2):
        record_for(session, device, [one], now=AT)
    assert len(deliveries(session)) == 1


def test_a_pass_that_two_requests_bring_at_once_is_told_once(session, engine, community, device):
    make_webhook(session, community)
    one, device_id = pass_of(NOBODY), device.id
    session.commit()

    def record(other, found):
        return record_for(other, found, [one], now=AT)

    results = at_once(engine, lambda other: other.get(GateDevice, device_id), record, record)
    assert [result.taken for result in results] == [(one.uuid,)] * 2
    assert len(deliveries(session)) == 1


def test_a_report_is_told_with_its_zone(session, community, tmp_path):
    make_webhook(session, community)
    report = report_car(
        session,
        community,
        zone=make_zone(session, community, "B1"),
        plate=NOBODY,
        kind=InfringementKind.FIRE_LANE,
        note="before the door",
        photo=None,
        files=FileStore(tmp_path),
        actor=OFFICE,
        at=AT,
    )
    [call] = deliveries(session)
    assert (call.event, call.body["id"], call.body["zone"]) == ("report.made", report.uuid, "B1")
    assert (call.body["reasons"], call.body["plate"]) == (["fire_lane"], NOBODY)
    assert "before the door" not in str(call.body)


def test_each_webhook_is_told_only_of_what_it_asked_for(session, community, device):
    make_webhook(session, community, events=[WebhookEvent.REPORT_MADE])
    asked, _ = make_webhook(session, community, events=[WebhookEvent.PASS_REFUSED])
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    assert [one.webhook_id for one in deliveries(session)] == [asked.id]


def test_another_communitys_webhook_hears_nothing(session, community, device):
    make_webhook(session, make_community(session, number=2))
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    assert deliveries(session) == []


def test_who_knows_the_uuid_of_another_communitys_pass_is_told_nothing_of_it(
    session, community, device
):
    one = pass_of(NOBODY)
    record_for(session, device, [one], now=AT)
    other = make_community(session, number=2)
    make_webhook(session, other)
    record_for(session, make_device(session, make_gate(session, other))[0], [one], now=AT)
    assert deliveries(session) == []


def test_a_closed_webhook_is_told_nothing_and_what_waits_is_not_sent(session, community, device):
    webhook, _ = make_webhook(session, community)
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    close_webhook(session, webhook, actor=OFFICE, at=AT)
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    assert len(deliveries(session)) == 1
    assert due(session) == []


def test_what_is_rolled_back_is_told_to_nobody(session, community, device):
    make_webhook(session, community)
    session.commit()
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    session.rollback()
    assert deliveries(session) == []


def test_no_pass_is_no_call(session, community):
    make_webhook(session, community)
    tell_of_passes(session, community.id, [], at=AT)
    assert deliveries(session) == []


def test_a_call_is_tried_again_after_growing_waits_and_given_up_within_a_day(
    session, community, device
):
    make_webhook(session, community)
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    at = AT
    for wait in WAITS:
        fail_once(session, at)
        assert due(session, at + wait - timedelta(seconds=1)) == []
        at += wait
    fail_once(session, at)
    [call] = deliveries(session)
    assert (call.tries, call.fault, call.given_up_at) == (len(WAITS) + 1, "500", at)
    assert due(session, at + timedelta(days=30)) == []
    assert list(WAITS) == sorted(WAITS)
    assert at - AT < timedelta(days=1)


def test_a_call_that_was_taken_is_not_made_again(session, community, device):
    make_webhook(session, community)
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    [call] = due(session)
    end_try(session, begin_try(session, call, at=AT), "", at=AT)
    assert deliveries(session)[0].delivered_at == AT
    assert due(session, AT + timedelta(days=2)) == []


def test_of_two_senders_one_makes_a_try(session, community, device):
    make_webhook(session, community)
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    [call] = due(session)
    assert begin_try(session, call, at=AT) is not None
    assert begin_try(session, call, at=AT) is None
    assert deliveries(session)[0].tries == 1


def test_a_signature_is_hmac_sha256_over_the_moment_and_the_content(session, community, device):
    _, secret = make_webhook(session, community)
    record_for(session, device, [pass_of(NOBODY)], now=AT)
    content = content_of(deliveries(session)[0])
    moment, code = signature(secret, content, AT).split(",")
    assert moment == f"t={int(AT.timestamp())}"
    signed = moment.removeprefix("t=").encode() + b"." + content
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert code == f"v1={expected}"
    assert json.loads(content)["plate"] == NOBODY


def test_adding_and_closing_stand_in_the_ledger_by_the_host_alone(session, community):
    webhook, secret = make_webhook(session, community, "https://example.org/secret-path")
    close_webhook(session, webhook, actor=OFFICE, at=AT)
    close_webhook(session, webhook, actor=OFFICE, at=AT)
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
    assert [one.act for one in entries] == ["webhook.added", "webhook.closed"]
    assert entries[0].details["host"] == "example.org"
    told = str([one.details for one in entries])
    assert "secret-path" not in told
    assert secret not in told


def test_a_secret_is_kept_sealed(session, community):
    webhook, secret = make_webhook(session, community)
    assert secret.encode() not in webhook.secret_sealed
    assert SEALER.open(webhook.secret_sealed) == secret


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://192.168.1.1/", PrivateAddress),
        ("http://localhost:8000/", PrivateAddress),
        ("gopher://example.org/", WebhookAddressWrong),
    ],
)
def test_an_address_that_must_not_be_called_is_not_kept(session, community, url, error):
    with pytest.raises(error):
        add_webhook(
            session,
            community,
            url=url,
            events=[WebhookEvent.REPORT_MADE],
            private_allowed=False,
            sealer=SEALER,
            actor=OFFICE,
            at=AT,
        )
    assert session.scalars(select(LedgerEntry)).all() == []
