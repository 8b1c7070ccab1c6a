import pytest
from sqlalchemy import text

from app.config import Home, Settings
from app.factory import create_app
from records.people import Role
from tests.app.pages import words_of
from tests.factories import draft_list, list_csv

JSON = {"Accept": "application/json"}


def gone(engine):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE communities RENAME TO gone"))


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_programs_get_a_problem_document(client, accept):
    response = client.get("/nowhere", headers={"Accept": accept})
    assert response.mimetype == "application/problem+json"
    assert response.status_code == response.json["status"] == 404
    assert response.json["code"] == "not_found"
    assert response.json["type"].endswith("not_found")
    assert response.json["title"]


def test_a_refusal_of_the_domain_is_a_problem_document_with_its_code(sign_in, session, town):
    one = draft_list(session, town.compound("A"), list_csv("粤E12345"), files=town.files)
    session.commit()
    client = sign_in(Role.REPRESENTATIVE)
    client.post(f"/compound/lists/{one.id}/submit")
    response = client.post(f"/compound/lists/{one.id}/submit", headers=JSON)
    assert (response.status_code, response.json["code"]) == (409, "wrong_list_state")


@pytest.mark.parametrize("accept", ["text/html", "*/*", "text/html,application/json;q=0.9"])
def test_people_get_a_page(client, accept):
    client.post("/language/en")
    response = client.get("/nowhere", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert "There is no such page, or it is not yours to see." in words_of(response)


def test_a_way_of_asking_that_a_page_does_not_know_is_told_with_those_it_knows(client):
    response = client.post("/")
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(", "))


def test_who_acts_after_the_session_has_ended_is_told_to_sign_in(client):
    client.post("/language/en")
    response = client.post("/office/lists/1/approve")
    assert response.status_code == 401
    assert "Sign in first." in words_of(response)


@pytest.mark.parametrize(
    ("address", "status"), [("/", 500), ("/sign-in", 500), ("/office/", 500), ("/nowhere", 404)]
)
def test_a_page_is_shown_even_when_the_database_fails(sign_in, engine, address, status):
    client = sign_in(Role.STAFF)
    gone(engine)
    response = client.get(address)
    assert response.status_code == status
    assert "<h1>" in response.text
    assert "Traceback" not in response.text
    assert "communities" not in response.text


def test_a_page_is_shown_even_when_the_database_is_gone(town):
    app = create_app(Settings(Home(town.folder), "postgresql+psycopg://127.0.0.1:1/nowhere"))
    response = app.test_client().get("/")
    assert (response.status_code, response.mimetype) == (500, "text/html")
    assert app.test_client().get("/health", headers=JSON).json["code"] == "server_error"


def test_a_program_is_told_of_a_failure_in_a_document(client, engine):
    gone(engine)
    response = client.get("/", headers=JSON)
    assert (response.status_code, response.json["code"]) == (500, "server_error")


def test_hostile_addresses_are_not_found(client):
    for address in ("/%00", "/P/%00", "/static/%00", "/static/../app/config.py", "/jobs/%00"):
        assert client.get(address).status_code in (302, 404), address
