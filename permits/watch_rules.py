"""The rules by which a community watches over its zones: look-backs, warnings, suspensions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from permits.infringement import InfringementKind
from records import ledger
from records.database import Base
from records.errors import DomainError
from zones.communities import Community, hold


class WatchRulesRow(Base):
    """A community's own rules; one that has none goes by `WatchRules`' defaults."""

    __tablename__ = "watch_rules"
    __table_args__ = (
        CheckConstraint("look_back_hours > 0 AND fire_lane_hours > 0", name="hours_positive"),
        CheckConstraint("1 < warning_at AND warning_at < suspension_at", name="steps_rise"),
        CheckConstraint("within_days > 0 AND suspension_days > 0", name="days_positive"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    look_back_hours: Mapped[int]
    fire_lane_hours: Mapped[int]
    warning_at: Mapped[int]
    suspension_at: Mapped[int]
    within_days: Mapped[int]
    suspension_days: Mapped[int]
    contest_pauses: Mapped[bool]


@dataclass(frozen=True)
class WatchRules:
    """What a community has agreed on.

    Attributes:
        look_back_hours, fire_lane_hours: how long after the answer the second visit is due.
        warning_at, suspension_at: at which confirmed report of one car the step is taken; the
            first brings a reminder, and the last only proposes a suspension.
        within_days: only reports of so many days in a row count together.
        suspension_days: what a suspension lasts unless staff say otherwise.
        contest_pauses: whether a contested suspension waits for the decision.
    """

    look_back_hours: int = 24
    fire_lane_hours: int = 1
    warning_at: int = 2
    suspension_at: int = 3
    within_days: int = 90
    suspension_days: int = 7
    contest_pauses: bool = False

    def look_back_after(self, kind: str) -> timedelta:
        """Return how long after its answer a report of a kind is looked back at."""
        is_urgent = kind == InfringementKind.FIRE_LANE
        return timedelta(hours=self.fire_lane_hours if is_urgent else self.look_back_hours)


class StepsDoNotRise(DomainError):
    """The steps of a ladder do not follow each other: reminder, warning, suspension."""

    code: ClassVar[str] = "steps_do_not_rise"


def rules_of(session: Session, community_id: int) -> WatchRules:
    """Return a community's rules."""
    row = session.get(WatchRulesRow, community_id)
    if row is None:
        return WatchRules()
    return WatchRules(**{name: getattr(row, name) for name in WatchRules.__dataclass_fields__})


def change_rules(
    session: Session, community: Community, rules: WatchRules, *, actor: str, at: datetime
) -> None:
    """Change a community's rules, for what happens from now on.

    Raises:
        StepsDoNotRise: a step would be taken before the one below it.
    """
    if not 1 < rules.warning_at < rules.suspension_at:
        raise StepsDoNotRise
    hold(session, community.id)
    session.merge(WatchRulesRow(community_id=community.id, **asdict(rules)))
    session.flush()
    act = ledger.Act("watch.rules_changed", f"community:{community.number}", asdict(rules))
    ledger.append(session, actor, [act], at)
