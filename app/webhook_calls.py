"""Calling webhooks: over HTTP, in the background, and again until each call is taken.

A person names the address, but this server calls it. So an address inside a private network is
refused, after the name was looked up and for the very address that is connected to; redirects
are not followed; and a receiver gets little time and no say.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping

from flask import Flask, current_app
from huey import crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import context
from app.extensions import db
from app.jobs import application, huey
from permits.gate_device import WebhookDelivery
from permits.webhook_address import WebhookAddress, is_private, webhook_address
from permits.webhooks import (
    QUEUED,
    SIGNATURE_HEADER,
    begin_try,
    content_of,
    due_calls,
    end_try,
    signature,
)

STEP_S = 5
"""Seconds for connecting, and for each piece of an answer."""

WHOLE_S = 15
"""Seconds for one call in all."""

MOST_ADDRESSES = 2
"""Of a name, such as one of each IP version."""

MOST_AT_ONCE = 100
"""Calls of one run, so that other jobs get their turn."""


class NotTaken(Exception):
    """A call was not taken, for the reason in `fault`: a word, or the status answered."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def post(url: str, content: bytes, headers: Mapping[str, str], *, private_allowed: bool) -> None:
    """Post content to an address, and return once it is taken: answered with 2xx.

    Raises:
        NotTaken: it was not.
    """
    address = webhook_address(url)
    connection = http.client.HTTPConnection(address.host, address.port, timeout=STEP_S)
    try:
        connection.sock = _connected(address, private_allowed)
        with _cut_off(connection.sock):
            # Host is ours to say, so that it has no port where the scheme's own is meant.
            connection.putrequest("POST", address.path, skip_host=True, skip_accept_encoding=True)
            sent = {"Host": address.authority, "Content-Length": str(len(content)), **headers}
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(content)
            status = connection.getresponse().status
    except TimeoutError:
        raise NotTaken("timeout") from None
    except ssl.SSLError:
        raise NotTaken("certificate") from None
    except http.client.HTTPException:
        raise NotTaken("no_http") from None
    except OSError:
        raise NotTaken("unreachable") from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotTaken(str(status))


def _connected(address: WebhookAddress, private_allowed: bool) -> socket.socket:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotTaken("unknown_host") from None
    ips = [str(one[4][0]) for one in found]
    # All of them: a name that leads inside as well as outside is not to be trusted.
    if not private_allowed and any(is_private(ip) for ip in ips):
        raise NotTaken("private_address")
    # By the address that was looked at, not by a name that may lead elsewhere a moment later.
    plain = _reached(ips, address.port)
    if not address.is_https:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
    except BaseException:
        plain.close()
        raise


def _reached(ips: list[str], port: int) -> socket.socket:
    fault = OSError()
    for ip in ips[:MOST_ADDRESSES]:
        try:
            return socket.create_connection((ip, port), timeout=STEP_S)
        except OSError as error:
            fault = error
    raise fault


@contextlib.contextmanager
def _cut_off(sock: socket.socket) -> Iterator[None]:
    """Allow `WHOLE_S` for what is done with a connection: each piece alone may be in time."""
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE_S, cut)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if is_over.is_set():
            # What was cut off looks like an answer that ended, or like a broken connection.
            raise TimeoutError


def call_due() -> int:
    """Make the calls that are due, and return how many were taken."""
    taken = 0
    silent: set[int] = set()
    for due in due_calls(db.session, at=context.now(), limit=MOST_AT_ONCE):
        # Who does not answer one call gets the others of this run later.
        if due.webhook_id in silent:
            continue
        delivery = begin_try(db.session, due, at=context.now())
        db.session.commit()
        if delivery is None:
            continue
        fault = _call(delivery)
        end_try(db.session, delivery, fault, at=context.now())
        db.session.commit()
        if fault:
            silent.add(due.webhook_id)
        else:
            taken += 1
    db.session.rollback()
    return taken


def _call(delivery: WebhookDelivery) -> str:
    webhook, content = delivery.webhook, content_of(delivery)
    url, secret = webhook.url, context.sealer().open(webhook.secret_sealed)
    # The receiver may take its time: no transaction is open meanwhile.
    db.session.rollback()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "parking-permits",
        SIGNATURE_HEADER: signature(secret, content, context.now()),
    }
    allowed = context.settings().webhooks_to_private_addresses
    try:
        post(url, content, headers, private_allowed=allowed)
    except NotTaken as error:
        return error.fault
    return ""


@huey.task()
def call_soon() -> None:
    """Make the calls that are due, in the background."""
    # A context of its own: within a request, its session is still in the middle of its commit.
    with application().app_context():
        call_due()


@huey.periodic_task(crontab())
def call_again() -> None:
    """Every minute, make the calls whose next try is due."""
    with application().app_context():
        call_due()


def init_app(app: Flask) -> None:
    """Let calls be made as soon as what they tell of is committed."""
    with app.app_context():
        sessions = db.sessionmaker

    @event.listens_for(sessions, "after_commit")
    def call(session: Session) -> None:
        if session.info.pop(QUEUED, False):
            try:
                call_soon()
            except Exception as error:
                # What is committed is committed; the calls are made within the minute.
                current_app.logger.warning("calls wait: %s", type(error).__qualname__)

    @event.listens_for(sessions, "after_rollback")
    def forget(session: Session) -> None:
        session.info.pop(QUEUED, None)
