import dataclasses
import hashlib
import hmac
import json
import socket
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import webhook_calls
from app.extensions import db
from app.webhook_calls import NotTaken, call_due, post
from permits.gate_device import GateDevice, WebhookDelivery
from permits.machine_passes import MachinePass, Question, record_for
from permits.passes import new_uuid
from permits.webhooks import WAITS
from tests.app.receiver import receiving, silent
from tests.factories import AT, make_device, make_webhook

NOBODY = "粤E00000"
"""A plate that no compound has: refused."""


@pytest.fixture
def app(app):
    """The application, allowed to call this machine: the receivers are here."""
    settings = dataclasses.replace(app.extensions["settings"], webhooks_to_private_addresses=True)
    app.extensions["settings"] = settings
    return app


@pytest.fixture
def device_id(session, town):
    device, _ = make_device(session, town.community.gates[0])
    key = device.id
    session.commit()
    return key


@pytest.fixture
def listen(session, town):
    """Let an address be called of everything, and return the secret."""

    def listen(url):
        _, secret = make_webhook(session, town.community, url)
        session.commit()
        return secret

    return listen


@pytest.fixture
def refuse(app, device_id):
    """Record a refused pass as a request does."""

    def refuse(count=1):
        with app.app_context():
            device = db.session.get_one(GateDevice, device_id)
            passes = [MachinePass(new_uuid(), Question(AT, plate=NOBODY)) for _ in range(count)]
            record_for(db.session, device, passes, now=AT)
            db.session.commit()
        return [one.uuid for one in passes]

    return refuse


@pytest.fixture
def later(app):
    """Make the calls that are due some time after `AT`, and return how many were taken."""

    def later(wait):
        app.extensions["clock"] = lambda: AT + wait
        with app.app_context():
            return call_due()

    return later


@pytest.fixture
def calls(kept):
    return lambda: kept(select(WebhookDelivery).order_by(WebhookDelivery.id))


def test_a_refusal_is_told_at_once_and_once(listen, refuse, later, calls):
    with receiving() as receiver:
        listen(receiver.url)
        [uuid] = refuse()
        assert later(timedelta(days=1)) == 0
    [(_, body)] = receiver.received
    assert receiver.paths == ["/parking?a=b"]
    assert (json.loads(body)["id"], json.loads(body)["plate"]) == (uuid, NOBODY)
    [call] = calls()
    assert (call.tries, call.fault, call.delivered_at) == (1, "", AT)


def test_the_receiver_can_check_the_signature(listen, refuse):
    with receiving() as receiver:
        secret = listen(receiver.url)
        refuse()
    [(headers, body)] = receiver.received
    moment, code = headers["Parking-Signature"].split(",")
    signed = moment.removeprefix("t=").encode() + b"." + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert code == f"v1={expected}"
    assert moment == f"t={int(AT.timestamp())}"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Host"] in receiver.url


def test_a_call_that_is_not_taken_is_made_again_when_its_wait_is_over(listen, refuse, later, calls):
    with receiving(500, 503, 200) as receiver:
        listen(receiver.url)
        refuse()
        assert later(WAITS[0] / 2) == 0
        assert len(receiver.received) == 1
        assert later(WAITS[0]) == 0
        assert [one.fault for one in calls()] == ["503"]
        assert later(WAITS[0] + WAITS[1]) == 1
    bodies = {body for _, body in receiver.received}
    assert (len(receiver.received), len(bodies)) == (3, 1)
    [call] = calls()
    assert (call.tries, call.fault, call.given_up_at) == (3, "", None)


def test_a_new_try_is_signed_anew(listen, refuse, later):
    with receiving(500, 200) as receiver:
        listen(receiver.url)
        refuse()
        later(WAITS[0])
    first, second = (headers["Parking-Signature"] for headers, _ in receiver.received)
    assert first != second


def test_a_redirect_is_not_followed(listen, refuse, calls):
    with receiving() as inner, receiving(302) as receiver:
        receiver.location = inner.url
        listen(receiver.url)
        refuse()
        assert inner.received == []
    assert [one.fault for one in calls()] == ["302"]


def test_who_does_not_answer_one_call_gets_the_others_later(listen, refuse, later, calls):
    with receiving(500, 200) as receiver:
        listen(receiver.url)
        refuse(3)
        assert len(receiver.received) == 1
        assert later(WAITS[0]) == 3
    assert {one.fault for one in calls()} == {""}


def test_of_two_receivers_one_does_not_wait_for_the_other(listen, refuse, calls):
    with receiving(500) as broken, receiving() as fine:
        listen(broken.url)
        listen(fine.url)
        refuse(2)
        assert len(fine.received) == 2
    assert sorted(one.fault for one in calls()) == ["", "", "", "500"]


def test_without_leave_nothing_private_is_called(app, listen, refuse, calls):
    settings = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(settings, webhooks_to_private_addresses=False)
    with receiving() as receiver:
        listen(receiver.url)
        refuse()
        assert receiver.received == []
    assert [(one.fault, one.tries) for one in calls()] == [("private_address", 1)]


def fault_of(url, *, private_allowed=True):
    with pytest.raises(NotTaken) as refused:
        post(url, b"{}", {}, private_allowed=private_allowed)
    return refused.value.fault


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0"])
def test_this_machine_is_private_by_every_name(host):
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        assert fault_of(f"http://{host}:{port}/", private_allowed=False) == "private_address"
    assert receiver.received == []


def test_a_receiver_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(webhook_calls, "STEP_S", 0.05)
    with silent() as url:
        assert fault_of(url) == "timeout"


def test_a_receiver_that_never_ends_its_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr(webhook_calls, "WHOLE_S", 0.05)
    with silent(b"HTTP/1.1 200 OK\r\nX-") as url:
        assert fault_of(url) == "timeout"


def test_what_does_not_speak_http_has_not_taken_the_call():
    with silent(b"220 mail.example.org ESMTP\r\n") as url:
        assert fault_of(url) == "no_http"
        assert fault_of(url.replace("http:", "https:")) == "certificate"


def test_a_closed_port_and_an_unknown_name_are_told_apart():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert fault_of(f"http://127.0.0.1:{taken.getsockname()[1]}/") == "unreachable"
    assert fault_of("http://nobody.invalid/") == "unknown_host"
