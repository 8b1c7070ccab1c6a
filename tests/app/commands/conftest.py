"""The command line over a test's own database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.config import Home, Settings
from app.extensions import db
from app.factory import create_app

Command = Callable[..., Any]


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run a command of the town."""
    return lambda *arguments: app.test_cli_runner().invoke(args=[*map(str, arguments)])


def document_of(result: Result) -> Any:
    """Return the one JSON document that a command printed."""
    return json.loads(result.stdout)


@pytest.fixture
def answer(run: Callable[..., Result]) -> Command:
    """Return the document of a command that succeeds."""

    def answer(group: str, command: str, *arguments: Any) -> Any:
        result = run(group, command, "--json", *arguments)
        assert result.exit_code == 0, result.output
        return document_of(result)

    return answer


@pytest.fixture
def refusal(run: Callable[..., Result]) -> Command:
    """Return the exit status and the document of a command that is refused, in English."""

    def refusal(group: str, command: str, *arguments: Any) -> tuple[int, Any]:
        result = run(group, command, "--language", "en", "--json", *arguments)
        document = document_of(result)
        assert set(document) == {"error", "words"}
        return result.exit_code, document

    return refusal


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application of an installation that was never used."""
    app = create_app(Settings(Home(tmp_path), database_url))
    yield app
    with app.app_context():
        db.engine.dispose()
