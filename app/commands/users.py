"""`flask users code` and `flask users reset-second-factor`."""

from __future__ import annotations

from typing import Any, ClassVar

import click
from sqlalchemy import select

from app import context
from app.commands.answers import ACTOR, CommandGroup, answers
from app.extensions import db
from records.errors import DomainError
from records.managing_users import reset_second_factor
from records.people import User
from records.second_factor import present_code

group = CommandGroup("users", help="Who signs in, for whoever has the machine.")


class NoSuchUser(DomainError):
    """Nobody signs in as `name`."""

    code: ClassVar[str] = "no_such_user"
    status: ClassVar[int] = 404


def _user(name: str) -> User:
    user = db.session.scalar(select(User).where(User.name == name.strip().lower()))
    if user is None:
        raise NoSuchUser(name=name)
    return user


@group.command("code", help="Print the code of a user's second step that is taken now.")
@click.argument("name")
@answers
def code_command(name: str) -> tuple[dict[str, Any], str]:
    """Answer with the code and for how many seconds it is taken."""
    user = _user(name)
    code, seconds = present_code(db.session, user, sealer=context.sealer(), at=context.now())
    return {"code": code, "seconds": seconds}, f"{code}  ({seconds} s)"


@group.command("reset-second-factor", help="Let a user who lost the phone set it up anew.")
@click.argument("name")
@answers
def reset_command(name: str) -> tuple[dict[str, Any], str]:
    """Answer with the user's sign-in name."""
    user = _user(name)
    reset_second_factor(db.session, user, actor=ACTOR, at=context.now())
    return {"user": user.name}, user.name
