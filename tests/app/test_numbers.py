import csv
import io

import pytest
from sqlalchemy import update

from records.people import Role
from tests.app.pages import words_of
from tests.factories import make_vehicle
from zones.communities import Compound


@pytest.fixture
def cars(session, town):
    """Five cars in three flats of compound A, one in compound B."""
    for flat in ("1-101", "1-101", "1-101", "1-102", "1-103"):
        make_vehicle(session, town.compound("A"), household=flat)
    make_vehicle(session, town.compound("B"), household="1-101")
    session.commit()


def rows(answer):
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.STAFF, Role.ADMINISTRATOR])
def test_all_who_decide_see_the_numbers_of_all_compounds(sign_in, cars, role):
    page = sign_in(role).get("/numbers/")
    words = words_of(page)
    assert "A · Compound A" in words
    assert "B · Compound B" in words
    assert page.text.count("<svg") >= 6


def test_a_limit_shows_how_many_permits_it_gives_and_how_full_the_zones_are(sign_in, cars):
    page = words_of(sign_in(Role.STAFF).get("/numbers/?A=1&B=none"))
    assert "3 permits for 10 spaces" in page
    assert "1 permits for 10 spaces" in page
    full = rows(sign_in(Role.STAFF).get("/numbers/table?name=zones&kind=csv&A=1&B=none"))
    assert [row[0].split()[0] for row in full[1:]] == ["A1", "B1"]
    assert [row[1:] for row in full[1:]] == [["10", "3", "0.3"], ["10", "1", "0.1"]]


def test_without_a_choice_the_present_limits_are_reckoned(sign_in, cars, session):
    session.execute(update(Compound).where(Compound.letter == "A").values(vehicles_per_household=2))
    session.commit()
    assert "4 permits for 10 spaces" in words_of(sign_in(Role.STAFF).get("/numbers/"))


@pytest.mark.parametrize("asked", ["A=0", "A=99", "A=x", "A=-1", "A=٣"])
def test_a_limit_that_is_none_is_not_taken(sign_in, cars, asked):
    assert "5 permits for 10 spaces" in words_of(sign_in(Role.STAFF).get(f"/numbers/?{asked}"))


def test_the_limits_are_compared_in_one_table(sign_in, cars):
    table = rows(sign_in(Role.STAFF).get("/numbers/table?name=limits&kind=csv"))
    assert table[1:] == [
        ["A · Compound A", "3", "4", "5", "5", "5", "5", "10"],
        ["B · Compound B", "1", "1", "1", "1", "1", "1", "10"],
        ["Together", "4", "5", "6", "6", "6", "6", "20"],
    ]


@pytest.mark.parametrize(
    "name", ["households", "use", "energy", "demand", "months", "limits", "zones"]
)
def test_every_table_comes_as_a_workbook(sign_in, cars, name):
    answer = sign_in(Role.STAFF).get(f"/numbers/table?name={name}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert f'filename="{name}-2026-12-01.xlsx"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("address", ["/numbers/table?kind=pdf", "/numbers/table?name=cars"])
def test_what_is_no_table_is_not_found(sign_in, cars, address):
    assert sign_in(Role.STAFF).get(address).status_code == 404


def test_an_empty_register_says_what_comes_first(sign_in):
    words = words_of(sign_in(Role.STAFF).get("/numbers/"))
    assert "Nothing to count yet" in words
