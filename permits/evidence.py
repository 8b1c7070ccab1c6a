"""Evidence in a conflict: pictures of registration certificates, sealed, for the office alone."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from permits.conflicts import HANDED_IN, is_open
from permits.plate_list import Outcome, PlateList, PlateListRow
from records import ledger
from records.database import Base
from records.errors import DomainError
from records.file_store import FileStore
from records.photo import plain_photo
from records.sealed import Sealer
from zones.communities import Compound, hold
from zones.site_picture import SitePictureError, site_picture

MAX_BYTES = 10 * 1024 * 1024
MOST_EACH_SIDE = 4
"""Both pages of a registration certificate, and two papers more."""

KEPT_AFTER_DECISION = timedelta(days=90)
"""How long evidence is kept once the conflict is decided: time enough to ask for a second look."""

_PDF = b"%PDF-"


class Evidence(Base):
    """One picture that one side of a conflict handed in.

    The file is a JPEG drawn anew and sealed; `sha256` names the sealed file and is None once it
    was erased.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_row", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("plate_list_rows.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    handed_in_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    row: Mapped[PlateListRow] = relationship()


class EvidenceClosed(DomainError):
    """The conflict is settled or gone: nothing more is taken."""

    code: ClassVar[str] = "evidence_closed"
    status: ClassVar[int] = 409


class NotASide(DomainError):
    """The compound is none of the two that claim the plate."""

    code: ClassVar[str] = "not_a_side"
    status: ClassVar[int] = 404


class TooMuchEvidence(DomainError):
    """This side has handed in `limit` pictures already."""

    code: ClassVar[str] = "too_much_evidence"
    status: ClassVar[int] = 409


class EvidenceTooLarge(DomainError):
    """A file is larger than `limit_mb` MB."""

    code: ClassVar[str] = "evidence_too_large"
    status: ClassVar[int] = 413


class UnreadablePdf(DomainError):
    """A PDF is broken, locked, or its first page cannot be drawn."""

    code: ClassVar[str] = "unreadable_pdf"


@dataclass(frozen=True)
class ShownEvidence:
    """A picture as staff see it; `jpeg` is None where the file is gone."""

    evidence: Evidence
    jpeg: bytes | None

    @property
    def data_url(self) -> str:
        """The picture as an address that holds it: it has no other, so nobody passes one on."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.jpeg or b'').decode()}"


def hand_in_evidence(
    session: Session,
    row: PlateListRow,
    compound: Compound,
    content: bytes,
    *,
    files: FileStore,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> Evidence:
    """Keep a picture for one side of an open conflict, and return it.

    Args:
        compound: the side for which it is handed in.
        content: a JPEG, PNG or WebP, or a PDF, of which the first page is kept as a picture.

    Raises:
        NotASide, EvidenceClosed, TooMuchEvidence: it is not taken.
        EvidenceTooLarge, TooManyPixels, NotAPhoto, UnreadablePdf: the file is no such picture.
    """
    picture = _picture(content)
    hold(session, compound.community_id, row, row.plate_list)
    if compound.id not in (row.plate_list.compound_id, row.claimed_by_id):
        raise NotASide
    if not is_open(row):
        raise EvidenceClosed
    count = session.scalar(
        select(func.count()).where(Evidence.row_id == row.id, Evidence.compound_id == compound.id)
    )
    if (count or 0) >= MOST_EACH_SIDE:
        raise TooMuchEvidence(limit=MOST_EACH_SIDE)
    evidence = Evidence(
        row_id=row.id,
        compound_id=compound.id,
        sha256=files.keep(sealer.seal_file(picture)),
        handed_in_by=actor,
        at=at,
    )
    session.add(evidence)
    session.flush()
    act = ledger.Act("evidence.handed_in", _subject(row.id), {"letter": compound.letter})
    ledger.append(session, actor, [act], at)
    return evidence


def _picture(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise EvidenceTooLarge(limit_mb=MAX_BYTES // (1024 * 1024))
    if not content.startswith(_PDF):
        return plain_photo(content, MAX_BYTES)
    try:
        page = site_picture(content)
    except SitePictureError:
        raise UnreadablePdf from None
    # Drawn within bounds already, however many bytes that takes.
    return plain_photo(page.png, len(page.png))


def _subject(row_id: int) -> str:
    return f"conflict:{row_id}"


def evidence_of(
    session: Session, row: PlateListRow, compound: Compound | None = None
) -> list[Evidence]:
    """Return a conflict's evidence, the oldest first; of both sides or of one."""
    query = select(Evidence).where(Evidence.row_id == row.id).order_by(Evidence.id)
    if compound is not None:
        query = query.where(Evidence.compound_id == compound.id)
    return list(session.scalars(query))


def show_evidence(
    session: Session,
    row: PlateListRow,
    *,
    files: FileStore,
    sealer: Sealer,
    actor: str,
    at: datetime,
) -> list[ShownEvidence]:
    """Return the pictures of both sides, the oldest first; that somebody looked is in the ledger.

    Raises:
        SealBroken: a file was changed, or sealed with another key.
    """
    shown = [ShownEvidence(one, _opened(one, files, sealer)) for one in evidence_of(session, row)]
    act = ledger.Act("evidence.shown", _subject(row.id), {"files": len(shown)})
    ledger.append(session, actor, [act], at)
    return shown


def _opened(evidence: Evidence, files: FileStore, sealer: Sealer) -> bytes | None:
    if evidence.sha256 is None:
        return None
    try:
        return sealer.open_file(files.read(evidence.sha256))
    except FileNotFoundError:
        return None


def erase_old_evidence(session: Session, files: FileStore, *, actor: str, at: datetime) -> int:
    """Erase the pictures of conflicts that have been over for long enough; return how many.

    That a picture was handed in, by whom and when, stays.
    """
    ended_at = func.coalesce(PlateListRow.decided_at, PlateList.decided_at, Evidence.at)
    found = session.scalars(
        select(Evidence)
        .join(PlateListRow, Evidence.row_id == PlateListRow.id)
        .join(PlateList, PlateListRow.list_id == PlateList.id)
        .where(
            Evidence.sha256.is_not(None),
            ended_at <= at - KEPT_AFTER_DECISION,
            or_(
                PlateListRow.decision.is_not(None),
                PlateListRow.outcome != Outcome.CONFLICT,
                PlateList.state.not_in(HANDED_IN),
            ),
        )
        .order_by(Evidence.row_id, Evidence.id)
    ).all()
    _erase(found, files)
    erased: dict[int, int] = {}
    for one in found:
        erased[one.row_id] = erased.get(one.row_id, 0) + 1
    session.flush()
    acts = [
        ledger.Act("evidence.erased", _subject(row_id), {"files": count})
        for row_id, count in erased.items()
    ]
    ledger.append(session, actor, acts, at)
    return len(found)


def _erase(found: Sequence[Evidence], files: FileStore) -> None:
    # The file goes first: should the transaction fail, the next run finds the row again.
    for one in found:
        files.erase(one.sha256 or "")
        one.sha256 = None
