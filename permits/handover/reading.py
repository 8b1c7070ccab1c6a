"""Taking a handover into an empty installation: all of it, exactly as it was, or nothing."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine, Table, func, insert, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from permits.handover.archive import ArchiveReader, reading_archive
from permits.handover.columns import DIGESTS, TABLES, Way, tables_in_order
from permits.handover.kept_files import keep_files
from permits.handover.manifest import (
    LEDGER,
    HandoverDamaged,
    HandoverOfOtherVersion,
    Manifest,
)
from permits.handover.tables import FOLDER, csv_name, read_table
from permits.handover.triggers import NamesNothing, set_aside
from permits.handover.writing import ledger_lines
from records import ledger
from records.checkpoints import SignedHead, require_genuine
from records.database import Base, is_sqlite
from records.errors import DomainError
from records.file_store import FileStore
from records.migrating import revision_of
from records.passwords import hash_password, random_password
from records.people import Role, User
from records.sealed import Sealer
from records.signing_keys import public_pems
from records.statistics import count_anew

NOBODYS_HASH = "!"
"""No password has it."""


class InstallationNotEmpty(DomainError):
    """A handover is taken in where nothing is yet; the table `table` has rows."""

    code: ClassVar[str] = "installation_not_empty"
    status: ClassVar[int] = 409


class NoAdministrator(DomainError):
    """The handover has no active administrator, or none of the name `name`."""

    code: ClassVar[str] = "no_administrator"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class TakenIn:
    """What was taken in.

    Attributes:
        user, password: the sign-in of the administrator who gives passwords to all others.
    """

    manifest: Manifest
    user: str
    password: str


def take_in(
    engine: Engine,
    path: Path,
    *,
    sealer: Sealer,
    files: FileStore,
    passphrase: str | None = None,
    administrator: str | None = None,
    progress: Callable[[int, int], None] = lambda _amount, _total: None,
) -> TakenIn:
    """Bring a handover into an empty, migrated database, in one transaction.

    Nothing is added to the ledger, so that both sides have the same head. Everybody's password is
    gone; one administrator gets a new one.

    Args:
        sealer: seals people's names and phone numbers anew.
        administrator: who gets a password; by default the first one with an open account.
        progress: told of (done, total) rows.

    Raises:
        InstallationNotEmpty: there is something already.
        HandoverUnreadable, HandoverDamaged, HandoverTooLarge, WrongPassphrase: see
            `permits.handover.archive.reading_archive`.
        HandoverOfOtherVersion: the database was of another version.
        LedgerBroken, HeadForged: the ledger in it does not hold.
        NoAdministrator: see `administrator`.
    """
    with reading_archive(path, passphrase) as archive, Session(engine) as session:
        _require_same_version(session, archive.manifest)
        _require_empty(session)
        with _refusals_named(FOLDER), set_aside(session.connection()):
            _insert_tables(session, archive, sealer, progress)
        _require_as_it_was(session, archive)
        user, password = _let_one_in(session, administrator)
        keep_files(archive, files)
        session.commit()
        return TakenIn(archive.manifest, user, password)


def _require_same_version(session: Session, manifest: Manifest) -> None:
    revision = revision_of(session.connection())
    if manifest.revision != revision:
        raise HandoverOfOtherVersion(found=manifest.revision, expected=revision)


def _require_empty(session: Session) -> None:
    for table in Base.metadata.sorted_tables:
        if session.execute(select(*table.primary_key.columns).limit(1)).first() is not None:
            raise InstallationNotEmpty(table=table.name)


def _insert_tables(
    session: Session,
    archive: ArchiveReader,
    sealer: Sealer,
    progress: Callable[[int, int], None],
) -> None:
    manifest, done = archive.manifest, 0
    total = sum(manifest.rows.values())
    for table in tables_in_order():
        rows = 0
        for batch in read_table(table, archive, sealer, with_people=manifest.with_people):
            for row in batch:
                row |= _made_here(table, row, sealer)
            with _refusals_named(csv_name(table)):
                session.execute(insert(table), batch)
            rows += len(batch)
            progress(done + rows, total)
        if rows != manifest.rows.get(table.name):
            raise HandoverDamaged(file=csv_name(table), fault="wrong")
        _count_on(session, table)
        count_anew(session, rows, table.name)
        done += rows


@contextlib.contextmanager
def _refusals_named(name: str) -> Iterator[None]:
    """Say what the database refuses as damage: it let these rows in where they come from."""
    try:
        yield
    except (IntegrityError, DataError, OverflowError, NamesNothing):
        raise HandoverDamaged(file=name, fault="wrong") from None


def _made_here(table: Table, row: Mapping[str, object], sealer: Sealer) -> dict[str, object]:
    """Return the values of the columns that are not handed over."""
    made: dict[str, object] = {}
    for name, way in TABLES[table.name].ways.items():
        if way is Way.RENEWED:
            made[name] = RENEWED[table.name, name]()
        elif way is Way.COMPUTED:
            sealed = [row.get(source) for source in DIGESTS[table.name, name]]
            texts = [sealer.open(one) if isinstance(one, bytes) else "" for one in sealed]
            made[name] = sealer.digest(*texts) if any(texts) else None
        elif way is Way.SEALED and name not in row and not table.columns[name].nullable:
            made[name] = sealer.seal("")
    return made


RENEWED: Mapping[tuple[str, str], Callable[[], str]] = {
    ("users", "password_hash"): lambda: NOBODYS_HASH,
    ("gate_devices", "token_sha256"): lambda: secrets.token_hex(32),
}
"""What stands for a secret that was not handed over: nothing opens it."""


def _count_on(session: Session, table: Table) -> None:
    """Let the next row of a table get the number after the last one's."""
    column = table.autoincrement_column
    if is_sqlite(session) or column is None:
        return
    last = session.scalar(select(func.max(column)))
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        session.execute(select(func.setval(sequence, last)))


def _require_as_it_was(session: Session, archive: ArchiveReader) -> None:
    """Accept the ledger and the signed heads that came in."""
    head = ledger.verify(ledger.export(session))
    pems = public_pems(session)
    for one in session.scalars(select(SignedHead)):
        require_genuine(one.checkpoint, pems)
    with archive.part(LEDGER) as file:
        here = ledger_lines(session, head.number)
        if head != archive.manifest.head or any(
            line != mine for line, mine in zip_longest(file, here)
        ):
            raise HandoverDamaged(file=LEDGER, fault="wrong")


def _let_one_in(session: Session, name: str | None) -> tuple[str, str]:
    query = select(User).where(User.role == Role.ADMINISTRATOR, User.active).order_by(User.id)
    if name is not None:
        query = query.where(User.name == name.strip().lower())
    user = session.scalars(query).first()
    if user is None:
        raise NoAdministrator(name=name or "")
    password = random_password()
    user.password_hash = hash_password(password)
    return user.name, password
