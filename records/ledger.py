"""The ledger: every act that changes who may park where, in one append-only hash chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Select, String, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from records.database import Base, is_sqlite
from records.errors import DomainError

FIRST_PREVIOUS = "0" * 64
"""What the first entry names as the hash before it."""

_LEDGER_LOCK = 0x1ED6E4
"""PostgreSQL's advisory lock that makes appends wait for each other."""


class LedgerEntry(Base):
    """One act. Rows are only ever added: triggers in the database refuse UPDATE and DELETE."""

    __tablename__ = "ledger"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(hash) = 64", name="hash_length"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True)
class Act:
    """What is to be entered.

    Attributes:
        act: stable name such as `permit.issued`.
        subject: what was acted on, such as `permit:214`.
        details: facts without personal data, as JSON can hold them.
    """

    act: str
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """The last entry's number and hash; number 0 and zeros for an empty ledger."""

    number: int
    hash: str


BEGINNING = Head(0, FIRST_PREVIOUS)
"""The head of a ledger without entries."""


class LedgerBroken(DomainError):
    """The chain does not hold; `number` names the first entry that is wrong, `fault` how."""

    code: ClassVar[str] = "ledger_broken"
    status: ClassVar[int] = 409


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry's canonical JSON, in hexadecimal.

    The canonical form is the one of RFC 8785 for what entries hold (strings, whole numbers,
    lists, objects): keys sorted, no white space, UTF-8. The key `hash` itself is left out.
    """
    body = {key: value for key, value in entry.items() if key != "hash"}
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def head(session: Session) -> Head:
    """Return the ledger's head."""
    row = session.execute(
        select(LedgerEntry.number, LedgerEntry.hash).order_by(LedgerEntry.number.desc()).limit(1)
    ).first()
    return Head(row.number, row.hash) if row else BEGINNING


def entries_query(act: str | None = None) -> Select[LedgerEntry]:
    """Return a query for the entries, the newest first, all or those of one act."""
    query = select(LedgerEntry).order_by(LedgerEntry.number.desc())
    return query.where(LedgerEntry.act == act) if act else query


def acts_entered(session: Session) -> list[str]:
    """Return the acts of which the ledger has entries, by name."""
    return list(session.scalars(select(LedgerEntry.act).distinct().order_by(LedgerEntry.act)))


def append(session: Session, actor: str, acts: Iterable[Act], at: datetime) -> Head:
    """Enter acts in order at the ledger's end, inside the session's transaction.

    Args:
        actor: who did it, such as `user:3` or `command`.
        acts: what was done; none is fine.
        at: the moment, time zone aware.

    Returns:
        the new head.
    """
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LEDGER_LOCK})
    last = head(session)
    number, previous = last.number, last.hash
    rows = []
    for act in acts:
        number += 1
        entry = {
            "number": number,
            "at": _moment(at),
            "actor": actor,
            "act": act.act,
            "subject": act.subject,
            "details": dict(act.details),
            "previous": previous,
        }
        previous = entry_hash(entry)
        rows.append({**entry, "at": at, "hash": previous})
    if rows:
        session.execute(insert(LedgerEntry), rows)
    return Head(number, previous)


def export(session: Session, first: int = 1, last: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield entries in order, each as the object whose canonical JSON was hashed, plus `hash`.

    Args:
        first, last: numbers of the first and the last entry; all of them by default.
    """
    # Columns, not entities: the session need not keep every entry, and it takes half the time.
    columns = LedgerEntry.__table__.columns
    query = select(*columns).where(columns.number >= first).order_by(columns.number)
    if last is not None:
        query = query.where(columns.number <= last)
    for entry in session.execute(query.execution_options(yield_per=1000)):
        yield {
            "number": entry.number,
            "at": _moment(entry.at),
            "actor": entry.actor,
            "act": entry.act,
            "subject": entry.subject,
            "details": entry.details,
            "previous": entry.previous,
            "hash": entry.hash,
        }


def export_lines(session: Session, last: int | None = None) -> Iterator[str]:
    """Yield the entries in order, up to the last one by default, each as a line of JSON."""
    for entry in export(session, last=last):
        yield json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n"


def verify(entries: Iterable[Mapping[str, Any]], after: Head = BEGINNING) -> Head:
    """Return the head of a chain that holds.

    Args:
        after: the entry before the first of these; that it is genuine is the caller's to know.

    Raises:
        LedgerBroken: with `number`, the first wrong entry, and `fault`: `number` (an entry is
            missing, added or out of order), `previous` (it does not follow the one before) or
            `hash` (its content was changed).
    """
    last = after
    for entry in entries:
        expected = last.number + 1
        if entry["number"] != expected:
            raise LedgerBroken(number=expected, fault="number")
        if entry["previous"] != last.hash:
            raise LedgerBroken(number=expected, fault="previous")
        if entry_hash(entry) != entry["hash"]:
            raise LedgerBroken(number=expected, fault="hash")
        last = Head(expected, entry["hash"])
    return last


def verify_since(session: Session, known: Head) -> Head:
    """Return the ledger's head, if a head known from before still stands and all after it holds.

    Only the known entry and those after it are read and computed anew.

    Raises:
        LedgerBroken: as `verify`, or with the fault `head`: the entry of the known head is gone or
            is another one now.
    """
    require_standing(session, known)
    return verify(export(session, known.number + 1), after=known)


def require_standing(session: Session, known: Head) -> None:
    """Accept a head whose entry is in the ledger, unchanged.

    Raises:
        LedgerBroken: with the fault `head`: the entry is gone or is another one now.
    """
    if known == BEGINNING:
        return
    entry = next(export(session, known.number, known.number), None)
    if entry is None or entry["hash"] != known.hash or entry_hash(entry) != known.hash:
        raise LedgerBroken(number=known.number, fault="head")
