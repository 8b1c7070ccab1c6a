"""`flask community found`: a real community instead of the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import func, select

from app import context
from app.commands.answers import ACTOR, CommandGroup, answers
from app.extensions import db
from permits.plates import PROVINCES
from records.managing_users import admit
from records.passwords import random_password
from records.people import Role
from zones.communities import Community
from zones.setting_up import found_community

group = CommandGroup("community", help="Communities.")


def _fits(longest: int) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return the check that a name is one, and no longer than what is kept of it."""

    def check(_context: click.Context, parameter: click.Parameter, text: str) -> str:
        if len(text) > longest or (parameter.required and not text.strip()):
            raise click.BadParameter(f"1 to {longest} characters")
        return text.strip()

    return check


@group.command("found", help="Found a community with its first administrator.")
@click.option("--name", required=True, callback=_fits(60), help="Its name, such as 百合村片区.")
@click.option("--name-en", default="", callback=_fits(80), help="Its English name.")
@click.option("--province", type=click.Choice(list(PROVINCES)), default="粤", show_default=True)
@click.option(
    "--administrator",
    required=True,
    metavar="NAME",
    callback=_fits(40),
    help="Who signs in first: a short word.",
)
@answers
def found(name: str, name_en: str, province: str, administrator: str) -> tuple[dict[str, Any], str]:
    """Answer with the community's number and the administrator's first password."""
    number = (db.session.scalar(select(func.max(Community.number))) or 0) + 1
    community = found_community(
        db.session,
        number=number,
        name=name,
        name_en=name_en,
        province=province,
        actor=ACTOR,
        at=context.now(),
    )
    password = random_password()
    user = admit(
        db.session,
        community_id=community.id,
        name=administrator,
        shown_name=administrator,
        role=Role.ADMINISTRATOR,
        password=password,
        actor=ACTOR,
        at=context.now(),
    )
    document = {"number": number, "name": name, "user": user.name, "password": password}
    return document, f"{number}  {name}\n{user.name}  {password}"
