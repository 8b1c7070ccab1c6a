"""The community's rule by which a plan is carried, which itself changes only by consent of all."""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from records import ledger
from records.database import Base
from records.errors import DomainError
from records.people import User
from zones.communities import Community, Compound, hold


class VotingRule(enum.StrEnum):
    """When a plan is carried."""

    ALL = "all"
    """Every compound consents."""

    MAJORITY_WITH_LOSERS = "majority_with_losers"
    """More than half of the compounds consent, among them each from which the plan takes."""


class RuleChangeState(enum.StrEnum):
    """Where a change of the rule stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_RULES = ", ".join(f"'{rule}'" for rule in VotingRule)
_STATES = ", ".join(f"'{state}'" for state in RuleChangeState)


class RuleChange(Base):
    """A change of the rule that the administrator suggests; it holds once every compound agrees.

    Whoever could change the rule alone could put any plan in force, so no rule of the majority
    ever decides over the rule itself.
    """

    __tablename__ = "rule_changes"
    __table_args__ = (
        CheckConstraint(f"rule IN ({_RULES})", name="rule_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        Index(
            "uq_rule_changes_open",
            "community_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    rule: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=RuleChangeState.OPEN)
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    community: Mapped[Community] = relationship()
    answers: Mapped[list[RuleAnswer]] = relationship(
        back_populates="change", order_by="RuleAnswer.id"
    )


class RuleAnswer(Base):
    """One compound's answer to a change of the rule."""

    __tablename__ = "rule_answers"
    __table_args__ = (UniqueConstraint("change_id", "compound_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("rule_changes.id"))
    compound_id: Mapped[int] = mapped_column(ForeignKey("compounds.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    consents: Mapped[bool]
    at: Mapped[datetime]

    change: Mapped[RuleChange] = relationship(back_populates="answers")
    compound: Mapped[Compound] = relationship(lazy="joined")


class RuleHoldsAlready(DomainError):
    """The suggested rule is the one that holds."""

    code: ClassVar[str] = "rule_holds_already"
    status: ClassVar[int] = 409


class RuleChangeDecided(DomainError):
    """The change of the rule is no longer open."""

    code: ClassVar[str] = "rule_change_decided"
    status: ClassVar[int] = 409


class NotARepresentative(DomainError):
    """Who votes is no active representative of the compound, or the term is over."""

    code: ClassVar[str] = "not_a_representative"
    status: ClassVar[int] = 403


def is_carried(
    rule: VotingRule, voters: Collection[int], needed: Collection[int], consenting: Collection[int]
) -> bool:
    """Return whether a plan is carried.

    Args:
        voters: ids of the community's compounds.
        needed: those whose consent the plan needs under any rule.
        consenting: those that consent.
    """
    yes = set(consenting) & set(voters)
    if rule is VotingRule.ALL:
        return yes == set(voters)
    return 2 * len(yes) > len(set(voters)) and yes >= set(needed)


def rule_of(session: Session, community_id: int) -> VotingRule:
    """Return the rule that holds: the one last agreed to, consent of all where none ever was."""
    found = session.scalar(
        select(RuleChange.rule)
        .where(
            RuleChange.community_id == community_id, RuleChange.state == RuleChangeState.ACCEPTED
        )
        .order_by(RuleChange.id.desc())
        .limit(1)
    )
    return VotingRule(found) if found else VotingRule.ALL


def open_change(session: Session, community_id: int) -> RuleChange | None:
    """Return the change of the rule that waits for answers."""
    return session.scalar(
        select(RuleChange).where(
            RuleChange.community_id == community_id, RuleChange.state == RuleChangeState.OPEN
        )
    )


def suggest_rule(
    session: Session, community: Community, rule: VotingRule, *, actor: str, at: datetime
) -> RuleChange:
    """Suggest another rule to all compounds; an older suggestion still open is withdrawn.

    Raises:
        RuleHoldsAlready: it is the rule that holds.
    """
    hold(session, community.id)
    if rule is rule_of(session, community.id):
        raise RuleHoldsAlready(rule=rule)
    acts = []
    older = open_change(session, community.id)
    if older is not None:
        older.state, older.decided_at = RuleChangeState.WITHDRAWN, at
        session.flush()
        acts.append(ledger.Act("rule.withdrawn", f"rule:{older.id}", {"rule": older.rule}))
    change = RuleChange(community=community, rule=rule, proposed_by=actor, proposed_at=at)
    session.add(change)
    session.flush()
    acts.append(ledger.Act("rule.suggested", f"rule:{change.id}", {"rule": rule}))
    ledger.append(session, actor, acts, at)
    return change


def answer_rule_change(
    session: Session, change: RuleChange, user: User, *, consents: bool, at: datetime
) -> None:
    """Enter a compound's answer: the first refusal ends the change, the last consent accepts it.

    Raises:
        RuleChangeDecided: it is no longer open.
        NotARepresentative: the user speaks for no compound of the community.
    """
    hold(session, change.community_id, change, *change.answers)
    session.expire(change.community, ["compounds"])
    if change.state != RuleChangeState.OPEN:
        raise RuleChangeDecided
    require_representative(user, user.compound_id, change.community, at)
    compound = session.get_one(Compound, user.compound_id)
    answer = next((one for one in change.answers if one.compound is compound), None)
    if answer is None:
        answer = RuleAnswer(compound=compound)
        change.answers.append(answer)
    answer.user_id, answer.consents, answer.at = user.id, consents, at
    session.flush()
    subject, facts = f"rule:{change.id}", {"rule": change.rule}
    details = {"letter": compound.letter, "consents": consents}
    acts = [ledger.Act("rule.answered", subject, details)]
    agreed = {one.compound_id for one in change.answers if one.consents}
    if not consents:
        change.state, change.decided_at = RuleChangeState.REFUSED, at
        acts.append(ledger.Act("rule.refused", subject, facts))
    elif agreed >= {one.id for one in change.community.compounds}:
        change.state, change.decided_at = RuleChangeState.ACCEPTED, at
        acts.append(ledger.Act("rule.accepted", subject, facts))
    session.flush()
    ledger.append(session, user.actor, acts, at)


def require_representative(
    user: User | None, compound_id: int | None, community: Community, at: datetime
) -> None:
    """Raise `NotARepresentative` unless the user speaks for this compound of the community."""
    own = user is not None and user.active and user.compound_id == compound_id
    own = own and user is not None and user.serves_on(community.local_day(at))
    if not own or compound_id not in {one.id for one in community.compounds}:
        raise NotARepresentative
