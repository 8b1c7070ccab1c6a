"""How a command answers: readable lines, or with `--json` exactly one JSON document.

A refusal goes to standard error in words (with `--json` to standard output as a document) and
ends with exit status 1, wrong usage with 2.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, ParamSpec

import click
from flask.cli import AppGroup
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


class NoCommunity(DomainError):
    """No community is set up yet."""

    code: ClassVar[str] = "no_community"
    status: ClassVar[int] = 409


class NoCompound(DomainError):
    """The community has no compound yet."""

    code: ClassVar[str] = "no_compound"
    status: ClassVar[int] = 409


class AnsweringCommand(click.Command):
    """A command that says wrong usage as a JSON document too, where `--json` asks for one."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments."""
        as_json = "--json" in args[: args.index("--") if "--" in args else None]
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if not as_json:
                raise
            _print_refusal("wrong_usage", error.format_message(), as_json)
            sys.exit(error.exit_code)


class CommandGroup(AppGroup):
    """A group of commands that answer."""

    command_class = AnsweringCommand


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
    return _answering(command, make_ready)


def answers_before_first_use(
    command: Callable[_Parameters, tuple[Mapping[str, Any] | list[Any], str]],
) -> Callable[..., None]:
    """Make a command as `answers` does, for an installation that stays empty: no key is made."""
    return _answering(command, lambda: migrating.upgrade(db.engine))


def _answering(
    command: Callable[_Parameters, tuple[Mapping[str, Any] | list[Any], str]],
    prepare: Callable[[], None],
) -> Callable[..., None]:
    @json_option
    @click.option(
        "--language", type=click.Choice(["zh", "en"]), default="zh", help="Language of the words."
    )
    @functools.wraps(command)
    def answer(*args: Any, as_json: bool, language: str, **kwargs: Any) -> None:
        with force_locale(language):
            try:
                prepare()
                document, text = command(*args, **kwargs)
                db.session.commit()
            except DomainError as error:
                _print_refusal(error.code, error_words(error), as_json)
                sys.exit(1)
            except OSError as error:
                words = f"{error.filename or ''}: {error.strerror or error}".removeprefix(": ")
                _print_refusal("file_trouble", words, as_json)
                sys.exit(1)
            except click.UsageError as error:
                if not as_json:
                    raise
                _print_refusal("wrong_usage", error.format_message(), as_json)
                sys.exit(error.exit_code)
            finally:
                # After a commit nothing is left to take back.
                db.session.rollback()
        if as_json:
            click.echo(json.dumps(document, ensure_ascii=False))
        elif text:
            click.echo(text)

    return answer


def _print_refusal(code: str, words: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": code, "words": words}, ensure_ascii=False))
    else:
        click.echo(words, err=True)


def make_ready() -> None:
    """Migrate the database and make the first signing key, where that is not done yet."""
    migrating.upgrade(db.engine)
    if current_key(db.session) is None:
        make_key(db.session, context.keys(), actor=ACTOR, at=context.now())
    db.session.commit()


def the_community() -> Community:
    """Return the installation's community.

    Raises:
        NoCommunity: none is set up yet.
    """
    community = db.session.scalar(select(Community).order_by(Community.number))
    if community is None:
        raise NoCommunity
    return community
