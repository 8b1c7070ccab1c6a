"""A plan takes effect at midnight in the community's time, for the gate and for a patrol."""

from datetime import datetime, time, timedelta

import pytest

from permits.deciding import decide_now
from permits.patrol import Finding, find
from tests.factories import TODAY, make_permit, make_plan, make_town, make_vehicle
from zones.areas import zones_of
from zones.drafting import ProposedOpening
from zones.plans import plan_in_force

TOMORROW = TODAY + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def town(session, tmp_path):
    """From tomorrow on A parks in B1 and B in A1."""
    town = make_town(session, tmp_path)
    zones = {zone.code: zone.id for zone in zones_of(session, town.community.id)}
    swapped = [
        ProposedOpening(zones["B1"], town.compound("A").id),
        ProposedOpening(zones["A1"], town.compound("B").id),
    ]
    make_plan(session, town.community, swapped, first_day=TOMORROW)
    make_permit(session, make_vehicle(session, town.compound("A"), "粤E12345"))
    return town


@pytest.mark.parametrize("time_zone", ["Asia/Shanghai", "Asia/Kathmandu"])
def test_an_hour_before_midnight_the_old_plan_holds_and_an_hour_after_it_the_new_one(
    session, town, time_zone
):
    town.community.time_zone = time_zone
    midnight = datetime.combine(TOMORROW, time(), town.community.zone_info)
    for at, number, zone in ((midnight - HOUR, 1, "A1"), (midnight + HOUR, 2, "B1")):
        decision = decide_now(session, town.community, at=at, plate="粤E12345")
        local = at.astimezone(town.community.zone_info)
        assert decision.plan_number == number
        assert zone in {window.zone for window in decision.zones}
        found = {one: find(decision, one, local.time()).finding for one in ("A1", "B1")}
        other = {"A1": "B1", "B1": "A1"}[zone]
        assert (found[zone], found[other]) == (Finding.BELONGS_HERE, Finding.BELONGS_ELSEWHERE)
        day = town.community.local_day(at)
        assert plan_in_force(session, town.community.id, day).number == number
