"""`flask setup` and `flask demo load`."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app import context
from app.commands.answers import CommandGroup, answers, make_ready
from app.demo import load_demo
from app.extensions import db
from app.sample_list import write_sample_list
from records.people import User
from zones.communities import Community

demo = CommandGroup("demo", help="The demo data: four compounds that share one fence.")


def _load() -> Community:
    return load_demo(
        db.session,
        keys=context.keys(),
        files=context.files(),
        sealer=context.sealer(),
        sign_ins=context.settings().home.demo_sign_ins,
        at=context.now(),
    )


@demo.command("load", help="Load the demo into an empty installation; a second time does nothing.")
@answers
def load() -> tuple[dict[str, Any], str]:
    """Answer with the community, its compounds and its users."""
    community = _load()
    users = db.session.scalars(
        select(User).where(User.community_id == community.id).order_by(User.id)
    )
    document = {
        "community": community.name,
        "compounds": [
            {
                "code": one.code,
                "name": one.name,
                "letter": one.letter,
                "colour": one.colour.hex,
            }
            for one in community.compounds
        ],
        "users": [{"name": user.name, "role": user.role} for user in users],
    }
    sign_ins = context.settings().home.demo_sign_ins
    return document, f"{community.name}: {len(document['users'])} users, sign-ins in {sign_ins}"


@click.command("setup", help="Make the installation ready; load the demo where it is empty.")
@click.option("--no-demo", is_flag=True, help="Only migrate and make the first key.")
@with_appcontext
def set_up(no_demo: bool) -> None:
    """Migrate, make keys, load the demo on first start, and say where the sign-ins are."""
    make_ready()
    if no_demo:
        return
    if first := db.session.scalar(select(Community.id)) is None:
        _load()
        db.session.commit()
    home = context.settings().home
    sign_ins = home.demo_sign_ins
    if first:
        write_sample_list(home.sample_list)
        click.echo(f"Demo loaded. Sign-ins (kept in {sign_ins}):")
        click.echo(sign_ins.read_text(), nl=False)
        click.echo("Where it says so, the second step asks for what this command prints:")
        click.echo("  .venv/bin/flask users code office")
        click.echo(f"A plate list to hand in as rep-baihe: {home.sample_list}")
    elif sign_ins.exists():
        click.echo(f"Demo sign-ins are in {sign_ins}")
