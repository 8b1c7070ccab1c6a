"""`flask permits issue`, `renew`, `print`, `revoke` and `expire`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app import context, words
from app.commands.answers import ACTOR, CommandGroup, answers, the_community
from app.extensions import db
from permits.ending import expire, revoke
from permits.issuing import issue
from permits.own_layout import UnknownLayout, layout_named
from permits.permit import permit_by_serial
from permits.print_batch import print_batch
from permits.printer import printer_named
from permits.printing import LAYOUTS, Flip, Ink, PrintOptions
from permits.renewing import renew, usual_end
from zones.communities import Compound, compound_by_code

group = CommandGroup("permits", help="Permits: issue, renew, print, revoke, expire.")

_compound_option = click.option(
    "--compound", metavar="CODE", help="Only this compound's; default all."
)


def _compound(code: str | None) -> Compound | None:
    return compound_by_code(db.session, the_community().id, code) if code else None


@group.command("issue", help="Issue a permit for every active vehicle that has none.")
@_compound_option
@answers
def issue_command(compound: str | None) -> tuple[dict[str, Any], str]:
    """Answer with the serials."""
    serials = issue(
        db.session,
        the_community(),
        _compound(compound),
        keys=context.keys(),
        actor=ACTOR,
        at=context.now(),
    )
    return {"issued": len(serials), "serials": serials}, "\n".join(serials)


@group.command("renew", help="Give permits that end soon a successor; again, only what is left.")
@click.option("--compound", metavar="CODE", required=True, help="Whose permits.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the new ones; default a term."
)
@answers
def renew_command(compound: str, until: datetime | None) -> tuple[dict[str, Any], str]:
    """Answer with the new serials and their last day."""
    community, at = the_community(), context.now()
    last_day = until.date() if until else usual_end(community, at)
    serials = renew(
        db.session,
        compound_by_code(db.session, community.id, compound),
        until=last_day,
        keys=context.keys(),
        actor=ACTOR,
        at=at,
    )
    document = {"renewed": len(serials), "until": last_day.isoformat(), "serials": serials}
    return document, "\n".join(serials)


@group.command("print", help="Print the permits in force into a PDF in DIR, and record the run.")
@_compound_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option(
    "--layout",
    default="card",
    show_default=True,
    help=f"{', '.join(sorted(LAYOUTS))}, or the name of one of the community's own.",
)
@click.option("--only-new", is_flag=True, help="Only permits that were never printed.")
@click.option("--ink", type=click.Choice(list(Ink)), default=Ink.COLOUR, show_default=True)
@click.option("--flip", type=click.Choice(list(Flip)), default=Flip.LONG, show_default=True)
@click.option("--first-place", type=int, default=1, help="First free place of a used sheet.")
@click.option("--printer", metavar="NAME", help="The printer whose offsets are made up for.")
@answers
def print_command(
    compound: str | None,
    out: Path,
    layout: str,
    only_new: bool,
    ink: str,
    flip: str,
    first_place: int,
    printer: str | None,
) -> tuple[dict[str, Any], str]:
    """Answer with the file, its SHA-256, and how many permits and sheets it has."""
    community_id = the_community().id
    try:
        layout_named(db.session, community_id, layout)
    except UnknownLayout as error:
        raise click.BadParameter(words.error_words(error)) from None
    run = print_batch(
        db.session,
        the_community(),
        replace(context.print_settings(), out=out),
        layout=layout,
        actor=ACTOR,
        at=context.now(),
        compound=_compound(compound),
        only_new=only_new,
        options=PrintOptions(Ink(ink), Flip(flip), first_place),
        printer=printer_named(db.session, community_id, printer) if printer else None,
    )
    path = str(out / run.file_name)
    document = {
        "files": [path],
        "permits": run.permit_count,
        "sheets": run.sheets,
        "pages": run.pages,
        "sha256": {path: run.sha256},
        "run": run.id,
    }
    return document, f"{path}\n{run.permit_count} permits, {run.sheets} sheets\n{run.sha256}"


@group.command("revoke", help="Revoke the permit SERIAL; every gate refuses it from now on.")
@click.argument("serial")
@click.option("--reason", required=True, help="Why; the representative reads it.")
@answers
def revoke_command(serial: str, reason: str) -> tuple[dict[str, Any], str]:
    """Answer with the serial and its new state."""
    permit = permit_by_serial(db.session, the_community().id, serial)
    revoke(db.session, permit, reason, actor=ACTOR, at=context.now())
    state = permit.state
    return {"serial": permit.serial, "state": state}, f"{serial} {words.PERMIT_STATES[state]}"


@group.command("expire", help="Mark permits whose last day is over; meant for every night.")
@answers
def expire_command() -> tuple[dict[str, Any], str]:
    """Answer with how many have expired."""
    expired = expire(db.session, the_community(), actor=ACTOR, at=context.now())
    return {"expired": expired}, str(expired)
