import pytest
from flask import Blueprint

from app import factory
from app.config import Home, Settings
from app.rights import Right, needs, open_to_all
from records.people import Role


@pytest.fixture
def settings(tmp_path):
    return Settings(Home(tmp_path), "sqlite://")


def application_with(monkeypatch, settings, view):
    blueprint = Blueprint("added", __name__)
    blueprint.get("/added")(view)
    monkeypatch.setattr(factory, "BLUEPRINTS", (*factory.BLUEPRINTS, blueprint))
    return factory.create_app(settings)


@pytest.mark.anywhere
def test_a_view_without_a_right_does_not_start(monkeypatch, settings):
    def forgotten():
        return ""

    with pytest.raises(RuntimeError, match=r"added\.forgotten"):
        application_with(monkeypatch, settings, forgotten)


@pytest.mark.anywhere
@pytest.mark.parametrize("says", [open_to_all, needs(Right.SEE_LEDGER)])
def test_a_view_that_says_whom_it_is_for_starts(monkeypatch, settings, says):
    def added():
        return ""

    app = application_with(monkeypatch, settings, says(added))
    assert "added.added" in app.view_functions


@pytest.mark.anywhere
def test_an_installation_is_readable_by_its_owner_only(tmp_path):
    home = Home(tmp_path / "new")
    factory.create_app(Settings(home, "sqlite://"))
    assert home.folder.stat().st_mode & 0o077 == 0
    assert not [one for one in home.keys.iterdir() if one.stat().st_mode & 0o077]


def test_texts_that_no_database_keeps_are_taken_as_other_texts(sign_in, town):
    page = sign_in(Role.STAFF).post("/office/vehicles?compound=&x=%00", data={"text": "粤\0E"})
    assert page.status_code == 200
    assert "\0" not in page.text
