"""The application over a test's own database, and browsers signed in as each role."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Select
from sqlalchemy.orm import Session

from app.config import Home, Settings
from app.extensions import db, limiter
from app.factory import create_app
from app.jobs import huey
from records.database import reading
from records.file_store import FileStore
from records.keys import KeyStore
from records.people import Role, User
from records.sign_ins import begin_sign_in
from tests.conftest import Database
from tests.factories import AT, SEALER, Town, make_town, make_user, representative_of

SignIn = Callable[..., FlaskClient]
Kept = Callable[[Select[Any]], list[Any]]


@pytest.fixture
def town(session: Session, tmp_path: Path) -> Town:
    """A community with compounds A and B, a gate, a plan in force and a signing key.

    What tests read of it starts no transaction, which would keep the application from writing.
    """
    session.expire_on_commit = False
    town = make_town(session, tmp_path)
    session.commit()
    return town


@pytest.fixture(scope="session")
def app_of_process(
    migrated_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application that tests have one after the other: its templates compile once."""
    flask = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}
    home = Home(tmp_path_factory.mktemp("home"))
    app = create_app(Settings(home=home, database_url=migrated_database.url, flask=flask))
    with app.app_context():
        migrated_database.lend(db.engine)
    was_immediate, huey.immediate = huey.immediate, True
    yield app
    huey.immediate = was_immediate


@pytest.fixture
def app(
    app_of_process: Flask, database_url: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The application of the town; its clock stands at `AT`, and jobs run inside the request."""
    app = app_of_process
    settings = dataclasses.replace(app.extensions["settings"], home=Home(town.folder))
    of_this_test = {
        "settings": settings,
        "keys": KeyStore(settings.home.keys),
        "files": FileStore(settings.home.files),
        "clock": lambda: AT,
        "sealer": SEALER,
    }
    for name, value in of_this_test.items():
        monkeypatch.setitem(app.extensions, name, value)
    # The one limiter of all applications is as the last one made wants it.
    monkeypatch.setattr(limiter, "enabled", False)
    config = dict(app.config)
    # Another test's job may belong to a user of the same number.
    huey.storage.flush_all()
    yield app
    app.config.clear()
    app.config.update(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, session: Session, town: Town) -> SignIn:
    """Return a browser, reading English, signed in as a user or as one of a role.

    A representative is the one of compound A unless a letter is given.
    """
    users: dict[tuple[Role, str], User] = {}

    def of_role(role: Role, letter: str) -> User:
        if (role, letter) not in users:
            users[role, letter] = (
                representative_of(session, town.compound(letter))
                if role is Role.REPRESENTATIVE
                else make_user(session, town.community, role)
            )
        return users[role, letter]

    def sign_in(who: User | Role, letter: str = "A") -> FlaskClient:
        user = who if isinstance(who, User) else of_role(who, letter)
        begin_sign_in(session, user, "", AT)
        session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
            cookie["language"] = "en"
        return client

    return sign_in


@pytest.fixture
def kept(engine: Engine) -> Kept:
    """Return what a query finds in the database now, in a transaction that only reads."""

    def kept(query: Select[Any]) -> list[Any]:
        with reading(), Session(engine, expire_on_commit=False) as session:
            return list(session.scalars(query).unique())

    return kept
