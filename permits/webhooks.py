"""Webhooks: other systems are told of refusals and reports, in the transaction that keeps them."""

from __future__ import annotations

import enum
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from permits.gate_device import Webhook, WebhookDelivery
from permits.infringement import InfringementReport
from permits.passes import GateEvent
from permits.verdicts import Verdict
from permits.webhook_address import refuse_private, webhook_address
from records import ledger
from records.database import is_sqlite
from records.sealed import Sealer
from zones.communities import Community, Gate, hold

SIGNATURE_HEADER = "Parking-Signature"

WAITS = tuple(timedelta(minutes=one) for one in (1, 2, 5, 10, 20, 40, 80, 160, 320, 640))
"""How long after the first, second … failed try the next one is due: 21 hours in all."""

QUEUED = "webhook_deliveries_queued"
"""In a session's `info` while its transaction holds new deliveries."""

_SECRET_BYTES = 24


class WebhookEvent(enum.StrEnum):
    """What a webhook can be told of."""

    PASS_REFUSED = "pass.refused"  # noqa: S105 - no password, a car that passes
    REPORT_MADE = "report.made"


def add_webhook(
    session: Session,
    community: Community,
    *,
    url: str,
    events: Collection[WebhookEvent],
    private_allowed: bool,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> tuple[Webhook, str]:
    """Return a new webhook, and the secret that signs its calls, which is shown only now.

    Args:
        private_allowed: whether the installation lets webhooks call private addresses.

    Raises:
        WebhookAddressWrong: the address is no http or https address that can be called.
        PrivateAddress: it is plainly private, and that is not allowed.
    """
    address = webhook_address(url)
    if not private_allowed:
        refuse_private(address.host)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    webhook = Webhook(
        community_id=community.id,
        url=url.strip(),
        secret_sealed=sealer.seal(secret),
        events=sorted(events),
        created_at=at,
    )
    session.add(webhook)
    session.flush()
    # Only the host: whoever reads the ledger could call an address that is secret.
    details = {"host": address.host, "events": sorted(events)}
    act = ledger.Act("webhook.added", f"webhook:{webhook.id}", details)
    ledger.append(session, actor, [act], at)
    return webhook, secret


def close_webhook(session: Session, webhook: Webhook, *, actor: str, at: datetime) -> None:
    """Call a webhook no more; what waits for it is not sent."""
    hold(session, webhook.community_id, webhook)
    if webhook.closed_at is not None:
        return
    webhook.closed_at = at
    session.flush()
    act = ledger.Act("webhook.closed", f"webhook:{webhook.id}", {})
    ledger.append(session, actor, [act], at)


def webhooks_of(session: Session, community: Community) -> list[Webhook]:
    """Return a community's webhooks, those in use first, each in the order they were added."""
    webhooks = session.scalars(
        select(Webhook).where(Webhook.community_id == community.id).order_by(Webhook.id)
    )
    return sorted(webhooks, key=lambda one: one.closed_at is not None)


def last_deliveries(session: Session, webhook: Webhook, count: int) -> list[WebhookDelivery]:
    """Return a webhook's latest calls, the newest first."""
    return list(
        session.scalars(
            select(WebhookDelivery)
            .where(WebhookDelivery.webhook_id == webhook.id)
            .order_by(WebhookDelivery.id.desc())
            .limit(count)
        )
    )


def tell_of_passes(
    session: Session, community_id: int, uuids: Collection[str], *, at: datetime
) -> None:
    """Queue calls for those of some recorded passes that were refused, each once for ever.

    Call it in the transaction that records them; passes that were recorded before do no harm.
    """
    listening = _listening(session, community_id, WebhookEvent.PASS_REFUSED) if uuids else []
    if not listening:
        return
    events = session.scalars(
        select(GateEvent)
        .where(
            GateEvent.uuid.in_(uuids),
            # A UUID is what a machine sends: it may be that of another community's pass.
            GateEvent.gate_id.in_(select(Gate.id).where(Gate.community_id == community_id)),
            or_(
                GateEvent.verdict == Verdict.REFUSE,
                GateEvent.known_verdict == Verdict.REFUSE,
            ),
        )
        .order_by(GateEvent.id)
    )
    bodies = [_pass_body(one) for one in events]
    _queue(session, listening, WebhookEvent.PASS_REFUSED, bodies, at)


def tell_of_report(session: Session, report: InfringementReport, *, at: datetime) -> None:
    """Queue calls for a report, once for ever. Call it in the transaction that makes it."""
    listening = _listening(session, report.community_id, WebhookEvent.REPORT_MADE)
    _queue(session, listening, WebhookEvent.REPORT_MADE, [_report_body(report)], at)


def _listening(session: Session, community_id: int, event: WebhookEvent) -> list[Webhook]:
    webhooks = session.scalars(
        select(Webhook).where(Webhook.community_id == community_id, Webhook.closed_at.is_(None))
    )
    return [one for one in webhooks if event in one.events]


def _pass_body(event: GateEvent) -> dict[str, Any]:
    return {
        "event": WebhookEvent.PASS_REFUSED,
        "id": event.uuid,
        "time": event.at.isoformat(),
        "gate": event.gate.code,
        "direction": event.direction,
        "verdict": event.verdict,
        "reasons": event.reasons,
        "let_through": event.let_through,
        "zone": None,
        "plate": event.plate,
    }


def _report_body(report: InfringementReport) -> dict[str, Any]:
    return {
        "event": WebhookEvent.REPORT_MADE,
        "id": report.uuid,
        "time": report.at.isoformat(),
        "gate": None,
        "direction": None,
        "verdict": None,
        "reasons": [report.kind],
        "let_through": None,
        "zone": report.zone.code if report.zone else None,
        "plate": report.plate,
    }


def _queue(
    session: Session,
    webhooks: Iterable[Webhook],
    event: WebhookEvent,
    bodies: Iterable[Mapping[str, Any]],
    at: datetime,
) -> None:
    told = list(bodies)
    rows = [
        {
            "webhook_id": webhook.id,
            "event": event,
            "subject": body["id"],
            "body": body,
            "tries": 0,
            "created_at": at,
            "fault": "",
        }
        for webhook in webhooks
        for body in told
    ]
    if not rows:
        return
    dialect: Any = sqlite if is_sqlite(session) else postgresql
    insert = dialect.insert(WebhookDelivery).on_conflict_do_nothing(
        index_elements=["webhook_id", "subject"]
    )
    session.execute(insert, rows)
    session.info[QUEUED] = True


class DueCall(NamedTuple):
    """A call whose next try is due, and how many tries it has had."""

    id: int
    webhook_id: int
    tries: int


def due_calls(session: Session, *, at: datetime, limit: int) -> list[DueCall]:
    """Return calls whose next try is due, the oldest first."""
    untried = WebhookDelivery.tries == 0
    again = (
        and_(WebhookDelivery.tries == tries, WebhookDelivery.tried_at <= at - wait)
        for tries, wait in enumerate(WAITS, start=1)
    )
    rows = session.execute(
        select(WebhookDelivery.id, WebhookDelivery.webhook_id, WebhookDelivery.tries)
        .join(Webhook)
        .where(
            WebhookDelivery.delivered_at.is_(None),
            WebhookDelivery.given_up_at.is_(None),
            Webhook.closed_at.is_(None),
            or_(untried, *again),
        )
        .order_by(WebhookDelivery.id)
        .limit(limit)
    )
    return [DueCall(*row) for row in rows]


def begin_try(session: Session, call: DueCall, *, at: datetime) -> WebhookDelivery | None:
    """Count one more try and return its call, None where another sender makes it.

    Commit before the call: a second sender then sees the try and leaves the call alone, and one
    that dies in the middle has used up a try and not the call.
    """
    result: Any = session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == call.id, WebhookDelivery.tries == call.tries)
        .values(tries=call.tries + 1, tried_at=at)
    )
    return session.get_one(WebhookDelivery, call.id) if result.rowcount == 1 else None


def end_try(session: Session, delivery: WebhookDelivery, fault: str, *, at: datetime) -> None:
    """Enter how a try ended; after the last one the call is given up.

    Args:
        fault: why it was not taken, empty where it was.
    """
    delivery.fault = fault
    if not fault:
        delivery.delivered_at = at
    elif delivery.tries > len(WAITS):
        delivery.given_up_at = at
    session.flush()


def content_of(delivery: WebhookDelivery) -> bytes:
    """Return what a call sends: JSON in UTF-8, the same bytes at every try."""
    return json.dumps(delivery.body, ensure_ascii=False, sort_keys=True).encode()


def signature(secret: str, content: bytes, at: datetime) -> str:
    """Return the signature header of a call: its moment, and HMAC-SHA256 over moment and content.

    The moment is inside, so that a receiver can refuse a call that somebody sends again later.
    """
    moment = int(at.astimezone(UTC).timestamp())
    signed = f"{moment}.".encode() + content
    return f"t={moment},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
