"""What a community has agreed on for its printed permits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from records import ledger
from records.database import Base
from zones.communities import Community, hold


class PrintRules(Base):
    """A community's own rules; one that has none names compound and own space on permits."""

    __tablename__ = "print_rules"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    names_compound: Mapped[bool]
    names_space: Mapped[bool]


def names_compound(session: Session, community_id: int) -> bool:
    """Return whether a permit names its compound, so that a parked car tells where it lives."""
    rules = session.get(PrintRules, community_id)
    return rules is None or rules.names_compound


def names_space(session: Session, community_id: int) -> bool:
    """Return whether a permit names the space that a car has of its own."""
    rules = session.get(PrintRules, community_id)
    return rules is None or rules.names_space


def change_print_rules(
    session: Session,
    community: Community,
    *,
    names_compound: bool,
    names_space: bool,
    actor: str,
    at: datetime,
) -> None:
    """Change what permits that are printed from now on show."""
    hold(session, community.id)
    session.merge(
        PrintRules(
            community_id=community.id, names_compound=names_compound, names_space=names_space
        )
    )
    session.flush()
    details = {"names_compound": names_compound, "names_space": names_space}
    act = ledger.Act("printing.rules_changed", f"community:{community.number}", details)
    ledger.append(session, actor, [act], at)
