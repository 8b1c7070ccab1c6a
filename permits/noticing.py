"""Printing the public notice: sign the head, draw the sheet, enter what was hung up."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from permits.limits import limits_of
from permits.notice import PublicNotice
from permits.printing.compound_notice import CompoundRules, print_compound_notice
from permits.printing.notice import print_notice
from permits.public_facts import PublicFacts
from records import ledger
from records.checkpoints import NoHeadKey
from records.file_store import FileStore
from zones.communities import Community, Compound


def rules_of_compound(session: Session, compound: Compound) -> CompoundRules:
    """Return what holds in a compound beside what holds for all."""
    limits = limits_of(session, compound)
    return CompoundRules(compound.letter, limits, compound.visits_per_month)


def draw_notice(
    facts: PublicFacts,
    *,
    fonts: Path,
    address: str,
    compound: CompoundRules | None = None,
) -> tuple[bytes, int]:
    """Return a notice's PDF and its number of pages; no transaction is needed meanwhile.

    Args:
        compound: the rules of the compound whose own notice it is; None for the community's.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "notice.pdf"
        if compound is None:
            pages = print_notice(facts, out=out, fonts=fonts, address=address)
        else:
            print_compound_notice(facts, compound, out=out, fonts=fonts, address=address)
            pages = 1
        return out.read_bytes(), pages


def enter_notice(
    session: Session,
    community: Community,
    facts: PublicFacts,
    content: bytes,
    pages: int,
    *,
    compound: Compound | None = None,
    files: FileStore,
    actor: str,
    at: datetime,
) -> PublicNotice:
    """Keep a notice's file, enter it in the ledger and return its record.

    The entry names the file's SHA-256 and the head printed on it, so it comes after that head.

    Raises:
        NoHeadKey: the notice has no signed head.
    """
    if facts.head is None:
        raise NoHeadKey
    notice = PublicNotice(
        community_id=community.id,
        head_number=facts.head.number,
        plan_number=facts.plan.number if facts.plan else None,
        compound_id=compound.id if compound else None,
        file_sha256=files.keep(content),
        pages=pages,
        created_by=actor,
        created_at=at,
    )
    session.add(notice)
    session.flush()
    details: dict[str, object] = {
        "head": notice.head_number,
        "plan": notice.plan_number,
        "sha256": notice.file_sha256,
    }
    if compound is not None:
        details["compound"] = compound.number
    act = ledger.Act("notice.printed", f"notice:{notice.id}", details)
    ledger.append(session, actor, [act], at)
    return notice


def notices_query(community: Community) -> Select[PublicNotice]:
    """Return a query for the community's notices, the newest first."""
    return (
        select(PublicNotice)
        .where(PublicNotice.community_id == community.id)
        .order_by(PublicNotice.id.desc())
    )
