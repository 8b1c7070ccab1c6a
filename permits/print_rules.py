"""What a community has agreed on for its printed permits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from zones.communities import Community, hold


class PrintRules(Base):
    """A community's own rules; one that has none names the compound on every permit."""

    __tablename__ = "print_rules"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    names_compound: Mapped[bool]


def names_compound(session: Session, community_id: int) -> bool:
    """Return whether a permit names its compound, so that a parked car tells where it lives."""
    rules = session.get(PrintRules, community_id)
    return rules is None or rules.names_compound


def change_print_rules(
    session: Session, community: Community, *, names_compound: bool, actor: str, at: datetime
) -> None:
    """Change what permits that are printed from now on show."""
    hold(session, community.id)
    session.merge(PrintRules(community_id=community.id, names_compound=names_compound))
    session.flush()
    details = {"names_compound": names_compound}
    act = ledger.Act("printing.rules_changed", f"community:{community.number}", details)
    ledger.append(session, actor, [act], at)
