from datetime import timedelta

import pytest
from sqlalchemy import func, select

from permits.answering import answer_report
from permits.infringement import InfringementKind, InfringementReport, ReportState
from permits.plates import PlateError
from permits.reporting import (
    LONGEST_TEXT,
    NothingToSee,
    ReportsWaiting,
    report_car,
    reports_query,
    reports_waiting,
)
from permits.vehicles import VehicleState
from records.photo import NotAPhoto
from tests.factories import (
    AT,
    OFFICE,
    make_community,
    make_town,
    make_vehicle,
    make_zone,
    photo_file,
)

PLATE = "粤E12345"
GUARD = "user:7"
UUID = "0b8c6f2e-3f0e-4c57-9d65-6a9d0a4b7c11"
HOUR = timedelta(hours=1)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def report(session, town):
    def report(**changes):
        given = {
            "zone": None,
            "plate": PLATE,
            "kind": InfringementKind.WRONG_ZONE,
            "note": "",
            "photo": None,
            "files": town.files,
            "actor": GUARD,
            "at": AT,
        }
        return report_car(session, town.community, **{**given, **changes})

    return report


def count(session):
    return session.scalar(select(func.count()).select_from(InfringementReport))


def test_a_report_keeps_what_was_seen_where_and_by_whom(session, town, report):
    zone = make_zone(session, town.community, "F1")
    made = report(zone=zone, plate="粤e·12345", note=" on the yellow box ", received_at=AT + HOUR)
    assert (made.plate, made.zone.code, made.note) == (PLATE, "F1", "on the yellow box")
    assert (made.reported_by, made.at, made.received_at) == (GUARD, AT, AT + HOUR)
    assert made.state == ReportState.OPEN


def test_a_report_names_the_compound_that_the_car_belongs_to(session, town, report):
    make_vehicle(session, town.compound("B"), PLATE)
    make_vehicle(session, town.compound("A"), "粤E00001", state=VehicleState.REMOVED)
    assert report().compound.letter == "B"
    assert report(plate="粤E00001").compound is None
    assert report(plate="京A00000").compound is None


def test_the_photo_is_kept_by_its_content_without_what_the_camera_wrote(town, report):
    made = report(photo=photo_file(comment=b"at home"))
    kept = town.files.read(made.photo_sha256)
    assert kept.startswith(b"\xff\xd8")
    assert b"at home" not in kept


def test_a_plate_that_cannot_be_read_needs_a_photo(report):
    assert report(plate="", photo=photo_file()).plate is None
    with pytest.raises(NothingToSee):
        report(plate=" ")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"plate": "粤E1234"}, PlateError), ({"photo": b"no picture"}, NotAPhoto)],
)
def test_what_cannot_be_kept_is_refused_whole(session, report, changes, refusal):
    with pytest.raises(refusal):
        report(**changes)
    assert count(session) == 0


def test_what_is_sent_twice_is_one_report(session, report):
    first = report(uuid=UUID, photo=photo_file())
    again = report(uuid=UUID, photo=photo_file(), note="again")
    assert (again.id, again.note, count(session)) == (first.id, "", 1)


def test_a_long_note_is_cut_rather_than_lost(report):
    assert report(note="字" * (LONGEST_TEXT + 1)).note == "字" * LONGEST_TEXT


def test_fire_lanes_stand_first_then_the_oldest(session, town, report):
    ages = {report(at=AT - hours * HOUR).id: hours for hours in (1, 3, 2)}
    urgent = report(kind=InfringementKind.FIRE_LANE)
    listed = session.scalars(reports_query(town.community, ReportState.OPEN)).all()
    assert [ages.get(one.id, "fire lane") for one in listed] == ["fire lane", 3, 2, 1]
    assert listed[0] is urgent
    assert urgent.is_urgent


def test_a_list_can_be_one_compounds_and_is_always_one_communitys(session, town, report):
    make_vehicle(session, town.compound("B"), PLATE)
    of_b = report()
    report(plate="京A00000")
    query = reports_query(town.community, ReportState.OPEN, town.compound("B"))
    assert [one.id for one in session.scalars(query)] == [of_b.id]
    elsewhere = make_community(session, "A", number=2)
    assert session.scalars(reports_query(elsewhere, ReportState.OPEN)).all() == []


def test_what_waits_is_counted_by_what_it_waits_for(session, town, report):
    report()
    report(kind=InfringementKind.FIRE_LANE)
    answered = report()
    due = answer_report(session, answered, "rung", actor=OFFICE, at=AT)
    assert reports_waiting(session, town.community.id, AT) == ReportsWaiting(2, 1, 0)
    assert reports_waiting(session, town.community.id, due) == ReportsWaiting(2, 1, 1)
