from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import CheckConstraint, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from permits.models import MODELS
from permits.passes import GateEvent
from permits.plate_list import PlateList, PlateListRow
from permits.vehicles import Vehicle
from records.database import Base, is_sqlite, open_sessions, reading
from tests.at_once import at_once
from tests.factories import AT, compound_of, make_community, make_gate, make_vehicle
from zones.communities import Community

NAIVE = datetime(2026, 12, 1, 8, 30)  # noqa: DTZ001 - the point is that it is refused


@pytest.fixture
def community(session):
    return make_community(session)


def test_a_moment_without_a_time_zone_is_refused(session, community):
    vehicle = make_vehicle(session, compound_of(community, "A"))
    vehicle.added_at = NAIVE
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_a_moment_comes_back_in_utc_whichever_zone_it_was_given_in(session, community):
    shanghai = timezone(timedelta(hours=8))
    vehicle = make_vehicle(session, compound_of(community, "A"))
    vehicle.added_at = datetime(2026, 12, 1, 16, 30, tzinfo=shanghai)
    session.commit()
    assert vehicle.added_at == AT
    assert vehicle.added_at.tzinfo == UTC


def test_moments_of_different_zones_are_ordered_by_time(session, community):
    compound = compound_of(community, "A")
    for hours in (0, 8, -5):
        local = timezone(timedelta(hours=hours))
        vehicle = make_vehicle(session, compound)
        vehicle.added_at = (AT + timedelta(minutes=hours)).astimezone(local)
    session.commit()
    moments = session.scalars(select(Vehicle.added_at).order_by(Vehicle.added_at)).all()
    assert moments == sorted(moments)


def test_every_constraint_and_index_of_the_models_is_in_the_database(engine):
    database = inspect(engine)
    for model in MODELS:
        table = model.__table__
        found = {
            *(one["name"] for one in database.get_check_constraints(table.name)),
            *(one["name"] for one in database.get_foreign_keys(table.name)),
            *(one["name"] for one in database.get_unique_constraints(table.name)),
            *(one["name"] for one in database.get_indexes(table.name)),
        }
        wanted = {one.name for one in (*table.constraints, *table.indexes)}
        assert wanted - {table.primary_key.name} <= found


def test_the_models_name_every_table():
    assert {model.__tablename__ for model in MODELS} == set(Base.metadata.tables)
    checks = [one for table in Base.metadata.tables.values() for one in table.constraints]
    assert all(one.name for one in checks if isinstance(one, CheckConstraint))


@pytest.mark.parametrize(
    "changes", [{"state": "lost"}, {"meaning": "some"}, {"compound_id": 999}], ids=str
)
def test_the_database_refuses_a_list_that_cannot_be(session, community, changes):
    row = {
        "compound_id": community.compounds[0].id,
        "file_name": "",
        "file_sha256": "",
        "created_by": "",
        "created_at": AT,
        **changes,
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(PlateList).values(**row))


@pytest.mark.parametrize(
    "changes", [{"outcome": "fine"}, {"decision": "share"}, {"list_id": 999}], ids=str
)
def test_the_database_refuses_a_row_that_cannot_be(session, community, changes):
    plate_list = PlateList(
        compound=community.compounds[0],
        file_name="",
        file_sha256="",
        created_by="",
        created_at=AT,
    )
    session.add(plate_list)
    session.flush()
    row = {
        "list_id": plate_list.id,
        "sheet": "",
        "row": 1,
        "raw": "",
        "building": "",
        "unit": "",
        "room": "",
        "outcome": "accepted",
        "reason": "",
        **changes,
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(PlateListRow).values(**row))


@pytest.mark.parametrize(
    "changes",
    [{"direction": "up"}, {"verdict": "maybe"}, {"gate_id": 999}, {"permit_id": 999}],
    ids=str,
)
def test_the_database_refuses_a_pass_that_cannot_be(session, community, changes):
    row = {
        "gate_id": make_gate(session, community).id,
        "direction": "in",
        "verdict": "admit",
        "reasons": [],
        "let_through": True,
        "at": AT,
        **changes,
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(GateEvent).values(**row))


def test_two_writers_wait_for_each_other_and_lose_nothing(engine, session, community):
    number = community.id
    session.commit()

    def lengthen(one, found):
        one.execute(
            text("UPDATE communities SET permit_days = permit_days + 1 WHERE id = :id"),
            {"id": number},
        )
        one.commit()

    before = community.permit_days
    session.commit()
    results = at_once(engine, lambda one: one.get_one(Community, number), *[lengthen] * 4)
    assert results == [None] * 4
    assert session.get_one(Community, number).permit_days == before + 4


def test_a_reader_waits_for_no_writer(engine, session, community):
    session.commit()
    community.name = "being changed"
    session.flush()
    with reading(), Session(engine) as reader:
        assert reader.scalar(select(Community.name)) == "社区1"


def test_sessions_made_for_an_engine_speak_to_it(engine):
    with open_sessions(engine)() as session:
        assert is_sqlite(session) == (engine.dialect.name == "sqlite")
        assert session.scalars(select(Community)).all() == []


def test_a_refused_statement_undoes_the_whole_transaction(engine, community, session):
    number = community.id
    session.commit()
    with Session(engine) as other:
        make_vehicle(other, compound_of(other.get_one(Community, number), "A"))
        with pytest.raises(DBAPIError):
            other.execute(text("INSERT INTO households (compound_id) VALUES (999)"))
    assert session.scalars(select(Vehicle)).all() == []
