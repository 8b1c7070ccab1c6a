import pytest
from sqlalchemy import select

from permits.permit import PermitState
from permits.searching import MOST_FOUND, search
from permits.vehicles import VehicleState
from records.ledger import LedgerEntry
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    make_community,
    make_permit,
    make_town,
    make_vehicle,
)


@pytest.fixture
def town(session, tmp_path):
    return make_town(session, tmp_path)


@pytest.fixture
def cars(session, town):
    a, b = town.compound("A"), town.compound("B")
    make_vehicle(session, a, "粤E86661", "1-2-301", owner="欧阳 测试", phone="138 6666 1234")
    make_vehicle(session, b, "粤B00003", "1-2-302", owner="Chen Wei")
    make_vehicle(session, a, "粤E86662", "1-1-301", state=VehicleState.REMOVED)
    make_vehicle(session, b, "粤ED86661", "9-901")


@pytest.fixture
def find(session, town):
    return lambda text: search(session, town.community, text, sealer=SEALER, actor=OFFICE, at=AT)


def plates(cars):
    return [one.vehicle.plate for one in cars]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("粤e·86661", ["粤E86661"]),
        ("86661", ["粤E86661"]),
        ("E86661", ["粤E86661"]),
        ("D86661", ["粤ED86661"]),
        ("粤E86662", ["粤E86662"]),
        ("粤E99999", []),
    ],
)
def test_a_car_is_found_by_its_plate_with_or_without_the_province(cars, find, typed, found):
    assert plates(find(typed).by_plate) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [("粤E8", ["粤E86661"]), ("6661", ["粤E86661", "粤ED86661"]), ("粤X", []), ("%", [])],
)
def test_a_part_of_a_plate_is_looked_for_where_nothing_else_is_found(cars, find, typed, found):
    assert plates(find(typed).by_part) == found


@pytest.mark.parametrize("typed", ["1栋2单元301", "1-2-301", "1幢2单元301房"])
def test_a_household_is_found_however_it_is_written(cars, find, typed):
    assert plates(find(typed).by_household) == ["粤E86661"]


def test_a_household_without_its_unit_is_every_unit_and_cars_that_left_are_not_in_it(
    session, town, cars, find
):
    make_vehicle(session, town.compound("B"), "粤E00009", "1-3-301")
    assert plates(find("1-301").by_household) == ["粤E00009", "粤E86661"]


@pytest.mark.parametrize("typed", ["欧阳测试", " 欧阳 测试 ", "13866661234", "+86 138-6666-1234"])
def test_an_owner_is_found_by_the_whole_name_or_number(cars, find, typed):
    assert plates(find(typed).by_owner) == ["粤E86661"]


@pytest.mark.parametrize("typed", ["欧阳", "1386666", "陈", ""])
def test_a_part_of_a_name_or_number_finds_nobody(cars, find, typed):
    assert find(typed).is_empty


def test_a_name_is_found_in_any_case_and_width(cars, find):
    assert plates(find("ｃｈｅｎ ＷＥＩ").by_owner) == ["粤B00003"]


def test_a_permit_is_found_by_serial_or_number_after_it_ended_too(session, town, find):
    car = make_vehicle(session, town.compound("A"), "粤E00001")
    ended = make_permit(session, car, PermitState.REVOKED)
    current = make_permit(session, car)
    assert find(ended.serial.lower()).by_serial == [ended]
    assert find(f"A-{ended.number}").by_serial == [ended]
    assert find(str(ended.number)).by_serial == [ended]
    assert find(f"B-{ended.number}").by_serial == []
    [found] = find("粤E00001").by_plate
    assert found.permit is current


def test_only_what_is_found_by_an_owner_is_entered_and_the_name_is_not(session, cars, find):
    find("粤E86661")
    find("1-2-301")
    find("nobody of this name")
    of_people = select(LedgerEntry).where(LedgerEntry.act == "personal_data.searched")
    assert not session.scalars(of_people).all()
    [car] = find("欧阳测试").by_owner
    [entry] = session.scalars(of_people)
    assert (entry.actor, entry.subject, entry.details) == (
        OFFICE,
        f"vehicle:{car.vehicle.id}",
        {},
    )


def test_another_communitys_cars_are_not_found(session, cars, town):
    elsewhere = make_community(session, "A", number=2)
    for typed in ("粤E86661", "86661", "1-2-301", "欧阳测试", "6661"):
        assert search(session, elsewhere, typed, sealer=SEALER, actor=OFFICE, at=AT).is_empty


def test_no_more_are_shown_than_anybody_reads(session, town, find):
    for number in range(MOST_FOUND + 1):
        make_vehicle(session, town.compound("A"), f"粤E{number:05d}")
    assert len(find("粤E").by_part) == MOST_FOUND
