"""`flask community found`: a real community instead of the demo."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import func, select

from app import context
from app.commands.answers import ACTOR, CommandGroup, answers
from app.extensions import db
from permits.plates import PROVINCES
from records.managing_users import admit, random_password
from records.people import Role
from zones.communities import Community
from zones.setting_up import found_community

group = CommandGroup("community", help="Communities.")


@group.command("found", help="Found a community with its first administrator.")
@click.option("--name", required=True, help="Its name, such as 百合村片区.")
@click.option("--name-en", default="", help="Its English name.")
@click.option("--province", type=click.Choice(list(PROVINCES)), default="粤", show_default=True)
@click.option("--administrator", required=True, metavar="NAME", help="Who signs in first.")
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
    admit(
        db.session,
        community_id=community.id,
        name=administrator,
        shown_name=administrator,
        role=Role.ADMINISTRATOR,
        password=password,
        actor=ACTOR,
        at=context.now(),
    )
    document = {"number": number, "name": name, "user": administrator, "password": password}
    return document, f"{number}  {name}\n{administrator}  {password}"
