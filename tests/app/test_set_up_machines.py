import re

import pytest
from sqlalchemy import select

from app.extensions import db
from permits.devices import device_of_token
from permits.gate_device import GateDevice, Webhook, WebhookDelivery
from records.ledger import LedgerEntry
from records.people import Role
from tests.app.pages import words_of
from tests.factories import AT, SEALER, make_community, make_device, make_gate, make_webhook

URL = "https://example.org/parking"


@pytest.fixture
def admin(sign_in):
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def acts(kept):
    return lambda: [one.act for one in kept(select(LedgerEntry).order_by(LedgerEntry.number))]


@pytest.fixture
def new(town):
    """What the form of a new device sends."""
    return {
        "name": "camera at the entry",
        "gate": str(town.community.gates[0].id),
        "direction": "both",
        "least_confidence": "75",
    }


def once(response):
    return re.search(r'class="once"[^>]*>([^<]+)<', response.text)[1]


def test_a_new_devices_token_is_shown_once_and_is_good(app, admin, new, acts):
    answer = admin.post("/set-up/devices/new", data=new)
    token = once(answer)
    with app.app_context():
        device = device_of_token(db.session, token)
        assert (device.name, device.direction) == (new["name"], None)
        assert device.least_confidence == 0.75
    assert answer.headers["Cache-Control"] == "no-store"
    assert token not in admin.get("/set-up/machines").text
    assert acts()[-1] == "device.added"


def test_devices_are_shown_at_their_gate(admin, session, town):
    make_device(session, town.community.gates[0], None, least_confidence=0.9)
    session.commit()
    page = words_of(admin.get("/set-up/machines"))
    assert "east gate" in page
    assert "camera both 90 %" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("gate", "0"), ("direction", "up"), ("least_confidence", "101")],
)
def test_a_device_that_makes_no_sense_is_not_added(admin, new, kept, field, value):
    assert admin.post("/set-up/devices/new", data=new | {field: value}).status_code == 422
    assert kept(select(GateDevice)) == []


def test_a_device_is_never_added_at_another_communitys_gate(admin, new, session, kept):
    elsewhere = make_gate(session, make_community(session, number=2))
    session.commit()
    sent = new | {"gate": str(elsewhere.id)}
    assert admin.post("/set-up/devices/new", data=sent).status_code == 422
    assert kept(select(GateDevice)) == []


def test_a_device_can_be_closed(app, admin, session, town, acts):
    device, token = make_device(session, town.community.gates[0])
    session.commit()
    answer = admin.post(f"/set-up/devices/{device.id}/close", follow_redirects=True)
    assert "closed" in words_of(answer)
    with app.app_context():
        assert device_of_token(db.session, token) is None
    assert acts()[-1] == "device.closed"


def test_a_new_webhooks_secret_is_shown_once(admin, kept, acts):
    answer = admin.post("/set-up/webhooks/new", data={"url": URL, "events": ["pass.refused"]})
    [webhook] = kept(select(Webhook))
    assert SEALER.open(webhook.secret_sealed) == once(answer)
    assert (webhook.url, webhook.events) == (URL, ["pass.refused"])
    assert once(answer) not in admin.get("/set-up/machines").text
    assert acts()[-1] == "webhook.added"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"url": "http://127.0.0.1/", "events": ["pass.refused"]}, 422),
        ({"url": "ftp://example.org/", "events": ["pass.refused"]}, 422),
        ({"url": URL}, 422),
        ({"url": URL, "events": ["other"]}, 422),
        ({"events": ["pass.refused"]}, 422),
    ],
)
def test_a_webhook_that_makes_no_sense_is_not_added(admin, kept, sent, status):
    assert admin.post("/set-up/webhooks/new", data=sent).status_code == status
    assert kept(select(Webhook)) == []


def test_a_webhook_can_be_closed(admin, session, town, kept, acts):
    webhook, _ = make_webhook(session, town.community, URL)
    session.commit()
    admin.post(f"/set-up/webhooks/{webhook.id}/close")
    assert [one.closed_at for one in kept(select(Webhook))] == [AT]
    assert acts()[-1] == "webhook.closed"


def call(webhook, subject, **more):
    return WebhookDelivery(
        webhook_id=webhook.id,
        event="pass.refused",
        subject=subject,
        body={"plate": "粤E12345"},
        created_at=AT,
        **more,
    )


def test_a_webhooks_page_says_what_became_of_its_calls(admin, session, town):
    webhook, _ = make_webhook(session, town.community, URL)
    session.add_all(
        [
            call(webhook, "1", tries=1, delivered_at=AT),
            call(webhook, "2", tries=2, fault="500"),
            call(webhook, "3", tries=11, fault="timeout", given_up_at=AT),
        ]
    )
    session.commit()
    page = words_of(admin.get(f"/set-up/webhooks/{webhook.id}"))
    for told in ("taken", "waits answered 500", "given up no answer in time", "粤E · 12345"):
        assert told in page
