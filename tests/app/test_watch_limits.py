"""How often anybody may ask and report, in an application that counts."""

import io
import re

import pytest
from sqlalchemy import select

from app.caps import Cap
from app.config import Home, Settings
from app.extensions import db, limiter
from app.factory import create_app
from permits.infringement import InfringementReport
from tests.factories import AT, make_permit, make_vehicle, photo_file
from zones.areas import zones_of

PLATE = "粤E12345"


@pytest.fixture
def zone(session, town):
    """Zone A1, in which one car may park."""
    make_permit(session, make_vehicle(session, town.compound("A"), PLATE))
    zone = zones_of(session, town.community.id)[0].id
    session.commit()
    return zone


@pytest.fixture
def visitor(database_url, town):
    flask = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True}
    app = create_app(Settings(Home(town.folder), database_url, flask=flask))
    app.extensions["clock"] = lambda: AT
    limiter.reset()
    yield app.test_client()
    limiter.reset()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def look(visitor, zone):
    return lambda typed: visitor.post("/look", data={"zone": zone, "plate": typed})


@pytest.fixture
def report(visitor, zone):
    def report():
        photo = (io.BytesIO(photo_file()), "photo.jpg")
        given = {"zone": zone, "kind": "fire_lane", "photo": photo}
        return visitor.post("/report", data=given).status_code

    return report


def may_park(page):
    [answer] = re.findall(r'data-may-park="(\w+)"', page.text)
    return answer


def test_one_visitor_may_type_ten_plates_a_minute(look):
    tries = [look(f"粤E{number:05d}").status_code for number in range(11)]
    assert tries == [200] * 10 + [429]


def test_a_zone_answers_all_visitors_together_only_so_often(look, monkeypatch):
    monkeypatch.setattr("app.watch.LOOKS_IN_ZONE", Cap("look-zone", "1 per hour"))
    assert [may_park(look(typed)) for typed in (PLATE, "粤E00000")] == ["yes", "not_known"]


@pytest.mark.parametrize("typed", [PLATE, "粤E00000"])
def test_a_plate_is_asked_for_only_so_often_whether_it_is_known_or_not(look, monkeypatch, typed):
    monkeypatch.setattr("app.watch.LOOKS_AT_PLATE", Cap("look-plate", "1 per hour"))
    assert may_park(look(typed)) != "not_known"
    assert may_park(look(typed)) == "not_known"


def test_one_visitor_reports_three_times_a_minute_and_all_together_up_to_the_cap(
    report, kept, monkeypatch
):
    assert [report() for _ in range(4)] == [302, 302, 302, 429]
    limiter.reset()
    monkeypatch.setattr("app.watch.ALL_REPORTS", Cap("reports", "1 per hour"))
    assert [report() for _ in range(2)] == [302, 429]
    assert len(kept(select(InfringementReport))) == 4
