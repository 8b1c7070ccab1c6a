"""After a long outage every device comes back in the same second."""

from __future__ import annotations

import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import func, or_, select

from app.api.schemas import MOST_PASSES
from app.jobs import huey
from permits.gate_device import WebhookDelivery
from permits.passes import GateEvent
from tests.factories import AT, make_permit, make_vehicle, make_webhook

DEVICES = 20
QUEUED = 200
"""Passes that each device kept."""

BATCH = 50
assert BATCH <= MOST_PASSES


def queue_of(number, plates):
    """Return what one device kept, in the order in which it happens to send it."""
    made = random.Random(number)
    queue = [
        {
            "uuid": str(uuid.UUID(int=made.getrandbits(128), version=4)),
            "plate": made.choice(plates),
            "at": (AT - timedelta(seconds=made.randrange(3600))).isoformat(),
            "verdict": made.choice(["admit", "check", "refuse"]),
            "offline": True,
        }
        for _ in range(QUEUED)
    ]
    made.shuffle(queue)
    return queue


def test_twenty_devices_come_back_at_once_and_every_pass_arrives_once(
    session, town, new_device, kept, monkeypatch
):
    # Calls wait for the consumer of jobs, as in an installation.
    monkeypatch.setattr(huey, "immediate", False)
    plates = []
    for letter in "AB":
        for _ in range(10):
            vehicle = make_vehicle(session, town.compound(letter))
            make_permit(session, vehicle)
            plates.append(vehicle.plate)
    plates += ["粤E00000", "nonsense"]
    make_webhook(session, town.community)
    devices = [new_device() for _ in range(DEVICES)]
    queues = [queue_of(number, plates) for number in range(DEVICES)]
    together = Barrier(DEVICES)

    def send(device, queue):
        batches = [queue[start : start + BATCH] for start in range(0, QUEUED, BATCH)]
        # The answer to the last one is lost on the way, so it is sent again.
        together.wait(30)
        answers = [device.post("/passes/batch", {"passes": one}) for one in [*batches, batches[-1]]]
        return [(one.status_code, one.json) for one in answers]

    with ThreadPoolExecutor(DEVICES) as threads:
        sent = list(threads.map(send, devices, queues))
    answers = [answer for one in sent for answer in one]
    assert {status for status, _ in answers} == {200}
    assert not any(answer["refused"] for _, answer in answers)
    wanted = {one["uuid"] for queue in queues for one in queue}
    assert {one for _, answer in answers for one in answer["taken"]} == wanted
    assert kept(select(func.count()).select_from(GateEvent)) == [DEVICES * QUEUED]
    assert set(kept(select(GateEvent.uuid))) == wanted
    was_refused = or_(GateEvent.verdict == "refuse", GateEvent.known_verdict == "refuse")
    refused = kept(select(GateEvent.uuid).where(was_refused))
    assert sorted(kept(select(WebhookDelivery.subject))) == sorted(refused)
