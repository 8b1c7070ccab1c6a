"""Making a handover: everything of an installation in one zip."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from permits.handover.archive import ArchiveWriter, writing
from permits.handover.columns import tables_in_order
from permits.handover.kept_files import write_files
from permits.handover.manifest import LEDGER, Manifest
from permits.handover.papers import (
    permits_in_force,
    write_permits,
    write_plans,
    write_site_plans,
)
from permits.handover.readme import readmes
from permits.handover.tables import write_table
from permits.handover.workbook import Book
from permits.heads import sign_head
from permits.print_batch import PrintSettings
from records import ledger
from records.checkpoints import NoHeadKey, export_heads
from records.database import is_sqlite, reading
from records.errors import DomainError
from records.file_store import FileStore
from records.keys import KeyMissing, KeyStore
from records.migrating import revision_of
from records.sealed import Sealer
from records.signing_keys import public_pems
from zones.communities import Community


@dataclass(frozen=True)
class Source:
    """Where a handover is taken from.

    Attributes:
        sealer: opens what is sealed.
        files: has what was handed in.
        printing: how permits are drawn; without it the permits in force are left out.
    """

    engine: Engine
    sealer: Sealer
    files: FileStore
    printing: PrintSettings | None = None


class SeveralCommunities(DomainError):
    """A handover is of a whole installation, and this one has other communities too."""

    code: ClassVar[str] = "several_communities"
    status: ClassVar[int] = 409


def require_alone(session: Session, community: Community) -> None:
    """Accept an installation in which nobody else's record would be handed over.

    Raises:
        SeveralCommunities: there is another community.
    """
    others = select(Community.id).where(Community.id != community.id)
    if session.scalar(others.limit(1)) is not None:
        raise SeveralCommunities


def enter_handover(
    session: Session,
    community: Community,
    keys: KeyStore,
    *,
    with_people: bool,
    actor: str,
    at: datetime,
) -> None:
    """Enter in the ledger that a handover is made, and sign the head; to be committed first.

    It comes before the file is made, so that the file holds its own entry and both sides have the
    same head. An installation that has not made a key of its own yet goes without a signed head.
    """
    details = {"people": with_people}
    act = ledger.Act("handover.exported", f"community:{community.number}", details)
    ledger.append(session, actor, [act], at)
    with contextlib.suppress(NoHeadKey, KeyMissing):
        sign_head(session, community, keys, at=at)


def write_handover(
    source: Source,
    out: Path,
    *,
    at: datetime,
    passphrase: str | None = None,
    progress: Callable[[int, int], None] = lambda _amount, _total: None,
) -> Manifest:
    """Write everything as it stands at one moment, and return the manifest.

    People's names, phone numbers and what was handed in are in it only where there is a
    passphrase, which encrypts the whole file. Private keys never are.

    Args:
        at: the moment that the manifest names.
        progress: told of (done, total) rows and permits.
    """
    with_people = passphrase is not None
    with _snapshot(source.engine) as session, writing(out, passphrase) as archive:
        community = session.scalars(select(Community).order_by(Community.number)).first()
        to_draw = permits_in_force(session, community) if community and source.printing else 0
        rows_in_all = _rows_in_all(session)

        def told(amount: int) -> None:
            progress(amount, rows_in_all + to_draw)

        rows = _write_tables(session, archive, source.sealer, with_people, told)
        head = _write_ledger(session, archive)
        for key_id, pem in sorted(public_pems(session).items()):
            archive.add(f"keys/public-{key_id}.pem", pem.encode())
        name = community.name if community else ""
        for readme, text in readmes(name, at, head, with_people):
            archive.add(readme, text.encode())
        write_files(session, source.files, archive, with_people=with_people)
        if community is not None:
            write_plans(session, community, archive)
            write_site_plans(session, community, source.files, archive)
        if community is not None and source.printing is not None:
            write_permits(
                session,
                community,
                source.printing,
                archive,
                at=at,
                progress=lambda drawn: told(rows_in_all + drawn),
            )
        manifest = Manifest(
            revision=revision_of(session.connection()) or "",
            made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
            community=name,
            with_people=with_people,
            head=head,
            rows=rows,
            parts=archive.parts,
        )
        archive.close_with(manifest)
    return manifest


@contextlib.contextmanager
def _snapshot(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one moment however long it reads, and holds up nobody."""
    with reading(), Session(engine) as session:
        if not is_sqlite(session):
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session
        session.rollback()


def _rows_in_all(session: Session) -> int:
    counts = (select(func.count()).select_from(table) for table in tables_in_order())
    return sum(session.scalar(count) or 0 for count in counts)


def _write_tables(
    session: Session,
    archive: ArchiveWriter,
    sealer: Sealer,
    with_people: bool,
    progress: Callable[[int], None],
) -> dict[str, int]:
    book, rows = Book(), dict[str, int]()
    for table in tables_in_order():
        done = sum(rows.values())
        rows[table.name] = write_table(
            session,
            table,
            archive,
            book,
            sealer,
            with_people=with_people,
            progress=lambda more, done=done: progress(done + more),  # type: ignore[misc]
        )
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "tables.xlsx"
        book.save(path)
        archive.add_file(path.name, path)
    return rows


def _write_ledger(session: Session, archive: ArchiveWriter) -> ledger.Head:
    head = ledger.head(session)
    with archive.part(LEDGER) as file:
        for line in ledger_lines(session, head.number):
            file.write(line)
    return head


def ledger_lines(session: Session, last: int) -> Iterator[bytes]:
    """Yield the lines of `ledger.jsonl`, entries and then signed heads."""
    for line in ledger.export_lines(session, last):
        yield line.encode()
    for one in export_heads(session, up_to=last):
        yield (json.dumps(one, sort_keys=True) + "\n").encode()
