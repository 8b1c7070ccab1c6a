"""The kept files of a handover: pictures and papers, under their SHA-256."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from permits.handover.archive import ArchiveReader, ArchiveWriter
from permits.handover.manifest import HandoverDamaged
from records.database import Base
from records.file_store import FileStore

FOLDER = "files"

SHOWS_PEOPLE: Mapping[tuple[str, str], bool] = {
    ("site_plans", "sha256"): False,
    ("public_notices", "file_sha256"): False,
    ("plate_lists", "file_sha256"): True,
    ("meeting_papers", "sha256"): True,
    ("paper_votes", "sheet_sha256"): True,
    ("infringement_reports", "photo_sha256"): True,
    ("report_steps", "photo_sha256"): True,
}
"""Columns that name a kept file, and whether such files show people: names, hands, cars."""

NO_FILE = {("print_runs", "sha256"), ("gate_devices", "token_sha256")} | {
    ("infringement_reports", "code_sha256")
}
"""Columns of digests that name no kept file; printed permits are drawn anew."""


def write_files(
    session: Session, files: FileStore, archive: ArchiveWriter, *, with_people: bool
) -> None:
    """Add the kept files; one that is lost is left out, as the installation itself lacks it."""
    for sha256 in _named(session, with_people):
        path = files.path(sha256)
        if path.is_file():
            archive.add_file(f"{FOLDER}/{sha256}", path)


def keep_files(archive: ArchiveReader, files: FileStore) -> None:
    """Keep the files that came with a handover.

    Raises:
        HandoverDamaged: one has not the SHA-256 that it is named by.
    """
    for name in archive.manifest.parts:
        folder, _, sha256 = name.rpartition("/")
        if folder == FOLDER:
            with archive.part(name) as file:
                if files.keep(file.read()) != sha256:
                    raise HandoverDamaged(file=name, fault="wrong")


def _named(session: Session, with_people: bool) -> Iterator[str]:
    tables = Base.metadata.tables
    columns = [
        tables[table].columns[name]
        for (table, name), shows_people in SHOWS_PEOPLE.items()
        if with_people or not shows_people
    ]
    found = union(*(select(one.label("sha256")).where(one.is_not(None)) for one in columns))
    yield from session.scalars(found.order_by("sha256"))
