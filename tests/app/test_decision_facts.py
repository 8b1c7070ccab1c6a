from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.decision_facts import decision_facts
from permits.gate import CompoundSign, Known, Registration, Standing, ZoneWindow, decide
from permits.permit import PermitState
from tests.factories import TODAY

pytestmark = pytest.mark.anywhere

MORNING, EVENING = ZoneWindow("S1", time(6), time(9)), ZoneWindow("S1", time(18), time(23))


def test_of_two_windows_of_one_zone_only_the_one_that_is_open_is_called_open():
    standing = Standing(1, "A-000001-5", "粤E12345", 1, PermitState.PRINTED, TODAY, TODAY)
    known = Known(
        community=1,
        time_zone=ZoneInfo("Asia/Shanghai"),
        as_of=datetime(2026, 12, 1, tzinfo=UTC),
        public_keys={},
        compounds={1: CompoundSign(1, "甲", "A", "A", "blue", (MORNING, EVENING))},
        permit_numbered=lambda number: standing,
        registration_of=lambda plate: Registration(1, standing),
    )
    # Eight in the morning in Shanghai.
    facts = decision_facts(
        decide(at=datetime(2026, 12, 1, 0, tzinfo=UTC), known=known, plate="粤E12345")
    )
    assert [(one["starts"], one["open_now"]) for one in facts["windows"]] == [
        ("06:00", True),
        ("18:00", False),
    ]
