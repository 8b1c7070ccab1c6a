"""How a command answers: readable lines, or with `--json` exactly one JSON document.

A refusal goes to standard error in words (with `--json` to standard output as a document) and
ends with exit status 1.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec

import click
from flask_babel import force_locale
from sqlalchemy import select

from app import context
from app.extensions import db
from app.words import error_words
from records import migrating
from records.errors import DomainError
from records.signing_keys import current_key, make_key
from zones.communities import Community

ACTOR = "command"
"""Who acts, in the ledger, when a command does."""

_Parameters = ParamSpec("_Parameters")

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print exactly one JSON document."
)


def answers(
    command: Callable[_Parameters, tuple[Mapping[str, Any] | list[Any], str]],
) -> Callable[..., None]:
    """Make a command of a function that returns its JSON document and its readable text.

    The database is made and migrated on first use; the transaction is committed when the
    function returns and rolled back when it raises.
    """

    @json_option
    @click.option(
        "--language", type=click.Choice(["zh", "en"]), default="zh", help="Language of the words."
    )
    @functools.wraps(command)
    def answer(*args: Any, as_json: bool, language: str, **kwargs: Any) -> None:
        with force_locale(language):
            make_ready()
            try:
                document, text = command(*args, **kwargs)
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                refuse(error, as_json)
        if as_json:
            click.echo(json.dumps(document, ensure_ascii=False))
        elif text:
            click.echo(text)

    return answer


def refuse(error: DomainError, as_json: bool) -> None:
    """Print a refusal and end with exit status 1."""
    if as_json:
        document = {"error": error.code, "words": error_words(error)}
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(error_words(error), err=True)
    sys.exit(1)


def make_ready() -> None:
    """Migrate the database and make the first signing key, where that is not done yet."""
    migrating.upgrade(db.engine)
    if current_key(db.session) is None:
        make_key(db.session, context.keys(), actor=ACTOR, at=context.now())
    db.session.commit()


def the_community() -> Community:
    """Return the installation's community.

    Raises:
        click.UsageError: none is set up yet.
    """
    community = db.session.scalar(select(Community).order_by(Community.number))
    if community is None:
        raise click.UsageError(
            "no community is set up yet: run `flask demo load` or `flask community found` first"
        )
    return community
