"""The application over a test's own database, and browsers signed in as each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.config import Home, Settings
from app.extensions import db
from app.factory import create_app
from records.people import Role, User
from tests.factories import AT, Town, make_town, make_user, representative_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def town(session: Session, tmp_path: Path) -> Town:
    """A community with compounds A and B, a gate, a plan in force and a signing key."""
    town = make_town(session, tmp_path)
    session.commit()
    return town


@pytest.fixture
def app(database_url: str, town: Town, tmp_path: Path) -> Iterator[Flask]:
    """The application of the town; its clock stands at `AT`."""
    flask = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}
    settings = Settings(home=Home(tmp_path), database_url=database_url, flask=flask)
    app = create_app(settings)
    app.extensions["clock"] = lambda: AT
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, session: Session, town: Town) -> SignIn:
    """Return a browser signed in as a user, or as a user of a role made where there is none.

    A representative is the one of compound A unless a letter is given. The language is English.
    """
    users: dict[tuple[Role, str], User] = {}

    def sign_in(who: User | Role, letter: str = "A") -> FlaskClient:
        user = who if isinstance(who, User) else users.get((who, letter))
        if user is None and isinstance(who, Role):
            user = (
                representative_of(session, town.compound(letter))
                if who is Role.REPRESENTATIVE
                else make_user(session, town.community, who)
            )
            users[who, letter] = user
            session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id() if user else ""
            cookie["language"] = "en"
        # The user's row was read: end the transaction, so that no lock is held while pages write.
        session.commit()
        return client

    return sign_in
