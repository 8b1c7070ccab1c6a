"""`flask handover`: the whole record in one zip, and the way back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from app import context
from app.commands.answers import (
    ACTOR,
    CommandGroup,
    answers,
    answers_before_first_use,
    the_community,
)
from app.extensions import db
from app.kept_handover import source
from permits.handover.archive import new_passphrase, require_long_enough
from permits.handover.reading import take_in
from permits.handover.writing import enter_handover, write_handover

group = CommandGroup("handover", help="The whole record in one zip, and the way back.")

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Holds the passphrase in its first line.",
)


@group.command("export", help="Write everything of this installation to FILE.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--with-people",
    is_flag=True,
    help="With names, phone numbers and handed-in files; the zip is then encrypted by the "
    "passphrase, which is made and written to its file where that is not there yet.",
)
@passphrase_option
@answers
def export_command(
    file: Path, with_people: bool, passphrase_file: Path | None
) -> tuple[dict[str, Any], str]:
    """Answer with what the zip holds."""
    if with_people != (passphrase_file is not None):
        raise click.UsageError("--with-people and --passphrase-file go together")
    passphrase = _made_passphrase(passphrase_file) if passphrase_file else None
    if passphrase is not None:
        require_long_enough(passphrase)
    at = context.now()
    enter_handover(
        db.session,
        the_community(),
        context.keys(),
        with_people=with_people,
        actor=ACTOR,
        at=at,
    )
    db.session.commit()
    manifest = write_handover(source(), file, at=at, passphrase=passphrase)
    document = {
        "file": str(file),
        "people": with_people,
        "entries": manifest.head.number,
        "head": manifest.head.hash,
        "rows": dict(manifest.rows),
        "files": len(manifest.parts),
    }
    rows = sum(manifest.rows.values())
    return document, f"{file}\n{rows} rows, head {manifest.head.number} {manifest.head.hash}"


@group.command("import", help="Bring FILE, a handover, into this empty installation.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@passphrase_option
@click.option("--administrator", help="Who gets a new password; by default the first one.")
@answers_before_first_use
def import_command(
    file: Path, passphrase_file: Path | None, administrator: str | None
) -> tuple[dict[str, Any], str]:
    """Answer with what came in and the administrator's sign-in."""
    taken_in = take_in(
        db.engine,
        file,
        sealer=context.sealer(),
        files=context.files(),
        passphrase=_first_line(passphrase_file) if passphrase_file else None,
        administrator=administrator,
    )
    manifest = taken_in.manifest
    document = {
        "people": manifest.with_people,
        "entries": manifest.head.number,
        "head": manifest.head.hash,
        "rows": dict(manifest.rows),
        "user": taken_in.user,
        "password": taken_in.password,
    }
    rows = sum(manifest.rows.values())
    text = (
        f"{manifest.community}: {rows} rows, head {manifest.head.number} {manifest.head.hash}\n"
        f"{taken_in.user}  {taken_in.password}"
    )
    return document, text


def _first_line(path: Path) -> str:
    return (path.read_text("utf-8").splitlines() or [""])[0].strip()


def _made_passphrase(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _first_line(path)
    passphrase = new_passphrase()
    with os.fdopen(handle, "w") as file:
        file.write(passphrase + "\n")
    return passphrase
