"""Minutes and photos of the joint meeting, attached to the plan that it talked about."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.file_store import FileStore
from records.photo import plain_photo
from zones.drafting import hold_plans
from zones.plans import ZonePlan

MAX_PDF_BYTES = 8 * 1024 * 1024
MOST_PAPERS = 20
"""Papers of one plan: a meeting's minutes and some photos."""

_PDF = b"%PDF-"


class PaperKind(enum.StrEnum):
    """What a paper is."""

    MINUTES = "minutes"
    PHOTO = "photo"


_KINDS = ", ".join(f"'{kind}'" for kind in PaperKind)


class MeetingPaper(Base):
    """A paper as it is kept: a PDF unchanged, or a picture that was drawn anew."""

    __tablename__ = "meeting_papers"
    __table_args__ = (
        UniqueConstraint("plan_id", "sha256"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("zone_plans.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime]


class PdfTooLarge(DomainError):
    """A PDF is larger than `limit_mb` MB."""

    code: ClassVar[str] = "pdf_too_large"
    status: ClassVar[int] = 413


class TooManyPapers(DomainError):
    """The plan has `limit` papers already."""

    code: ClassVar[str] = "too_many_papers"
    status: ClassVar[int] = 409


class PaperThereAlready(DomainError):
    """The plan has this very paper, as `name`."""

    code: ClassVar[str] = "paper_there_already"
    status: ClassVar[int] = 409


def papers_of(session: Session, plan: ZonePlan) -> list[MeetingPaper]:
    """Return a plan's papers, the oldest first."""
    return list(
        session.scalars(
            select(MeetingPaper).where(MeetingPaper.plan_id == plan.id).order_by(MeetingPaper.id)
        )
    )


def attach_paper(
    session: Session,
    plan: ZonePlan,
    *,
    content: bytes,
    name: str,
    files: FileStore,
    actor: str,
    at: datetime,
) -> MeetingPaper:
    """Attach minutes (PDF) or a photo to a plan, in whatever state, and return it.

    What it holds is pinned by its SHA-256 in the ledger; a paper never goes away again.

    Args:
        name: the file's name as it was sent; the end that is shown is at most 120 characters.

    Raises:
        PdfTooLarge, PhotoTooLarge, TooManyPixels: the file is too large.
        NotAPhoto: it is neither a PDF nor a picture that can be read.
        TooManyPapers, PaperThereAlready: the plan has enough, or this one.
    """
    if content.startswith(_PDF):
        if len(content) > MAX_PDF_BYTES:
            raise PdfTooLarge(limit_mb=MAX_PDF_BYTES // (1024 * 1024))
        kind = PaperKind.MINUTES
    else:
        content, kind = plain_photo(content), PaperKind.PHOTO
    hold_plans(session, plan.community)
    present = papers_of(session, plan)
    if len(present) >= MOST_PAPERS:
        raise TooManyPapers(limit=MOST_PAPERS)
    sha256 = files.keep(content)
    for one in present:
        if one.sha256 == sha256:
            raise PaperThereAlready(name=one.name)
    paper = MeetingPaper(
        plan_id=plan.id,
        kind=kind,
        name=name.strip()[-120:],
        sha256=sha256,
        size_bytes=len(content),
        added_by=actor,
        added_at=at,
    )
    session.add(paper)
    session.flush()
    details = {"kind": kind, "sha256": sha256}
    ledger.append(
        session, actor, [ledger.Act("plan.paper_attached", f"plan:{plan.number}", details)], at
    )
    return paper
