from sqlalchemy import select, update

from permits.people_index import index_people
from permits.searching import search
from permits.vehicles import Vehicle
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    approve_list,
    list_csv,
    make_town,
)

OLD, NEW = ("粤E00001", "3-501", "陈伟", "13800138000"), ("粤E00001", "3-501", "林婷", "")


def owner_found(session, town, name):
    found = search(session, town.community, name, sealer=SEALER, actor=OFFICE, at=AT)
    return [one.vehicle.plate for one in found.by_owner]


def test_a_list_brings_owners_that_can_be_found_and_a_later_one_renews_them(session, tmp_path):
    town = make_town(session, tmp_path)
    approve_list(session, town.compound("A"), list_csv(OLD), files=town.files)
    assert owner_found(session, town, "陈伟") == ["粤E00001"]
    approve_list(session, town.compound("A"), list_csv(NEW), files=town.files)
    session.expire_all()
    assert owner_found(session, town, "陈伟") == []
    assert owner_found(session, town, "林婷") == ["粤E00001"]


def test_cars_of_before_are_indexed_once(session, tmp_path):
    town = make_town(session, tmp_path)
    approve_list(session, town.compound("A"), list_csv(OLD, "粤E00002"), files=town.files)
    session.execute(update(Vehicle).values(owner_index=None, phone_index=None))
    session.expire_all()
    assert (index_people(session, SEALER), index_people(session, SEALER)) == (1, 0)
    assert owner_found(session, town, "13800138000") == ["粤E00001"]
    indexes = select(Vehicle.owner_index).where(Vehicle.plate == "粤E00002")
    assert session.scalars(indexes).all() == [None]
