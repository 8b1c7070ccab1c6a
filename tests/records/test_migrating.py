import pytest
from sqlalchemy import inspect, make_url, select, text
from sqlalchemy.orm import Session

from permits.infringement import InfringementReport
from permits.models import MODELS
from records import migrating
from records.database import open_engine
from tests.conftest import _run_outside_a_transaction
from tests.factories import make_community
from zones.communities import Community


@pytest.fixture
def empty_engine(database_url, tmp_path):
    if database_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        _run_outside_a_transaction(database_url, "CREATE DATABASE empty_one")
        url = make_url(database_url).set(database="empty_one").render_as_string(False)
    engine = open_engine(url)
    yield engine
    engine.dispose()
    if not database_url.startswith("sqlite"):
        _run_outside_a_transaction(database_url, "DROP DATABASE empty_one WITH (FORCE)")


def test_migrations_leave_no_difference_from_the_models(engine):
    assert migrating.differences(engine) == []


def test_migrations_run_up_down_and_up_again(empty_engine):
    migrating.upgrade(empty_engine)
    assert {model.__tablename__ for model in MODELS} < set(inspect(empty_engine).get_table_names())
    migrating.downgrade(empty_engine)
    assert inspect(empty_engine).get_table_names() == ["alembic_version"]
    migrating.upgrade(empty_engine)
    assert migrating.differences(empty_engine) == []


def test_bringing_a_database_up_a_second_time_leaves_it_alone(empty_engine):
    migrating.upgrade(empty_engine)
    with Session(empty_engine) as session:
        make_community(session)
        session.commit()
    migrating.upgrade(empty_engine)
    with Session(empty_engine) as session:
        assert len(session.scalars(select(Community)).all()) == 1
    assert migrating.differences(empty_engine) == []


def test_what_the_models_lack_is_named_as_a_difference(empty_engine):
    migrating.upgrade(empty_engine)
    with empty_engine.begin() as connection:
        connection.execute(text("ALTER TABLE zones ADD COLUMN slope INTEGER"))
        connection.execute(text("DROP INDEX uq_vehicles_active_plate"))
    found = "\n".join(migrating.differences(empty_engine))
    assert "slope" in found
    assert "uq_vehicles_active_plate" in found


def test_an_answer_from_before_the_look_backs_is_a_step_and_goes_back_as_it_was(empty_engine):
    migrating.upgrade(empty_engine, "0002")
    columns = "uuid, community_id, kind, note, reported_by, at, received_at, state, answer"
    with empty_engine.begin() as connection:
        moment = "'2026-12-01 08:30:00+00:00'"
        connection.execute(
            text(
                "INSERT INTO communities (id, number, name, name_en, province, time_zone,"
                " permit_days) VALUES (1, 1, '社区', '', '粤', 'Asia/Shanghai', 365)"
            )
        )
        for uuid, state, answer in (("1", "open", ""), ("2", "closed", "towed")):
            ended = "NULL, NULL" if state == "open" else f"{moment}, 'user:1'"
            connection.execute(
                text(
                    f"INSERT INTO infringement_reports ({columns}, closed_at, closed_by) VALUES"
                    f" ('{uuid}', 1, 'other', '', 'user:2', {moment}, {moment}, '{state}',"
                    f" '{answer}', {ended})"
                )
            )
    migrating.upgrade(empty_engine)
    with Session(empty_engine) as session:
        reports = session.scalars(select(InfringementReport).order_by(InfringementReport.uuid))
        assert [(one.state, [step.words for step in one.steps]) for one in reports.unique()] == [
            ("open", []),
            ("closed", ["towed"]),
        ]
    migrating.downgrade(empty_engine, "0002")
    with empty_engine.begin() as connection:
        rows = connection.execute(
            text("SELECT state, answer FROM infringement_reports ORDER BY uuid")
        )
        assert rows.all() == [("open", ""), ("closed", "towed")]
