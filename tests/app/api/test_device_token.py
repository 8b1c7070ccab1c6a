import pytest

from app.config import Home, Settings
from app.extensions import db, limiter
from app.factory import create_app
from permits.devices import close_device
from permits.gate_device import GateDevice
from records.people import Role
from tests.app.api.conftest import PLATE
from tests.app.api.problems import problem_of
from tests.factories import AT, OFFICE

ASKED = {"plate": PLATE}


def test_a_device_asks_who_it_is(device):
    told = device.get("/device").json
    assert told == {
        "name": "camera",
        "gate": "east",
        "direction": "in",
        "least_confidence": 0.8,
        "time": AT.isoformat(),
    }


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "token_missing"),
        ({"Authorization": ""}, "token_missing"),
        ({"Authorization": "Bearer"}, "token_missing"),
        ({"Authorization": "Digest username=a"}, "token_missing"),
        ({"Authorization": "Bearer wrong"}, "token_unknown"),
        (
            {"Authorization": "Bearer \udcff".encode("utf-8", "surrogateescape").decode("latin-1")},
            "token_unknown",
        ),
        ({"Authorization": "Basic Y2FtZXJhOndyb25n"}, "token_unknown"),
        ({"Authorization": "Basic !"}, "token_missing"),
    ],
)
def test_without_a_good_token_nothing_is_told(client, header, code):
    response = client.post("/api/v1/decisions", json=ASKED, headers=header)
    assert problem_of(response) == (401, code)
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="parking"'


def test_a_camera_may_send_its_token_as_a_password(device, client):
    response = client.get("/api/v1/device", headers=device.basic)
    assert response.json["name"] == "camera"
    refused = client.post("/api/v1/cameras/hikvision")
    assert "Basic" in refused.headers["WWW-Authenticate"]


def test_a_token_in_the_address_is_none(device, client):
    response = client.get(f"/api/v1/device?token={device.token}")
    assert problem_of(response) == (401, "token_missing")


def test_who_is_signed_in_is_no_device(sign_in):
    response = sign_in(Role.ADMINISTRATOR).post("/api/v1/decisions", json=ASKED)
    assert problem_of(response) == (401, "token_missing")


def test_a_closed_device_is_told_nothing(device, session):
    close_device(session, session.get_one(GateDevice, device.device), actor=OFFICE, at=AT)
    session.commit()
    assert problem_of(device.get("/device")) == (401, "token_unknown")


@pytest.fixture
def limited(database_url, town):
    """The application as it runs, with its limits: three requests a minute."""
    flask = {"TESTING": True, "RATELIMIT_ENABLED": True, "API_LIMIT": "3 per minute"}
    app = create_app(Settings(Home(town.folder), database_url, flask=flask))
    yield app.test_client()
    with app.app_context():
        limiter.reset()
        db.engine.dispose()


def test_a_device_that_calls_without_end_is_slowed_down_alone(device, new_device, limited):
    asked = [limited.get("/api/v1/device", headers=device.bearer) for _ in range(4)]
    assert [one.status_code for one in asked[:3]] == [200] * 3
    assert problem_of(asked[3]) == (429, "too_many_tries")
    other = new_device()
    assert limited.get("/api/v1/device", headers=other.bearer).status_code == 200


def test_no_form_token_is_asked_of_a_device(device, limited):
    response = limited.post("/api/v1/decisions", json=ASKED, headers=device.bearer)
    assert response.status_code == 200
