"""The demo is the story: four compounds with about 600 cars, all of whom have what they need."""

import random
from collections import Counter

import pytest
from sqlalchemy import select

from app.demo import COMPOUNDS, USERS, load_demo, plate_list_csv
from app.sample_list import write_sample_list
from permits.permit import IN_FORCE, Permit
from permits.plate_list import ListMeaning, ListState, Outcome, PlateList, PlateListRow
from permits.reading import read_list
from permits.submitting import review_list
from permits.vehicles import Vehicle
from records import ledger
from records.file_store import FileStore
from records.keys import KeyStore
from records.people import Role, User, sign_in
from tests.factories import AT, SEALER
from zones.communities import Community, gates_of
from zones.plans import plan_in_force


@pytest.fixture
def demo(session, tmp_path):
    return load_demo(
        session,
        keys=KeyStore(tmp_path / "keys"),
        files=FileStore(tmp_path / "files"),
        sealer=SEALER,
        sign_ins=tmp_path / "sign-ins.txt",
        at=AT,
    )


def test_everything_is_there_and_at_work(demo, session, tmp_path):
    cars = session.scalars(select(Vehicle)).all()
    assert len(cars) == sum(one.vehicles for one in COMPOUNDS)
    assert 550 <= len(cars) <= 650
    permits = session.scalars(select(Permit)).all()
    assert {one.vehicle_id for one in permits} == {one.id for one in cars}
    assert {one.state for one in permits} <= set(IN_FORCE)
    assert {one.state for one in session.scalars(select(PlateList))} == {ListState.APPROVED}
    outcomes = Counter(session.scalars(select(PlateListRow.outcome)))
    assert set(outcomes) == {Outcome.ACCEPTED}
    plan = plan_in_force(session, demo.id, demo.local_day(AT))
    assert plan is not None
    assert {one.compound_id for one in plan.openings} == {one.id for one in demo.compounds}
    assert ledger.verify(ledger.export(session)) == ledger.head(session)

    users = {one.name: one for one in session.scalars(select(User))}
    assert {one.role for one in users.values()} == set(Role)
    assert gates_of(session, users["guard"].id) == demo.gates
    lines = (tmp_path / "sign-ins.txt").read_text().splitlines()
    passwords = dict(line.split()[:2] for line in lines)
    assert len(set(passwords.values())) == len(USERS)
    assert sign_in(session, "office", passwords["office"]) is users["office"]


def test_where_there_is_a_community_nothing_is_loaded(session, tmp_path):
    present = Community(number=7, name="新城", name_en="New Town")
    session.add(present)
    session.flush()
    places = {"keys": KeyStore(tmp_path / "keys"), "files": FileStore(tmp_path / "files")}
    sign_ins = tmp_path / "sign-ins.txt"
    assert load_demo(session, sealer=SEALER, sign_ins=sign_ins, at=AT, **places) is present
    assert session.scalars(select(Vehicle)).all() == []
    assert not sign_ins.exists()


def test_the_sample_list_has_something_of_nearly_every_outcome(demo, session, tmp_path):
    path = tmp_path / "sample.xlsx"
    write_sample_list(path)
    rows = read_list(path.read_bytes(), path.name).rows
    review = review_list(session, demo.compounds[0], rows, ListMeaning.ADD, SEALER)
    of_other_lists = {Outcome.REMOVED, Outcome.NOT_IN_REGISTER, Outcome.LEFT_OUT}
    assert len(set(Outcome) - of_other_lists - {row.outcome for row in review.rows}) <= 1


@pytest.mark.anywhere
@pytest.mark.parametrize("story", COMPOUNDS, ids=lambda story: story.code)
def test_the_demos_lists_are_the_same_at_every_start(story):
    first = plate_list_csv(story)
    random.seed(1)
    assert plate_list_csv(story) == first
